import { EyeOff, GitMerge, Link2, MoreHorizontal, Pencil, Quote, Split } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Concept, ConceptNeighbour, RelationKind } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { IconButton } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { useFocusBack } from '../ui/focus-back.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { RenameField } from '../ui/rename-field.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { LinkDialog, MergeDialog } from './correction-dialogs.tsx'
import { useCorrections } from './corrections.ts'
import { OverTime } from './over-time.tsx'
import { ConceptRow, Panel, Part } from './panel.tsx'
import { Passages } from './passages.tsx'
import { useConcept } from './queries.ts'

const LONGEST_NAME = 500
const VIEWS = ['passages', 'time'] as const
/** Kinds in the order that serves a learner: what comes before, what it belongs to, then the rest. */
const KINDS: readonly RelationKind[] = ['prerequisite', 'part_of', 'uses', 'similar', 'contradicts', 'related']

/** Everything about one concept, and how to put it right. */
export function ConceptPanel({
  id,
  onSelect,
  onRelation,
  onClose,
}: {
  id: string
  onSelect(id: string): void
  onRelation(from: string, to: string): void
  onClose(): void
}) {
  const { t } = useTranslation()
  const shown = useConcept(id)
  const [view, setView] = useState<(typeof VIEWS)[number]>('passages')
  if (shown.error)
    return (
      <Panel title={null} onClose={onClose}>
        <FailureNote failure={toFailure(shown.error)} />
      </Panel>
    )
  if (!shown.data) return <Waiting />
  const { concept, neighbours, evidence } = shown.data
  return (
    <Panel title={<Title key={concept.id} concept={concept} />} onClose={onClose}>
      <p className="figures mt-0.5 text-ink-quiet text-meta">
        {t('map.entries', { count: concept.captures, shown: concept.captures })}
        {' · '}
        {t('map.links', { count: concept.links })}
      </p>
      {concept.definition && (
        <p className="mt-3 text-ink-soft text-ui leading-relaxed" dir="auto">
          {concept.definition}
        </p>
      )}
      <Variants concept={concept} />
      {neighbours.length > 0 ? (
        KINDS.map((kind) => (
          <Neighbours
            key={kind}
            kind={kind}
            concept={concept}
            neighbours={neighbours.filter((neighbour) => neighbour.kind === kind)}
            onSelect={onSelect}
            onRelation={onRelation}
          />
        ))
      ) : (
        <p className="mt-6 text-ink-soft text-ui">{t('map.noLinks')}</p>
      )}
      <div className="mt-7 mb-3">
        <Choice
          label={t('map.passages')}
          options={VIEWS.map((value) => ({ value, label: t(value === 'time' ? 'map.overTime' : 'map.newest') }))}
          value={view}
          onValue={(value) => setView(VIEWS.find((known) => known === value) ?? 'passages')}
        />
      </div>
      {view === 'passages' ? <Passages passages={evidence} /> : <OverTime id={concept.id} />}
    </Panel>
  )
}

function Title({ concept }: { concept: Concept }) {
  const { t } = useTranslation()
  const corrections = useCorrections()
  const [doing, setDoing] = useState<'rename' | 'merge' | 'link' | null>(null)
  const { button, giveBack } = useFocusBack()
  const end = () => {
    giveBack()
    setDoing(null)
  }
  return (
    <div className="flex items-start justify-between gap-2">
      {doing === 'rename' ? (
        <RenameField
          label={t('map.name')}
          name={concept.name}
          maxLength={LONGEST_NAME}
          onSave={(name) => corrections.rename(concept, name)}
          onEnd={end}
          className="flex-1"
        />
      ) : (
        <h2 className="words-small min-w-0 break-words font-semibold" dir="auto">
          {concept.name}
        </h2>
      )}
      <Menu
        trigger={
          <IconButton ref={button} label={t('map.correct')} size="small">
            <MoreHorizontal />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil />} onSelect={() => setDoing('rename')}>
          {t('map.rename')}
        </MenuItem>
        <MenuItem icon={<GitMerge />} onSelect={() => setDoing('merge')}>
          {t('map.merge')}
        </MenuItem>
        <MenuItem icon={<Link2 />} onSelect={() => setDoing('link')}>
          {t('map.link')}
        </MenuItem>
        <MenuItem icon={<EyeOff />} onSelect={() => corrections.hide(concept, !concept.hidden)}>
          {t(concept.hidden ? 'map.unhide' : 'map.hide')}
        </MenuItem>
      </Menu>
      <MergeDialog open={doing === 'merge'} concept={concept} onClose={end} />
      <LinkDialog open={doing === 'link'} concept={concept} onClose={end} />
    </div>
  )
}

function Variants({ concept }: { concept: Concept }) {
  const { t } = useTranslation()
  const { split } = useCorrections()
  const variants = [...new Map(concept.variants.map((variant) => [variant.id, variant])).values()]
  if (variants.length < 2) return null
  return (
    <Part title={t('map.variants')}>
      <ul className="flex flex-wrap gap-1.5">
        {variants.map((variant) => (
          <li
            key={variant.id}
            className="inline-flex items-center gap-0.5 rounded-full border border-line bg-sunken py-0.5 pr-0.5 pl-3 text-meta"
          >
            <span dir="auto">{variant.text}</span>
            <IconButton
              label={t('map.split', { name: variant.text })}
              size="small"
              className="size-7! rounded-full!"
              onClick={() => split(concept, variant)}
            >
              <Split />
            </IconButton>
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Neighbours({
  kind,
  concept,
  neighbours,
  onSelect,
  onRelation,
}: {
  kind: RelationKind
  concept: Concept
  neighbours: readonly ConceptNeighbour[]
  onSelect(id: string): void
  onRelation(from: string, to: string): void
}) {
  const { t } = useTranslation()
  const sides = [
    { side: 'from', list: neighbours.filter(({ fromId }) => fromId === concept.id) },
    { side: 'to', list: neighbours.filter(({ fromId }) => fromId !== concept.id) },
  ] as const
  const isMutual = kind === 'similar' || kind === 'contradicts' || kind === 'related'
  const groups = isMutual ? [{ side: 'from' as const, list: neighbours }] : sides
  return groups.map(({ side, list }) =>
    list.length === 0 ? null : (
      <Part key={side} title={t(`map.kind.${kind}.${side}`)}>
        <ul className="-mx-2">
          {list.map(({ fromId, toId, name }) => {
            const other = fromId === concept.id ? toId : fromId
            return (
              <li key={other} className="group flex items-center">
                <div className="min-w-0 flex-1">
                  <ConceptRow name={name} onClick={() => onSelect(other)} />
                </div>
                <IconButton
                  label={t('map.whatShows', { from: concept.name, to: name })}
                  title={t('map.whatShowsShort')}
                  size="small"
                  onClick={() => onRelation(concept.id, other)}
                >
                  <Quote />
                </IconButton>
              </li>
            )
          })}
        </ul>
      </Part>
    ),
  )
}
