import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Circle, Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { keys, useCaptureList } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { useTellFailure } from '../library/history.ts'
import { PictureDialog } from '../pictures/picture-dialog.tsx'
import { canShowScreen } from '../screen/take-still.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { ForgetMenu } from './forget-menu.tsx'
import { FrameTile } from './frame-tile.tsx'
import { useStudy, useTimelineState } from './study.tsx'
import { timelineDays } from './timeline-days.ts'

/** So many at first, and more at a time. */
const AT_A_TIME = 60

/** What was on the screen while the learner studied, by day. */
export function TimelineTab() {
  const { t } = useTranslation()
  const { dayName } = useFormats()
  const list = useCaptureList({ source: 'screen' })
  const [shown, setShown] = useState(AT_A_TIME)
  const [open, setOpen] = useState<Capture | null>(null)
  const forget = useForgetFrames()
  const frames = list.items.slice(0, shown)
  const gaps = useGaps(frames.at(-1)?.createdAt)
  if (list.error) return <FailureNote failure={toFailure(list.error)} />
  if (list.isPending) return <Waiting />
  const index = open ? frames.findIndex(({ id }) => id === open.id) : -1
  const hasMore = list.items.length > shown || list.hasNextPage
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-[72rem] px-5 pt-5 pb-16 md:px-8">
        <TimelineBar hasFrames={frames.length > 0} />
        <StaysFor />
        {frames.length === 0 ? (
          <Empty title={t('timelinePlace.emptyTitle')} className="px-0">
            {t('timelinePlace.empty')}
          </Empty>
        ) : (
          timelineDays(frames, gaps).map(({ day, parts }) => (
            <section key={day} aria-label={dayName(`${day}T12:00:00`)} className="mt-8">
              <h2 className="mb-3 font-semibold text-ui">{dayName(`${day}T12:00:00`)}</h2>
              {parts.map((part) =>
                part.kind === 'gap' ? (
                  <Gap key={`${part.gap.why} ${part.gap.from}`} gap={part.gap} />
                ) : (
                  <ul
                    key={part.frames[0]?.id}
                    className="my-3 grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-x-4 gap-y-5 max-sm:grid-cols-2 max-sm:gap-x-3"
                  >
                    {part.frames.map((frame) => (
                      <FrameTile
                        key={frame.id}
                        frame={frame}
                        onOpen={() => setOpen(frame)}
                        onForget={() => forget.mutate(frame.id)}
                      />
                    ))}
                  </ul>
                ),
              )}
            </section>
          ))
        )}
        {hasMore && (
          <Button
            className="mt-8"
            onClick={() => {
              setShown(shown + AT_A_TIME)
              if (list.hasNextPage) void list.fetchNextPage()
            }}
          >
            {t('timelinePlace.older')}
          </Button>
        )}
      </div>
      {open?.pictures?.[0] && (
        <PictureDialog
          key={open.id}
          capture={open}
          picture={open.pictures[0]}
          number={1}
          mark={null}
          onStep={frames.length > 1 ? (by) => setOpen(frames.at((index + by) % frames.length) ?? null) : null}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  )
}

/** For how long frames stay: said where the timeline is started, before the first of them goes. */
function StaysFor() {
  const { t } = useTranslation()
  const client = useClient()
  const forecast = useQuery({
    queryKey: keys.retention,
    queryFn: ({ signal }) => client.retention.forecast(undefined, { signal }),
  })
  const days = forecast.data?.kinds.find(({ kind }) => kind === 'timeline')?.days
  return days ? <p className="mt-3 text-ink-quiet text-meta">{t('timelinePlace.staysFor', { days })}</p> : null
}

/** Search, and whether it is on. */
function TimelineBar({ hasFrames }: { hasFrames: boolean }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const study = useStudy()
  const timeline = useTimelineState()
  const [query, setQuery] = useState('')
  const isOff = timeline?.state === 'off'
  return (
    <div className="flex flex-wrap items-center gap-3">
      {hasFrames && (
        <form
          className="relative min-w-56 flex-1"
          onSubmit={(event) => {
            event.preventDefault()
            if (query.trim() !== '') void navigate({ to: '/search', search: { q: query.trim(), source: 'screen' } })
          }}
        >
          <Search aria-hidden className="-translate-y-1/2 absolute top-1/2 left-3 size-4 text-ink-quiet" />
          <input
            type="search"
            aria-label={t('timelinePlace.search')}
            placeholder={t('timelinePlace.search')}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            className="h-10 w-full rounded-lg border border-line bg-surface pr-3 pl-9 text-ui"
          />
        </form>
      )}
      <Link
        to="/settings"
        search={{ section: 'screen' }}
        className="ml-auto rounded-lg px-2 py-1 font-medium text-ink-soft text-meta hover:text-ink"
      >
        {t('timelinePlace.settings')}
      </Link>
      {hasFrames && isOff && <ForgetMenu />}
      {isOff && canShowScreen() && (
        <Button look="primary" onClick={() => void study.start()}>
          <Circle aria-hidden className="fill-current" />
          {t('timelinePlace.start')}
        </Button>
      )}
    </div>
  )
}

function Gap({
  gap: { from, to, frames, why },
}: {
  gap: { from: string; to: string; frames: number; why: 'missed' | 'unread' }
}) {
  const { t } = useTranslation()
  const { time } = useFormats()
  return (
    <p className="my-3 border-line border-l-2 pl-3 text-ink-soft text-meta">
      {t(`timelinePlace.gap.${why}`, { count: frames, from: time(from), to: time(to) })}
    </p>
  )
}

/** Gaps from the oldest frame that is shown until now. */
function useGaps(from: string | undefined) {
  const client = useClient()
  const gaps = useQuery({
    queryKey: [...keys.timelineGaps, from],
    queryFn: ({ signal }) =>
      client.timeline.gaps({ from: from ?? new Date(0).toISOString(), to: '9999-01-01T00:00:00Z' }, { signal }),
  })
  return gaps.data?.gaps ?? []
}

function useForgetFrames() {
  const client = useClient()
  const onError = useTellFailure()
  return useMutation({ mutationFn: (id: string) => client.timeline.forgetFrames({ ids: [id] }), onError })
}
