import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Session } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useTellFailure } from '../library/history.ts'

/** A session's title, to be typed in its place. Leaving it saves; Escape does not; an empty title goes back to how the session began. */
export function RenameSession({ session, onEnd, className }: { session: Session; onEnd(): void; className?: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const over = useRef(false)
  const rename = useMutation({
    mutationFn: (title: string | null) => client.sessions.rename({ id: session.id, title }),
    onError: tellFailure,
  })
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (over.current) return
    over.current = true
    const title = String(new FormData(event.currentTarget).get('title') ?? '').trim() || null
    if (title !== session.title) rename.mutate(title)
    onEnd()
  }
  return (
    <form onSubmit={save} className={className}>
      <input
        name="title"
        // biome-ignore lint/a11y/noAutofocus: the learner just asked to type here
        autoFocus
        aria-label={t('talk.sessionTitle')}
        defaultValue={session.title ?? ''}
        placeholder={session.preview || t('talk.untitled')}
        maxLength={200}
        onBlur={(event) => event.currentTarget.form?.requestSubmit()}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          over.current = true
          onEnd()
        }}
        className="h-10 w-full rounded-lg border border-accent bg-surface px-2.5 font-medium text-ui outline-none"
      />
    </form>
  )
}
