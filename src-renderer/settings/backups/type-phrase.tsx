import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../backend/backend.tsx'
import { keys } from '../../backend/queries.ts'
import { PhraseForm } from '../phrase-form.tsx'

/** The phrase of earlier backups, typed. */
export function TypePhrase({ onCancel }: { onCancel?: () => void }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const unlock = useMutation({
    mutationFn: (phrase: string) => client.backup.unlock({ phrase }),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.backups }),
  })
  return (
    <PhraseForm
      label={t('settings.backups.phrase.use')}
      error={unlock.error}
      isWorking={unlock.isPending}
      onPhrase={unlock.mutateAsync}
      onCancel={onCancel}
    />
  )
}
