import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../backend/backend.tsx'
import { toFailure } from '../../backend/failure.ts'
import { keys } from '../../backend/queries.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { TextField } from '../../ui/field.tsx'

/** The phrase of earlier backups, typed. */
export function TypePhrase({ onCancel }: { onCancel?: () => void }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const [phrase, setPhrase] = useState('')
  const unlock = useMutation({
    mutationFn: () => client.backup.unlock({ phrase }),
    onSuccess: async () => {
      setPhrase('')
      await cache.invalidateQueries({ queryKey: keys.backups })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (phrase.trim() !== '' && !unlock.isPending) unlock.mutate()
  }
  return (
    <form onSubmit={submit} className="space-y-4">
      <TextField
        type="password"
        label={t('settings.backups.phrase.type')}
        help={t('settings.backups.phrase.typeHelp')}
        autoComplete="off"
        spellCheck={false}
        maxLength={2_000}
        value={phrase}
        onChange={({ target }) => setPhrase(target.value)}
      />
      {unlock.error && <FailureNote failure={toFailure(unlock.error)} />}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={phrase.trim() === '' || unlock.isPending}>
          {t('settings.backups.phrase.use')}
        </Button>
        {onCancel && (
          <Button look="quiet" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        )}
      </div>
    </form>
  )
}
