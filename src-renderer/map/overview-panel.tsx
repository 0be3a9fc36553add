import { ArrowDown } from 'lucide-react'
import { Fragment, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Concept } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { FailureNote } from '../ui/failure-note.tsx'
import { ConceptPicker } from './concept-picker.tsx'
import { ConceptRow, Panel, Part } from './panel.tsx'
import { useGaps, useLearningPath, useTrending } from './queries.ts'

/** What stands beside the map while nothing is chosen: what is new, what is thin, and the way from one concept to another. */
export function OverviewPanel({
  onSelect,
  onPath,
}: {
  onSelect(id: string): void
  onPath(ids: readonly string[]): void
}) {
  const { t } = useTranslation()
  const trending = useTrending().data ?? []
  const gaps = useGaps().data ?? []
  return (
    <Panel title={<h2 className="font-semibold text-ui">{t('map.overview')}</h2>}>
      <p className="mt-1 text-ink-soft text-ui leading-relaxed">{t('map.overviewHelp')}</p>
      {trending.length > 0 && (
        <Part title={t('map.trending')}>
          <ul className="-mx-2">
            {trending.map(({ concept, recent }) => (
              <li key={concept.id}>
                <ConceptRow
                  name={concept.name}
                  aside={t('map.entries', { count: recent, shown: recent })}
                  onClick={() => onSelect(concept.id)}
                />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {gaps.length > 0 && (
        <Part title={t('map.gaps')}>
          <p className="mb-1 text-ink-quiet text-meta">{t('map.gapsHelp')}</p>
          <ul className="-mx-2">
            {gaps.map((concept) => (
              <li key={concept.id}>
                <ConceptRow
                  name={concept.name}
                  aside={t('map.links', { count: concept.links })}
                  onClick={() => onSelect(concept.id)}
                />
              </li>
            ))}
          </ul>
        </Part>
      )}
      <LearningPath onSelect={onSelect} onPath={onPath} />
    </Panel>
  )
}

function LearningPath({ onSelect, onPath }: { onSelect(id: string): void; onPath(ids: readonly string[]): void }) {
  const { t } = useTranslation()
  const [from, setFrom] = useState<Concept>()
  const [to, setTo] = useState<Concept>()
  const path = useLearningPath(from?.id, to?.id)
  const found = path.data
  useEffect(() => {
    onPath(found?.map(({ id }) => id) ?? [])
    return () => onPath([])
  }, [found, onPath])
  return (
    <Part title={t('map.path')}>
      <p className="mb-3 text-ink-quiet text-meta">{t('map.pathHelp')}</p>
      <div className="space-y-3">
        <ConceptPicker label={t('map.pathFrom')} onPick={setFrom} />
        <ConceptPicker label={t('map.pathTo')} onPick={setTo} />
      </div>
      <div aria-live="polite" className="mt-4">
        {path.error && <FailureNote failure={toFailure(path.error)} />}
        {from && to && from.id === to.id && <p className="text-ink-soft text-ui">{t('map.pathSame')}</p>}
        {found === null && <p className="text-ink-soft text-ui">{t('map.pathNone')}</p>}
        {found && (
          <ol className="-mx-2">
            {found.map((concept, index) => (
              <Fragment key={concept.id}>
                {index > 0 && (
                  <li aria-hidden className="px-2 text-ink-quiet">
                    <ArrowDown className="size-4" />
                  </li>
                )}
                <li>
                  <ConceptRow name={concept.name} onClick={() => onSelect(concept.id)} />
                </li>
              </Fragment>
            ))}
          </ol>
        )}
      </div>
    </Part>
  )
}
