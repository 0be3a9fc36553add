import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RetentionForecast, Settings } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { toFailure } from '../../backend/failure.ts'
import { keys } from '../../backend/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { SelectField } from '../../ui/field.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Facts, Part } from '../section.tsx'

type Kind = RetentionForecast['kinds'][number]

const SETTING = {
  timeline: 'timelineDays',
  recordings: 'recordingDays',
  longRecordings: 'longRecordingDays',
  pictures: 'pictureDays',
} as const
const DAYS = [1, 7, 14, 30, 90, 365] as const
/** Lectures are heard again in the weeks after, if at all. */
const LONG_RECORDING_DAYS = [30, 90, 365] as const
const MB = [200, 1_000, 2_000, 5_000, 20_000] as const
const FOR_EVER = ''

/** How long each kind is kept, and what it comes to at the present pace. */
export function RetentionPart({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const { bytes } = useFormats()
  const client = useClient()
  const cache = useQueryClient()
  const forecast = useQuery({
    queryKey: [
      ...keys.retention,
      settings.timelineDays,
      settings.timelineMb,
      settings.recordingDays,
      settings.longRecordingDays,
      settings.pictureDays,
    ],
    queryFn: ({ signal }) => client.retention.forecast(undefined, { signal }),
  })
  const choose = useMutation({
    mutationFn: async (patch: Partial<Settings>) => {
      cache.setQueryData(keys.settings, await client.settings.set(patch))
      await client.retention.tidy()
    },
    async onSuccess() {
      // A forecast that was asked for under the new choice may have counted what was just going; one without an answer yet is not asked anew.
      await cache.cancelQueries({ queryKey: keys.retention })
      await cache.invalidateQueries({ queryKey: keys.retention })
    },
  })
  /** A choice that would let something go, and what. */
  const [asked, setAsked] = useState<{ patch: Partial<Settings>; items: number; bytes: number } | null>(null)
  const look = useMutation({
    mutationFn: (patch: Partial<Settings>) => client.retention.wouldGo(patch),
    onSuccess: (gone, patch) => (gone.items > 0 ? setAsked({ patch, ...gone }) : choose.mutate(patch)),
  })
  const failure = choose.error ?? look.error
  if (forecast.error) return <FailureNote failure={toFailure(forecast.error)} />
  if (!forecast.data) return <Waiting />
  return (
    <Part title={t('settings.screen.retention')}>
      <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.screen.retentionAbout')}</p>
      {failure && <FailureNote failure={toFailure(failure)} />}
      {forecast.data.kinds.map((kind) => (
        <KindRow
          key={kind.kind}
          kind={kind}
          onDays={(days) => look.mutate({ [SETTING[kind.kind]]: days })}
          onMb={(timelineMb) => look.mutate({ timelineMb })}
        />
      ))}
      <Facts facts={[[t('settings.data.free'), bytes(forecast.data.free)]]} />
      <Confirm
        open={asked !== null}
        onClose={() => setAsked(null)}
        title={t('settings.screen.wouldGo', { count: asked?.items ?? 0, size: bytes(asked?.bytes ?? 0) })}
        description={t('settings.screen.wouldGoMore')}
        yes={t('settings.screen.letGo')}
        onYes={() => asked && choose.mutate(asked.patch)}
      />
    </Part>
  )
}

function KindRow({
  kind: { kind, items, bytes: size, bytesADay, expectedBytes, days, mb },
  onDays,
  onMb,
}: {
  kind: Kind
  onDays(days: number | null): void
  onMb(mb: number): void
}) {
  const { t } = useTranslation()
  const { bytes, number } = useFormats()
  const usual: readonly number[] = kind === 'longRecordings' ? LONG_RECORDING_DAYS : DAYS
  const choices = days === null || usual.includes(days) ? usual : [...usual, days].sort((a, b) => a - b)
  const sizes = mb === null || MB.some((known) => known === mb) ? [...MB] : [...MB, mb].sort((a, b) => a - b)
  return (
    <div className="rounded-xl border border-line p-4">
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        <SelectField
          label={t(`settings.screen.kind.${kind}`)}
          value={days === null ? FOR_EVER : String(days)}
          onValue={(value) => onDays(value === FOR_EVER ? null : Number(value))}
          options={[
            ...choices.map((each) => ({ value: String(each), label: t('settings.screen.days', { count: each }) })),
            ...(kind === 'timeline' ? [] : [{ value: FOR_EVER, label: t('settings.screen.forEver') }]),
          ]}
        />
        {mb !== null && (
          <SelectField
            label={t('settings.screen.most')}
            value={String(mb)}
            onValue={(value) => onMb(Number(value))}
            options={sizes.map((each) => ({ value: String(each), label: bytes(each * 2 ** 20) }))}
          />
        )}
      </div>
      <p className="figures mt-3 text-ink-soft text-meta">
        {items === 0
          ? t('settings.screen.none')
          : t('settings.screen.forecast', {
              count: items,
              shown: number(items),
              size: bytes(size),
              pace: bytes(bytesADay),
              expected: bytes(expectedBytes),
            })}{' '}
        {items > 0 && (days === null ? t('settings.screen.inAYear') : t('settings.screen.steady'))}
      </p>
    </div>
  )
}
