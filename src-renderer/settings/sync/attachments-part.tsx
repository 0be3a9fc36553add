import { CloudDownload, LoaderCircle, WifiOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type {
  AttachmentKind,
  AttachmentPolicy,
  AttachmentStatus,
  UnmeteredOnly,
} from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { useFormats } from '../../i18n/format.ts'
import { Choice } from '../../ui/choice.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Part } from '../section.tsx'
import { useAttachmentStatus, useSyncWork } from './sync-queries.ts'

const KINDS = ['recordings', 'pictures', 'documents', 'frames'] as const
const POLICIES = ['always', 'on-demand', 'never'] as const
const ONLY = ['nothing', 'attachments', 'everything'] as const

type OfKind = NonNullable<AttachmentStatus['state']>['kinds'][number]

/** Which recordings, pictures and files travel, how much of them is where, and on which networks. */
export function AttachmentsPart() {
  const { t } = useTranslation()
  const { data: status, error } = useAttachmentStatus()
  const choose = useSyncWork(({ attachments }, policies: Partial<Record<AttachmentKind, AttachmentPolicy>>) =>
    attachments.choose({ policies }),
  )
  const restrict = useSyncWork(({ attachments }, unmeteredOnly: UnmeteredOnly) => attachments.choose({ unmeteredOnly }))
  if (error) return <FailureNote failure={toFailure(error)} />
  if (!status) return <Waiting />
  const { state, policies, unmeteredOnly, metered } = status
  const failed = choose.error ?? restrict.error
  return (
    <Part title={t('settings.sync.files.title')}>
      <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.sync.files.about')}</p>
      <Moving status={status} />
      {state?.problem && <FailureNote failure={{ ...state.problem, message: '', advice: '' }} />}
      {failed && <FailureNote failure={toFailure(failed)} />}
      <ul className="divide-y divide-line">
        {KINDS.map((kind) => {
          const amounts = state?.kinds.find((one) => one.kind === kind)
          return (
            <li
              key={kind}
              className="flex flex-col items-start gap-2 py-3 sm:flex-row sm:items-center sm:justify-between sm:gap-6"
            >
              <div className="min-w-0">
                <p className="font-medium text-ui">{t(`settings.sync.files.kind.${kind}`)}</p>
                {amounts && <Amounts amounts={amounts} />}
              </div>
              <Choice<AttachmentPolicy>
                label={t(`settings.sync.files.kind.${kind}`)}
                options={POLICIES.map((value) => ({ value, label: t(`settings.sync.files.policy.${value}`) }))}
                value={policies[kind]}
                onValue={(policy) => choose.mutate({ [kind]: policy })}
              />
            </li>
          )
        })}
      </ul>
      <p className="max-w-[60ch] text-ink-quiet text-meta">{t('settings.sync.files.policyHelp')}</p>
      <RadioList<UnmeteredOnly>
        label={t('settings.sync.files.only.title')}
        options={ONLY.map((value) => ({
          value,
          label: t(`settings.sync.files.only.${value}`),
          detail: t(`settings.sync.files.only.${value}More`),
        }))}
        value={unmeteredOnly}
        onValue={(value) => restrict.mutate(value)}
      />
      <p role="status" className="max-w-[60ch] text-ink-quiet text-meta">
        {t(`settings.sync.files.network.${metered === null ? 'unknown' : metered ? 'metered' : 'free'}`)}
      </p>
    </Part>
  )
}

/** What moves just now, or why it waits. */
function Moving({ status: { state, held } }: { status: AttachmentStatus }) {
  const { t } = useTranslation()
  const { bytes } = useFormats()
  const all = state?.kinds ?? []
  const toSend = sum(all.map((one) => one.toSend))
  const toFetch = sum(all.map((one) => one.toFetch))
  if (toSend.items + toFetch.items === 0 && !state?.moving) return null
  const waits = [
    toSend.items > 0 && t('settings.sync.files.toSend', { count: toSend.items, size: bytes(toSend.bytes) }),
    toFetch.items > 0 && t('settings.sync.files.toFetch', { count: toFetch.items, size: bytes(toFetch.bytes) }),
  ].filter(Boolean)
  const moving = state?.moving ?? null
  const label = moving
    ? t(`settings.sync.files.moving.${moving.way}`, { done: bytes(moving.done), total: bytes(moving.total) })
    : ''
  return (
    <div role="status" className="flex items-start gap-3">
      <span className={held ? 'mt-0.5 text-ink-quiet' : 'mt-0.5 text-accent'}>
        {held ? (
          <WifiOff aria-hidden className="size-5" />
        ) : moving ? (
          <LoaderCircle aria-hidden className="size-5 animate-spin" />
        ) : (
          <CloudDownload aria-hidden className="size-5" />
        )}
      </span>
      <div className="min-w-0 space-y-1.5">
        {held && <p className="font-medium text-ui">{t('settings.sync.files.held')}</p>}
        <p className="figures text-ink-soft text-ui">{waits.join(' · ')}</p>
        {moving && !held && (
          <div className="w-64 max-w-full space-y-1.5">
            <p className="figures text-ink-quiet text-meta">{label}</p>
            <ProgressBar label={label} share={moving.total > 0 ? moving.done / moving.total : null} />
          </div>
        )}
      </div>
    </div>
  )
}

function Amounts({ amounts: { here, elsewhere } }: { amounts: OfKind }) {
  const { t } = useTranslation()
  const { bytes } = useFormats()
  const parts = [t('settings.sync.files.here', { count: here.items, size: bytes(here.bytes) })]
  if (elsewhere.items > 0)
    parts.push(t('settings.sync.files.elsewhere', { count: elsewhere.items, size: bytes(elsewhere.bytes) }))
  return <p className="figures text-ink-quiet text-meta">{parts.join(' · ')}</p>
}

function sum(amounts: readonly { items: number; bytes: number }[]) {
  return {
    items: amounts.reduce((all, { items }) => all + items, 0),
    bytes: amounts.reduce((all, { bytes }) => all + bytes, 0),
  }
}
