import { getRouteApi, Link } from '@tanstack/react-router'
import { List, Maximize, Minus, Plus, Waypoints } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConceptMap } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { useSettings } from '../backend/queries.ts'
import { usePageTitle } from '../shell/page-title.ts'
import { IconButton, LINK_BUTTON } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { TWO_PANES, useMedia } from '../ui/media.ts'
import { ProgressBar } from '../ui/progress.tsx'
import { Waiting } from '../ui/waiting.tsx'
import type { CanvasHandle } from './canvas.tsx'
import { ConceptList } from './concept-list.tsx'
import { ConceptPanel } from './concept-panel.tsx'
import { ConceptPicker } from './concept-picker.tsx'
import { type Drawing, type DrawingFilter, draw, EVERYTHING, type Group } from './drawing.ts'
import { FilterMenu, LIMITS } from './filter-menu.tsx'
import { layOut } from './layout.ts'
import { OverviewPanel } from './overview-panel.tsx'
import { useConceptMap, useUnread } from './queries.ts'
import { RelationPanel } from './relation-panel.tsx'

const route = getRouteApi('/map')
const MapCanvas = lazy(() => import('./canvas.tsx'))
export const MAP_VIEWS = ['map', 'list'] as const
type View = (typeof MAP_VIEWS)[number]

/** What the memory is about, and how it hangs together. */
export function MapPlace() {
  const { t } = useTranslation()
  usePageTitle(t('place.map'))
  const address = route.useSearch()
  const navigate = route.useNavigate()
  const roomy = useMedia(TWO_PANES)
  const [limit, setLimit] = useState<number>(LIMITS[1])
  const [filter, setFilter] = useState<DrawingFilter>(EVERYTHING)
  const [path, setPath] = useState<readonly string[]>([])
  const canvas = useRef<CanvasHandle>(null)
  const panel = useRef<HTMLDivElement>(null)
  const map = useConceptMap(limit)
  const unread = useUnread()
  const canDraw = useMemo(hasWebGl, [])
  const view: View = canDraw ? (address.view ?? (roomy ? 'map' : 'list')) : 'list'
  const { concept, with: partner } = address

  const select = useCallback(
    (id: string | undefined) =>
      void navigate({
        search: (before) => ({ ...(before.view && { view: before.view }), ...(id && { concept: id }) }),
      }),
    [navigate],
  )
  const openRelation = useCallback(
    (from: string, to: string) =>
      void navigate({ search: (before) => ({ ...(before.view && { view: before.view }), concept: from, with: to }) }),
    [navigate],
  )
  const selectAndShow = (id: string) => {
    select(id)
    canvas.current?.flyTo(id)
  }

  if (map.error) return <FailureNote failure={toFailure(map.error)} className="m-6" />
  if (!map.data) return <Waiting />
  if (map.data.concepts.length === 0) return <Nothing unread={unread} />

  const beside = concept ? (
    partner ? (
      <RelationPanel
        key={`${concept} ${partner}`}
        from={concept}
        to={partner}
        onSelect={selectAndShow}
        onClose={() => select(concept)}
      />
    ) : (
      <ConceptPanel id={concept} onSelect={selectAndShow} onRelation={openRelation} onClose={() => select(undefined)} />
    )
  ) : (
    <OverviewPanel onSelect={selectAndShow} onPath={setPath} />
  )
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2">
        <h1 className="font-semibold text-ui max-sm:sr-only">{t('place.map')}</h1>
        <ConceptPicker
          label={t('map.find')}
          hideLabel
          placeholder={t('map.find')}
          clears
          onPick={({ id }) => selectAndShow(id)}
          className="w-64 max-sm:flex-1"
        />
        <p className="figures flex-1 text-ink-quiet text-meta max-lg:hidden">
          {t('map.shownOf', { count: map.data.total, shown: map.data.concepts.length, total: map.data.total })}
        </p>
        {canDraw && (
          <Choice
            label={t('map.view')}
            options={[
              { value: 'map', label: t('place.map'), icon: <Waypoints /> },
              { value: 'list', label: t('map.list'), icon: <List /> },
            ]}
            value={view}
            onValue={(next) => void navigate({ search: (before) => ({ ...before, view: next }) })}
          />
        )}
        <FilterMenu filter={filter} limit={limit} onFilter={setFilter} onLimit={setLimit} />
      </header>
      {unread > 0 && (
        <p role="status" className="shrink-0 border-line border-b bg-sunken px-4 py-1.5 text-ink-soft text-meta">
          {t('map.reading', { count: unread })}
        </p>
      )}
      {!canDraw && <p className="shrink-0 px-4 py-2 text-ink-soft text-meta">{t('map.noWebGl')}</p>}
      <div className="flex min-h-0 flex-1">
        <div className="relative min-w-0 flex-1">
          {!roomy && concept ? (
            <div className="h-full overflow-y-auto">{beside}</div>
          ) : view === 'map' ? (
            <Drawn
              map={map.data}
              filter={filter}
              canvas={canvas}
              selected={concept}
              partner={partner}
              path={path}
              onSelect={select}
              onRelation={openRelation}
              onOpen={() => panel.current?.focus()}
            />
          ) : (
            <ConceptList
              concepts={map.data.concepts.filter(({ captures }) => captures >= filter.least)}
              selected={concept}
              onSelect={select}
            />
          )}
        </div>
        {roomy && (
          <aside
            ref={panel}
            tabIndex={-1}
            aria-label={t('map.about')}
            className="w-[23rem] shrink-0 overflow-y-auto border-line border-l bg-surface outline-none"
          >
            {beside}
          </aside>
        )}
      </div>
    </div>
  )
}

/** The map as a drawing: it is arranged first, off the screen's thread, and then shown. */
function Drawn({
  map,
  filter,
  canvas,
  selected,
  partner,
  path,
  onSelect,
  onRelation,
  onOpen,
}: {
  map: ConceptMap
  filter: DrawingFilter
  canvas: React.RefObject<CanvasHandle | null>
  selected: string | undefined
  partner: string | undefined
  path: readonly string[]
  onSelect(id: string | undefined): void
  onRelation(from: string, to: string): void
  onOpen(): void
}) {
  const { t } = useTranslation()
  const theme = useSettings().data?.theme ?? 'system'
  const { drawn, share, error } = useArranged(map, filter)
  const name = selected && drawn?.drawing.hasNode(selected) ? drawn.drawing.getNodeAttribute(selected, 'label') : null
  if (error) return <FailureNote failure={toFailure(error)} className="m-6" />
  return (
    <>
      {drawn && (
        <Suspense fallback={<Waiting />}>
          <MapCanvas
            handle={canvas}
            drawing={drawn.drawing}
            label={t('map.drawing', { count: drawn.drawing.order, shown: drawn.drawing.order })}
            description={t('map.keys')}
            selected={selected}
            partner={partner}
            path={path}
            theme={theme}
            onSelect={onSelect}
            onRelation={onRelation}
            onOpen={onOpen}
          />
          <Legend groups={drawn.groups} onSelect={(id) => canvas.current?.flyTo(id)} />
          <div className="absolute right-3 bottom-3 flex flex-col rounded-xl border border-line bg-surface shadow-lift">
            <IconButton label={t('map.zoomIn')} onClick={() => canvas.current?.zoom('in')}>
              <Plus />
            </IconButton>
            <IconButton label={t('map.zoomOut')} onClick={() => canvas.current?.zoom('out')}>
              <Minus />
            </IconButton>
            <IconButton label={t('map.fit')} onClick={() => canvas.current?.fit()}>
              <Maximize />
            </IconButton>
          </div>
        </Suspense>
      )}
      {share < 1 && (
        <div className="absolute inset-x-0 top-0">
          <ProgressBar label={t('map.arranging')} share={share} />
        </div>
      )}
      <p aria-live="polite" className="sr-only">
        {name}
      </p>
    </>
  )
}

function useArranged(map: ConceptMap, filter: DrawingFilter) {
  const [drawn, setDrawn] = useState<{ drawing: Drawing; groups: Group[] }>()
  const [share, setShare] = useState(0)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    const stop = new AbortController()
    const next = draw(map, filter)
    setShare(0)
    layOut(next.drawing, setShare, stop.signal).then(
      () => {
        if (stop.signal.aborted) return
        setDrawn(next)
        setShare(1)
        setError(null)
      },
      (reason) => !stop.signal.aborted && setError(reason),
    )
    return () => stop.abort()
  }, [map, filter])
  return { drawn, share, error }
}

function Legend({ groups, onSelect }: { groups: readonly Group[]; onSelect(id: string): void }) {
  const { t } = useTranslation()
  if (groups.length === 0) return null
  return (
    <ul
      aria-label={t('map.groups')}
      className="absolute bottom-3 left-3 max-w-[min(16rem,50%)] rounded-xl border border-line bg-surface/90 p-1.5 shadow-lift max-sm:hidden"
    >
      {groups.map(({ number, leader, name, count }) => (
        <li key={leader}>
          <button
            type="button"
            onClick={() => onSelect(leader)}
            className="flex min-h-7 w-full items-center gap-2 rounded-lg px-2 text-left text-meta transition-colors hover:bg-hover"
          >
            <svg aria-hidden="true" viewBox="0 0 10 10" className="size-2.5 shrink-0">
              <circle cx="5" cy="5" r="5" fill={`var(--map-${number + 1})`} />
            </svg>
            <span className="min-w-0 flex-1 truncate" dir="auto">
              {name}
            </span>
            <span className="figures text-ink-quiet">{count}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function Nothing({ unread }: { unread: number }) {
  const { t } = useTranslation()
  return (
    <Empty
      title={t('map.emptyTitle')}
      action={
        <div className="flex flex-wrap gap-2">
          <Link to="/talk" search={{}} className={LINK_BUTTON}>
            {t('place.talk')}
          </Link>
          <Link to="/library" search={{ tab: 'documents' }} className={LINK_BUTTON}>
            {t('library.tab.documents')}
          </Link>
        </div>
      }
    >
      {unread > 0 ? t('map.reading', { count: unread }) : t('map.emptyText')}
    </Empty>
  )
}

function hasWebGl(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null
}
