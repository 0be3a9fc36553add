import { KeyRound, PackageCheck, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupStatus } from '../../../src-core/contract/index.ts'
import { useBackupPhrase } from '../../backend/backup-queries.ts'
import { Button } from '../../ui/button.tsx'
import { Part } from '../section.tsx'
import { NewPhrase } from './new-phrase.tsx'
import { TypePhrase } from './type-phrase.tsx'

const PROMISES = [
  { name: 'locked', Sign: KeyRound },
  { name: 'proven', Sign: PackageCheck },
  { name: 'back', Sign: RotateCcw },
] as const

/** Before there is a phrase: what backups will do, and the two ways to begin. */
export function SetUp({ keyStorage }: Pick<BackupStatus, 'keyStorage'>) {
  const { t } = useTranslation()
  const use = useBackupPhrase()
  const [way, setWay] = useState<'none' | 'new' | 'known'>('none')
  if (way === 'new')
    return (
      <Part title={t('settings.backups.phrase.title')}>
        <NewPhrase use={use} keyStorage={keyStorage} onCancel={() => setWay('none')} />
      </Part>
    )
  if (way === 'known')
    return (
      <Part title={t('settings.backups.phrase.known')}>
        <TypePhrase onCancel={() => setWay('none')} />
      </Part>
    )
  return (
    <Part title={t('settings.backups.none')}>
      <ul className="grid gap-x-8 gap-y-5 sm:grid-cols-3">
        {PROMISES.map(({ name, Sign }) => (
          <li key={name}>
            <Sign aria-hidden className="size-5 text-accent" />
            <h4 className="mt-2 font-medium text-ui">{t(`settings.backups.promise.${name}`)}</h4>
            <p className="mt-0.5 text-ink-soft text-meta leading-relaxed">
              {t(`settings.backups.promise.${name}More`)}
            </p>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={() => setWay('new')}>
          {t('settings.backups.begin')}
        </Button>
        <Button look="quiet" onClick={() => setWay('known')}>
          {t('settings.backups.beginKnown')}
        </Button>
      </div>
    </Part>
  )
}
