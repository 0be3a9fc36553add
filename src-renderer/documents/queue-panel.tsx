import { useMutation } from '@tanstack/react-query'
import { Pause, Play, RotateCcw, Trash2, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import type { Failure } from '../backend/failure.ts'
import { useStore } from '../backend/store.ts'
import { useFailureWords } from '../i18n/failure-words.ts'
import { useFormats } from '../i18n/format.ts'
import { useDeletion, useTellFailure } from '../library/history.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { TWO_PANES, useMedia } from '../ui/media.ts'
import { ProgressBar } from '../ui/progress.tsx'
import { useAdding } from './adding.tsx'
import { failureOf } from './document-failure.ts'
import { PasswordField } from './password-field.tsx'
import { MOST_LISTED, useDocumentQueue, useUnfinished } from './queries.ts'
import { leftToDo, NO_RUN, notListedYet, runLater, shareOfRun } from './queue-run.ts'
import type { Upload } from './uploads.ts'
import { useDocumentWords } from './words.ts'

/** What is on its way to being found, how far it is, and what went wrong with whom. Nothing is shown when nothing is. */
export function QueuePanel() {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { uploads } = useAdding()
  const { sent, refused, pending, failed, isPaused, said, share } = useQueue()
  const unfinished = useUnfinished().data ?? []
  if (pending + failed === 0) return null
  const listed = notListedYet(sent, unfinished).slice(0, MOST_LISTED)
  const more = pending + failed - listed.length - unfinished.length
  return (
    <section aria-label={t('documents.queue.title')} className="shrink-0 border-line border-b bg-sunken px-3 pt-2 pb-1">
      <div className="flex min-h-9 flex-wrap items-center gap-x-1">
        <p role="status" className="figures min-w-0 grow basis-40 font-medium text-ui">
          {said}
        </p>
        {pending > 0 && <PauseAndCancel isPaused={isPaused} />}
        {refused > 1 && (
          <Button size="small" look="quiet" className="ml-auto" onClick={() => uploads.dismissFailed()}>
            {t('documents.queue.dismiss', { count: refused, shown: number(refused) })}
          </Button>
        )}
      </div>
      {pending > 0 && <ProgressBar label={t('documents.queue.title')} share={share} />}
      <ul className="mt-1 max-h-64 overflow-y-auto">
        {listed.map((upload) => (
          <UploadLine key={upload.key} upload={upload} />
        ))}
        {unfinished.map((document) => (
          <DocumentLine key={document.id} document={document} />
        ))}
        {more > 0 && (
          <li className="py-1.5 text-ink-quiet text-meta">
            {t('documents.queue.more', { count: more, shown: number(more) })}
          </li>
        )}
      </ul>
    </section>
  )
}

/** The same in one line, above a document that fills a narrow window: only while something is on its way. */
export function QueueLine() {
  const { t } = useTranslation()
  const hasPanel = useMedia(TWO_PANES)
  const { pending, said, share } = useQueue()
  if (hasPanel || pending === 0) return null
  return (
    <div className="w-full shrink-0 space-y-1 px-6 pb-2">
      <p role="status" className="figures text-ink-soft text-meta">
        {said}
      </p>
      <ProgressBar label={t('documents.queue.title')} share={share} />
    </div>
  )
}

function useQueue() {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { uploads } = useAdding()
  const sent = useStore(uploads, ({ present }) => present)
  const queue = useDocumentQueue()
  const isPaused = queue?.paused ?? false
  const inCore = queue?.pending ?? 0
  const inPhase = (phase: Upload['phase']) => sent.filter((upload) => upload.phase === phase).length
  const pending = leftToDo(inCore, { waiting: inPhase('waiting'), sending: inPhase('sending') })
  const refused = inPhase('failed')
  const failed = (queue?.failed ?? 0) + refused
  const share = useShareOfRun(inCore, pending)
  return {
    sent,
    /** Files that never became documents. */
    refused,
    pending,
    failed,
    isPaused,
    /** How many are left, or could not be read, in words. */
    said:
      pending > 0
        ? t(isPaused ? 'documents.queue.paused' : 'documents.queue.pending', { count: pending, shown: number(pending) })
        : t('documents.queue.failed', { count: failed, shown: number(failed) }),
    /** Null while nobody knows. */
    share: isPaused ? share : share || null,
  }
}

function useShareOfRun(inCore: number, left: number): number {
  const before = useRef(NO_RUN)
  const run = runLater(before.current, inCore, left)
  useEffect(() => {
    before.current = run
  })
  return shareOfRun(run, left)
}

function PauseAndCancel({ isPaused }: { isPaused: boolean }) {
  const { t } = useTranslation()
  const client = useClient()
  const { uploads } = useAdding()
  const tellFailure = useTellFailure()
  const pause = useMutation({
    mutationFn: () => (isPaused ? client.documents.resume() : client.documents.pause()),
    onError: tellFailure,
  })
  const cancel = useMutation({
    mutationFn: async () => {
      uploads.cancelAll()
      // What is cancelled leaves the list that is asked for.
      for (;;) {
        const { items } = await client.documents.list({ states: ['waiting', 'reading'], limit: 200 })
        if (items.length === 0) return
        await client.documents.cancel({ ids: items.map(({ id }) => id) })
      }
    },
    onError: tellFailure,
  })
  return (
    <>
      <Button size="small" look="quiet" disabled={pause.isPending} onClick={() => pause.mutate()}>
        {isPaused ? <Play /> : <Pause />}
        {isPaused ? t('documents.queue.resume') : t('documents.queue.pause')}
      </Button>
      <Button size="small" look="quiet" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
        <X />
        {t('documents.queue.cancelAll')}
      </Button>
    </>
  )
}

function UploadLine({ upload }: { upload: Upload }) {
  const { t } = useTranslation()
  const { bytes } = useFormats()
  const { uploads } = useAdding()
  return (
    <Line
      name={upload.name}
      state={upload.phase === 'failed' ? null : `${t(`documents.upload.${upload.phase}`)} · ${bytes(upload.bytes)}`}
      failure={upload.failure}
    >
      {upload.phase === 'failed' && (
        <IconButton
          size="small"
          label={t('documents.retry', { name: upload.name })}
          onClick={() => uploads.retry(upload.key)}
        >
          <RotateCcw />
        </IconButton>
      )}
      <IconButton
        size="small"
        label={t('documents.cancel', { name: upload.name })}
        onClick={() => uploads.cancel(upload.key)}
      >
        <X />
      </IconButton>
    </Line>
  )
}

function DocumentLine({ document }: { document: LearnerDocument }) {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const deletion = useDeletion()
  const { title, share } = useDocumentWords()
  const { percent } = useFormats()
  const name = title(document)
  const retry = useMutation({ mutationFn: () => client.documents.retry({ ids: [document.id] }), onError: tellFailure })
  const cancel = useMutation({
    mutationFn: () => client.documents.cancel({ ids: [document.id] }),
    onError: tellFailure,
  })
  const done = document.state === 'reading' ? share(document) : null
  if (document.state === 'failed') {
    return (
      <Line name={name} state={null} failure={failureOf(document)} more={<PasswordField document={document} />}>
        <IconButton
          size="small"
          label={t('documents.retry', { name })}
          disabled={retry.isPending}
          onClick={() => retry.mutate()}
        >
          <RotateCcw />
        </IconButton>
        <IconButton
          size="small"
          label={t('documents.delete', { name })}
          onClick={() => deletion.documents([document.id])}
        >
          <Trash2 />
        </IconButton>
      </Line>
    )
  }
  return (
    <Line
      name={name}
      state={[t(`documents.state.${document.state}`), done === null ? null : percent(done)].filter(Boolean).join(' · ')}
      failure={null}
    >
      <IconButton
        size="small"
        label={t('documents.cancel', { name })}
        disabled={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        <X />
      </IconButton>
    </Line>
  )
}

function Line({
  name,
  state,
  failure,
  more,
  children,
}: {
  name: string
  state: string | null
  failure: Failure | null
  more?: ReactNode
  children: ReactNode
}) {
  const words = useFailureWords()
  const { what, next } = failure ? words(failure) : { what: '', next: '' }
  return (
    <li className="flex items-start gap-1 py-1">
      <div className="min-w-0 flex-1 py-1">
        <p className="truncate text-ui" dir="auto" title={name}>
          {name}
        </p>
        {state && <p className="figures text-ink-quiet text-meta">{state}</p>}
        {failure && (
          <>
            <p className="text-danger text-meta">{what}</p>
            <p className="text-ink-soft text-meta">{next}</p>
          </>
        )}
        {more}
      </div>
      {children}
    </li>
  )
}
