import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupStatus } from '../../../src-core/contract/index.ts'
import { useBackupPhrase } from '../../backend/backup-queries.ts'
import { Button } from '../../ui/button.tsx'
import { Part } from '../section.tsx'
import { NewPhrase } from './new-phrase.tsx'

/** Where the key is, and the way to another phrase. */
export function PhrasePart({ status }: { status: BackupStatus }) {
  const { t } = useTranslation()
  const use = useBackupPhrase()
  const [isMaking, setMaking] = useState(false)
  return (
    <Part title={t('settings.backups.phrase.title')}>
      {isMaking ? (
        <NewPhrase use={use} keyStorage={status.keyStorage} onCancel={() => setMaking(false)} />
      ) : (
        <>
          <p className="max-w-[60ch] text-ink-soft text-ui">
            {t(`settings.backups.phrase.keptIn.${status.keyStorage}`)} {t('settings.backups.phrase.replaceHelp')}
          </p>
          <Button onClick={() => setMaking(true)}>{t('settings.backups.phrase.replace')}</Button>
        </>
      )}
    </Part>
  )
}
