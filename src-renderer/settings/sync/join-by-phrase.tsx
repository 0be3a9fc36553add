import { useTranslation } from 'react-i18next'
import type { Client } from '../../../src-core/contract/index.ts'
import { PhraseForm } from '../phrase-form.tsx'
import { useSyncWork } from './sync-queries.ts'

/** Begins or joins a vault with the recovery phrase. */
export function JoinByPhrase({
  work,
  onCancel,
}: {
  work(client: Client, phrase: string): Promise<unknown>
  onCancel(): void
}) {
  const { t } = useTranslation()
  const join = useSyncWork(work)
  return (
    <PhraseForm
      autoFocus
      label={t(join.isPending ? 'settings.sync.join.working' : 'settings.sync.join.join')}
      error={join.error}
      isWorking={join.isPending}
      onPhrase={join.mutateAsync}
      onCancel={onCancel}
    />
  )
}
