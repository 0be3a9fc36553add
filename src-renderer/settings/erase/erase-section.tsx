import { useMutation } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ERASE_WORD } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { useBackupStatus } from '../../backend/backup-queries.ts'
import { useReloadAfterRestart } from '../../backend/core-restart.ts'
import { toFailure } from '../../backend/failure.ts'
import { useAppInfo } from '../../backend/queries.ts'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/choice.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { TextField } from '../../ui/field.tsx'
import { Part, Section } from '../section.tsx'
import { rememberErasure } from './last-erasure.ts'

const GOES = ['memory', 'files', 'derived', 'keys', 'settings'] as const
const STAYS = ['copies', 'otherBackups', 'providers', 'environment'] as const

/** Everything goes, once the word has been typed: what that is, and what it cannot reach. */
export function EraseSection() {
  const { t } = useTranslation()
  const client = useClient()
  const info = useAppInfo().data
  const backups = useBackupStatus().data
  const [word, setWord] = useState('')
  const [withBackups, setWithBackups] = useState(false)
  const restart = useReloadAfterRestart()
  const erase = useMutation({
    mutationFn: () => client.backup.deleteEverything({ confirmation: ERASE_WORD, backups: withBackups }),
    onSuccess(result) {
      rememberErasure(result)
      restart.begin()
    },
  })
  const isErasing = erase.isPending || restart.isRestarting
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (word === ERASE_WORD && !isErasing) erase.mutate()
  }
  return (
    <Section title={t('settings.erase.title')} about={t('settings.erase.about')}>
      <Part title={t('settings.erase.goes')}>
        <ul className="list-disc space-y-1 pl-5 text-ui">
          {GOES.map((name) => (
            <li key={name}>{t(`settings.erase.what.${name}`)}</li>
          ))}
        </ul>
        {info && (
          <p className="select-all rounded-lg border border-line bg-sunken px-3 py-2 font-mono text-meta [overflow-wrap:anywhere]">
            {info.dataDir}
          </p>
        )}
      </Part>
      <Part title={t('settings.erase.stays')}>
        <ul className="list-disc space-y-1 pl-5 text-ink-soft text-ui">
          {STAYS.map((name) => (
            <li key={name}>{t(`settings.erase.left.${name}`)}</li>
          ))}
        </ul>
      </Part>
      <Part title={t('settings.erase.do')}>
        <form onSubmit={submit} className="space-y-5">
          {backups?.setUp && (
            <Switch
              label={t('settings.erase.backups')}
              help={t('settings.erase.backupsHelp', {
                places: backups.places.map(({ label }) => label).join(', '),
              })}
              checked={withBackups}
              onChecked={setWithBackups}
            />
          )}
          <TextField
            className="max-w-80"
            label={t('settings.erase.type', { word: ERASE_WORD })}
            help={t('settings.erase.typeHelp')}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={20}
            value={word}
            onChange={({ target }) => setWord(target.value)}
          />
          {erase.error && <FailureNote failure={toFailure(erase.error)} />}
          <Button look="danger" type="submit" disabled={word !== ERASE_WORD || isErasing}>
            <Trash2 />
            {t(isErasing ? 'settings.erase.doing' : 'settings.erase.title')}
          </Button>
        </form>
      </Part>
    </Section>
  )
}
