import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CloudDownload, FileX } from 'lucide-react'
import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { attachmentArrived } from '../backend/live-updates.ts'
import { keys } from '../backend/queries.ts'
import { useStore } from '../backend/store.ts'
import { useFailureWords } from '../i18n/failure-words.ts'
import { useFormats } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { ProgressBar } from '../ui/progress.tsx'
import { type Fetching, fetches } from './fetches.ts'

/** Stands where a recording, picture or file would be whose bytes are not on this device: its size, and the way to it. */
export function MissingAttachment({
  sha256,
  gone,
  isOpened = false,
  onHere,
  className,
}: {
  sha256: string
  /** What is said where nothing here knows of it. */
  gone: string
  /** The learner has opened it: where the relay has it, it is fetched at once. */
  isOpened?: boolean
  onHere?: () => void
  className?: string
}) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const words = useFailureWords()
  const { bytes } = useFormats()
  const standing = useQuery({
    queryKey: keys.attachment(sha256),
    queryFn: ({ signal }) => client.attachments.get({ sha256 }, { signal }),
  })
  const now = useStore(fetches, (all) => all.of(sha256))
  const frame = cx(
    'flex w-fit max-w-full flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line border-dashed px-3 py-2 text-ink-soft text-meta',
    className,
  )
  const begin = useCallback(
    () => void fetches.begin(client, sha256, () => attachmentArrived(cache, sha256)),
    [client, cache, sha256],
  )
  const found = standing.data?.state
  useEffect(() => {
    if (found === 'here') onHere?.()
    if (found === 'at-relay' && isOpened) begin()
  }, [found, isOpened, onHere, begin])
  if (standing.error) return <p className={frame}>{words(toFailure(standing.error)).what}</p>
  if (!standing.data || standing.data.state === 'here') return null
  const { state, bytes: size } = standing.data
  if (state === 'unknown') {
    return (
      <p className={frame}>
        <FileX aria-hidden className="size-4 shrink-0" />
        {gone}
      </p>
    )
  }
  if (now && now.state !== 'failed')
    return <Coming now={now} className={frame} onCancel={() => fetches.cancel(sha256)} />
  const failure = now?.state === 'failed' ? words(now.failure) : undefined
  const where = t(state === 'expected' ? 'attachments.notSentYet' : 'attachments.elsewhere')
  return (
    <div className={frame}>
      <CloudDownload aria-hidden className="size-4 shrink-0" />
      <p role={failure ? 'alert' : undefined} className="min-w-0">
        {failure ? `${failure.what} ${failure.next}` : size === null ? where : `${where} · ${bytes(size)}`}
      </p>
      <Button size="small" onClick={begin}>
        {t(failure ? 'common.tryAgain' : 'attachments.fetch')}
      </Button>
    </div>
  )
}

function Coming({
  now,
  className,
  onCancel,
}: {
  now: Exclude<Fetching, { state: 'failed' }>
  className: string
  onCancel(): void
}) {
  const { t } = useTranslation()
  const { bytes } = useFormats()
  const text =
    now.state === 'asked'
      ? t('attachments.asked', {
          devices: now.devices.map(({ name }) => name ?? t('settings.sync.devices.unnamed')).join(', '),
        })
      : now.state === 'coming'
        ? t('attachments.coming', { done: bytes(now.done), total: bytes(now.total) })
        : t('attachments.begun')
  return (
    <div className={className}>
      <div className="w-56 max-w-full space-y-1.5">
        <p role="status" className="figures">
          {text}
        </p>
        <ProgressBar label={text} share={now.state === 'coming' && now.total > 0 ? now.done / now.total : null} />
      </div>
      <Button size="small" look="quiet" onClick={onCancel}>
        {t('common.cancel')}
      </Button>
    </div>
  )
}
