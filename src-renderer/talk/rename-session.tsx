import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Session } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useTellFailure } from '../library/history.ts'
import { RenameField } from '../ui/rename-field.tsx'

/** A session's title, to be typed in its place; an empty title goes back to how the session began. */
export function RenameSession({ session, onEnd, className }: { session: Session; onEnd(): void; className?: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const rename = useMutation({
    mutationFn: (title: string) => client.sessions.rename({ id: session.id, title: title || null }),
    onError: tellFailure,
  })
  return (
    <RenameField
      label={t('talk.sessionTitle')}
      name={session.title ?? ''}
      placeholder={session.preview || t('talk.untitled')}
      maxLength={200}
      onSave={rename.mutate}
      onEnd={onEnd}
      className={className}
    />
  )
}
