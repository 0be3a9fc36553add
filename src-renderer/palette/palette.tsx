import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { FilePlus, MessagesSquare, Moon, Search, SquarePen, Sun, Undo2, Volume2, VolumeX } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { useChangeSettings, useSearchResults, useSessionList, useSettings } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { useTellFailure, useUndo } from '../library/history.ts'
import { useDebounced } from '../search/debounced.ts'
import { Snippet } from '../search/snippet.tsx'
import { PLACES } from '../shell/places.ts'
import { SHORTCUTS } from '../shell/shortcuts.ts'
import { useSource } from '../shell/source.tsx'
import { sessionName } from '../talk/session-name.ts'
import { Scrim } from '../ui/dialog.tsx'
import { Keys } from '../ui/keys.tsx'

const PAUSE_MS = 140
const SESSIONS = 6
const HITS = 5

/** Everything by name: places, commands, sessions, memory. */
export function Palette({ open, onOpen }: { open: boolean; onOpen(open: boolean): void }) {
  const { t } = useTranslation()
  return (
    <Primitive.Root open={open} onOpenChange={onOpen}>
      <Primitive.Portal>
        <Scrim />
        <Primitive.Content
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
  const client = useClient()
  const tellFailure = useTellFailure()
  const { undo } = useUndo()
  const settings = useSettings().data
  const change = useChangeSettings()
  const run = (act: () => unknown) => () => {
    onDone()
    act()
  }
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches
  return (
    <Command label={t('palette.title')} loop>
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
        <Command.Empty className="px-3 py-6 text-center text-ink-quiet text-ui">{t('palette.nothing')}</Command.Empty>
        <MemoryHits words={words} onDone={onDone} />
        <Group name={t('palette.places')}>
          {PLACES.map(({ to, name, Sign, shortcut }) => (
            <Item key={to} sign={<Sign />} keys={shortcut.keys} onSelect={run(() => navigate({ to, search: {} }))}>
              {t(`place.${name}`)}
            </Item>
          ))}
        </Group>
        <Group name={t('palette.commands')}>
          <Item
            sign={<SquarePen />}
            keys={SHORTCUTS.newSession.keys}
            onSelect={run(() => navigate({ to: '/talk', search: {} }))}
          >
            {t('talk.startNew')}
          </Item>
          <Item
            sign={<FilePlus />}
            onSelect={run(() =>
              client.notes
                .create({ title: '', body: '' })
                .then(({ id }) => navigate({ to: '/library', search: { tab: 'notes', note: id } }), tellFailure),
            )}
          >
            {t('library.newNote')}
          </Item>
          <Item sign={<Undo2 />} keys={SHORTCUTS.undo.keys} onSelect={run(undo)}>
            {t('palette.undo')}
          </Item>
          <Item
            sign={dark ? <Sun /> : <Moon />}
            onSelect={run(() => change.mutate({ theme: dark ? 'light' : 'dark' }))}
          >
            {dark ? t('palette.light') : t('palette.dark')}
          </Item>
          {settings && (
            <Item
              sign={settings.speakAnswers ? <VolumeX /> : <Volume2 />}
              onSelect={run(() => change.mutate({ speakAnswers: !settings.speakAnswers }))}
            >
              {settings.speakAnswers ? t('palette.silent') : t('palette.spoken')}
            </Item>
          )}
        </Group>
        <RecentSessions onDone={onDone} />
      </Command.List>
    </Command>
  )
}

function MemoryHits({ words, onDone }: { words: string; onDone(): void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { moment } = useFormats()
  const { open } = useSource()
  const asked = useDebounced(words.trim(), PAUSE_MS)
  const request = useMemo(() => ({ query: asked.length > 1 ? asked : '', limit: HITS }), [asked])
  const hits = useSearchResults(request).data?.hits ?? []
  if (words.trim() === '') return null
  return (
    <Group name={t('palette.memory')} forceMount>
      {request.query !== '' &&
        hits.map((hit) => (
          <Item
            key={hit.chunkId}
            value={`hit ${hit.chunkId}`}
            forceMount
            onSelect={() => {
              onDone()
              open(hit)
            }}
            aside={moment(hit.when)}
          >
            <Snippet pieces={hit.snippet} />
          </Item>
        ))}
      <Item
        value="search everything"
        forceMount
        sign={<Search />}
        onSelect={() => {
          onDone()
          void navigate({ to: '/search', search: { q: words.trim() } })
        }}
      >
        {t('palette.searchFor', { words: words.trim() })}
      </Item>
    </Group>
  )
}

function RecentSessions({ onDone }: { onDone(): void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { dayName } = useFormats()
  const sessions = useSessionList().items.slice(0, SESSIONS)
  if (sessions.length === 0) return null
  return (
    <Group name={t('talk.sessions')}>
      {sessions.map((session) => (
        <Item
          key={session.id}
          value={`${sessionName(session, t)} ${session.id}`}
          sign={<MessagesSquare />}
          aside={dayName(session.lastAt)}
          onSelect={() => {
            onDone()
            void navigate({ to: '/talk', search: { session: session.id } })
          }}
        >
          {sessionName(session, t)}
        </Item>
      ))}
    </Group>
  )
}

function Group({ name, forceMount, children }: { name: string; forceMount?: boolean; children: ReactNode }) {
  return (
    <Command.Group
      heading={name}
      forceMount={forceMount}
      className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-quiet [&_[cmdk-group-heading]]:text-meta"
    >
      {children}
    </Command.Group>
  )
}

function Item({
  sign,
  keys,
  aside,
  value,
  forceMount,
  onSelect,
  children,
}: {
  sign?: ReactNode
  keys?: readonly string[]
  aside?: string
  value?: string
  forceMount?: boolean
  onSelect(): void
  children: ReactNode
}) {
  return (
    <Command.Item
      value={value}
      forceMount={forceMount}
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
