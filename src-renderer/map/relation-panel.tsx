import { Unlink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Passage } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { useCorrections } from './corrections.ts'
import { Panel, Part } from './panel.tsx'
import { Passages } from './passages.tsx'
import { useRelation } from './queries.ts'

/** What connects two concepts: the texts behind a line of the map. */
export function RelationPanel({
  from,
  to,
  onSelect,
  onClose,
}: {
  from: string
  to: string
  onSelect(id: string): void
  onClose(): void
}) {
  const { t } = useTranslation()
  const relation = useRelation(from, to)
  const corrections = useCorrections()
  if (relation.error)
    return (
      <Panel title={null} onClose={onClose}>
        <FailureNote failure={toFailure(relation.error)} />
      </Panel>
    )
  if (!relation.data) return <Waiting />
  const { relations, passages } = relation.data
  const ends = { [relation.data.from.id]: relation.data.from, [relation.data.to.id]: relation.data.to }
  const says = (passage: Passage & { says?: string | null }) => (passage.says ? t('map.statedHere') : null)
  return (
    <Panel
      onClose={onClose}
      title={
        <h2 className="words-small break-words font-semibold" dir="auto">
          {relation.data.from.name} – {relation.data.to.name}
        </h2>
      }
    >
      <ul className="mt-3 space-y-2">
        {relations.map(({ fromId, toId, kind, byLearner }) => {
          const [first, second] = [ends[fromId], ends[toId]]
          if (!first || !second) return null
          return (
            <li
              key={`${fromId} ${kind}`}
              className="flex items-center justify-between gap-3 rounded-xl border border-line bg-surface py-2 pr-2 pl-3.5"
            >
              <p className="min-w-0 text-ui leading-snug" dir="auto">
                {t(`map.kind.${kind}.sentence`, { from: first.name, to: second.name })}
                {byLearner && <span className="block text-ink-quiet text-meta">{t('map.linkedByYou')}</span>}
              </p>
              <Button look="quiet" size="small" onClick={() => corrections.link(first, second, kind, false)}>
                <Unlink />
                {t('map.unlink')}
              </Button>
            </li>
          )
        })}
      </ul>
      {relations.length === 0 && <p className="mt-3 text-ink-soft text-ui">{t('map.notConnected')}</p>}
      <Part title={t('map.whatShowsShort')}>
        {passages.length > 0 ? (
          <Passages passages={passages} aside={says} />
        ) : (
          <p className="text-ink-soft text-ui">{t('map.nothingShows')}</p>
        )}
      </Part>
      <div className="mt-6 flex flex-wrap gap-2">
        {Object.values(ends).map(({ id, name }) => (
          <Button key={id} size="small" onClick={() => onSelect(id)} className="max-w-full">
            <span className="truncate">{name}</span>
          </Button>
        ))}
      </div>
    </Panel>
  )
}
