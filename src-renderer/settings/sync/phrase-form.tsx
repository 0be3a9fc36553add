import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { TextField } from '../../ui/field.tsx'
import { useSyncWork } from './sync-queries.ts'

/** The recovery phrase, typed. */
export function PhraseForm({
  work,
  onCancel,
}: {
  work(client: Client, phrase: string): Promise<unknown>
  onCancel(): void
}) {
  const { t } = useTranslation()
  const [phrase, setPhrase] = useState('')
  const join = useSyncWork((client) => work(client, phrase))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (phrase.trim() !== '' && !join.isPending) join.mutate()
  }
  return (
    <form onSubmit={submit} className="space-y-4">
      <TextField
        autoFocus
        type="password"
        label={t('settings.backups.phrase.type')}
        help={t('settings.backups.phrase.typeHelp')}
        autoComplete="off"
        spellCheck={false}
        maxLength={2_000}
        value={phrase}
        onChange={({ target }) => setPhrase(target.value)}
      />
      {join.error && <FailureNote failure={toFailure(join.error)} />}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={phrase.trim() === '' || join.isPending}>
          {t(join.isPending ? 'settings.sync.join.working' : 'settings.sync.join.join')}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  )
}
