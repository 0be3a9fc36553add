import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { MessagesSquare, Search, Waypoints } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchResults, useSessionList } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { useConcepts } from '../map/queries.ts'
import { useDebounced } from '../search/debounced.ts'
import { Snippet } from '../search/snippet.tsx'
import { PLACES } from '../shell/places.ts'
import { useSource } from '../shell/source.tsx'
import { sessionName } from '../talk/session-name.ts'
import { Scrim, useDialogManners } from '../ui/dialog.tsx'
import { Keys } from '../ui/keys.tsx'
import { type Entry, useCommandEntries } from './commands.tsx'

const PAUSE_MS = 140
const SESSIONS = 6
const HITS = 5
const CONCEPTS = 4

/** Everything by name: places, commands, sessions, memory. */
export function Palette({ open, onOpen }: { open: boolean; onOpen(open: boolean): void }) {
  const { t } = useTranslation()
  const manners = useDialogManners(() => onOpen(false))
  return (
    <Primitive.Root open={open} onOpenChange={onOpen}>
      <Primitive.Portal>
        <Scrim />
        <Primitive.Content
          {...manners}
          aria-describedby={undefined}
          className="fixed top-[max(1rem,12vh)] left-1/2 z-50 w-[min(38rem,calc(100vw-2rem))] -translate-x-1/2 animate-appear overflow-hidden rounded-2xl border border-line bg-surface shadow-float outline-none"
        >
          <Primitive.Title className="sr-only">{t('palette.title')}</Primitive.Title>
          <Commands onDone={() => onOpen(false)} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

function Commands({ onDone }: { onDone(): void }) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const navigate = useNavigate()
  const places = usePlaceEntries()
  const commands = useCommandEntries()
  const sessions = useSessionEntries()
  const choose = (entry: Entry) => () => {
    onDone()
    entry.run()
  }
  const searchAll: Entry = {
    id: 'search-all',
    name: t('palette.searchFor', { words: words.trim() }),
    sign: <Search />,
    run: () => navigate({ to: '/search', search: { q: words.trim() } }),
  }
  const isBlank = words.trim() === ''
  return (
    // Filtered here: what carries the name comes first, then memory; cmdk would mix them.
    <Command label={t('palette.title')} loop shouldFilter={false}>
      <div className="flex items-center gap-3 border-line border-b px-4">
        <Search aria-hidden className="size-5 text-ink-quiet" />
        <Command.Input
          value={words}
          onValueChange={setWords}
          placeholder={t('palette.placeholder')}
          className="h-14 min-w-0 flex-1 bg-transparent text-answer outline-none"
        />
      </div>
      <Command.List className="max-h-[min(26rem,60dvh)] overflow-y-auto p-2">
        <Entries name={t('palette.places')} entries={named(places, words)} choose={choose} />
        <Entries name={t('palette.commands')} entries={named(commands, words)} choose={choose} />
        {!isBlank && <MemoryHits words={words} onDone={onDone} />}
        {!isBlank && <ConceptEntries words={words} choose={choose} />}
        {!isBlank && <Entries name={t('place.search')} entries={[searchAll]} choose={choose} />}
        <Entries name={t('talk.sessions')} entries={named(sessions, words).slice(0, SESSIONS)} choose={choose} />
      </Command.List>
    </Command>
  )
}

/** The entries whose names hold every word. */
function named(entries: readonly Entry[], words: string): Entry[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return entries.filter(({ name }) => wanted.every((word) => name.toLocaleLowerCase().includes(word)))
}

function usePlaceEntries(): Entry[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return PLACES.map(({ to, name, Sign, shortcut }) => ({
    id: to,
    name: t(`place.${name}`),
    sign: <Sign />,
    keys: shortcut.keys,
    run: () => navigate({ to, search: {} }),
  }))
}

function useSessionEntries(): Entry[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { dayName } = useFormats()
  return useSessionList().items.map((session) => ({
    id: `session ${session.id}`,
    name: sessionName(session, t),
    sign: <MessagesSquare />,
    aside: dayName(session.lastAt),
    run: () => navigate({ to: '/talk', search: { session: session.id } }),
  }))
}

function MemoryHits({ words, onDone }: { words: string; onDone(): void }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { open } = useSource()
  const asked = useDebounced(words.trim(), PAUSE_MS)
  const request = useMemo(() => ({ query: asked.length > 1 ? asked : '', limit: HITS }), [asked])
  const hits = useSearchResults(request).data?.hits ?? []
  if (request.query === '' || hits.length === 0) return null
  return (
    <Group name={t('palette.memory')}>
      {hits.map((hit) => (
        <Item
          key={hit.chunkId}
          value={hit.chunkId}
          aside={moment(hit.when)}
          onSelect={() => {
            onDone()
            open(hit)
          }}
        >
          <Snippet pieces={hit.snippet} />
        </Item>
      ))}
    </Group>
  )
}

function ConceptEntries({ words, choose }: { words: string; choose(entry: Entry): () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const query = useDebounced(words.trim(), PAUSE_MS)
  const concepts = useConcepts({ query, hidden: false, limit: CONCEPTS }, query.length > 1).data ?? []
  const entries = concepts.map(({ id, name, captures }) => ({
    id: `concept ${id}`,
    name,
    sign: <Waypoints />,
    aside: t('map.entries', { count: captures, shown: captures }),
    run: () => navigate({ to: '/map', search: { concept: id } }),
  }))
  return <Entries name={t('map.concepts')} entries={query.length > 1 ? entries : []} choose={choose} />
}

function Entries({
  name,
  entries,
  choose,
}: {
  name: string
  entries: readonly Entry[]
  choose(entry: Entry): () => void
}) {
  if (entries.length === 0) return null
  return (
    <Group name={name}>
      {entries.map((entry) => (
        <Item
          key={entry.id}
          value={entry.id}
          sign={entry.sign}
          keys={entry.keys}
          aside={entry.aside}
          onSelect={choose(entry)}
        >
          {entry.name}
        </Item>
      ))}
    </Group>
  )
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={name}
      className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-quiet [&_[cmdk-group-heading]]:text-meta"
    >
      {children}
    </Command.Group>
  )
}

function Item({
  value,
  sign,
  keys,
  aside,
  onSelect,
  children,
}: {
  value: string
  sign?: ReactNode
  keys?: readonly string[]
  aside?: string
  onSelect(): void
  children: ReactNode
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-10 cursor-pointer select-none items-center gap-3 rounded-lg px-3 py-1.5 text-ui data-[selected=true]:bg-hover [&_svg]:size-4.5 [&_svg]:shrink-0 [&_svg]:text-ink-quiet"
    >
      {sign}
      <span className="min-w-0 flex-1 truncate" dir="auto">
        {children}
      </span>
      {aside && <span className="figures shrink-0 text-ink-quiet text-meta">{aside}</span>}
      {keys && <Keys keys={keys} />}
    </Command.Item>
  )
}
