import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { AppEvent, Client, IndexProgress } from '../../src-core/contract/index.ts'
import { useClient, useLineState } from './backend.tsx'
import { toFailure } from './failure.ts'
import { captureRuleOf, documentRuleOf, noteRule, sessionRule } from './list-rules.ts'
import type { ListRule, Pages } from './pages.ts'
import { patchLists } from './patch-lists.ts'
import { keys } from './queries.ts'

/** More changes than this at once, and the lists begin again from their first page instead of being patched. */
const PATCH_LIMIT = 40

/**
 * Keeps everything on the screens as it is in the vault, for as long as the line is open.
 * @param untilCalm resolves when reading again what has changed takes no time from an answer that is about to begin
 * @param onEvent hears of each event as well
 */
export function useLiveUpdates(untilCalm: () => Promise<void>, onEvent?: (event: AppEvent) => void): void {
  const client = useClient()
  const cache = useQueryClient()
  const line = useLineState()
  const wasOpen = useRef(false)
  const outside = useRef({ untilCalm, onEvent })
  outside.current = { untilCalm, onEvent }
  useEffect(() => {
    if (line !== 'open') return
    // What changed while the line was lost is not told again; before it first opened, whoever asked too early was refused.
    if (wasOpen.current) void cache.invalidateQueries()
    else void cache.invalidateQueries({ predicate: ({ state }) => state.status === 'error' })
    wasOpen.current = true
    const stop = new AbortController()
    void follow(client, cache, stop.signal, (event) => {
      outside.current.onEvent?.(event)
      return outside.current.untilCalm()
    })
    return () => stop.abort()
  }, [client, cache, line])
}

async function follow(
  client: Client,
  cache: QueryClient,
  signal: AbortSignal,
  hear: (event: AppEvent) => Promise<void>,
): Promise<void> {
  try {
    for await (const event of await client.app.events(undefined, { signal })) {
      await hear(event)
      await applyEvent(client, cache, event)
    }
  } catch (error) {
    // A lost line ends the stream; the next opening of the line starts it again.
    const { code } = toFailure(error)
    if (!signal.aborted && code !== 'disconnected' && code !== 'cancelled') console.error('live updates ended:', code)
  }
}

/** Brings what is on the screens to what an event tells. */
export async function applyEvent(client: Client, cache: QueryClient, event: AppEvent): Promise<void> {
  if (event.type === 'index') {
    cache.setQueryData(keys.indexProgress, event.progress)
    if (event.progress.pending === 0) void cache.invalidateQueries({ queryKey: keys.search })
    return
  }
  if (event.type === 'concepts') {
    cache.setQueryData<IndexProgress>(keys.indexProgress, (index) => index && { ...index, concepts: event.progress })
    return
  }
  if (event.type === 'models') {
    cache.setQueryData(keys.modelsStatus, event.status)
    return
  }
  if (event.type === 'recognisers') {
    void cache.invalidateQueries({ queryKey: keys.recognisers })
    return
  }
  if (event.type === 'backup') {
    void cache.invalidateQueries({ queryKey: keys.backups })
    return
  }
  if (event.type === 'sync') {
    // Devices are asked for at the relay, and progress is told several times a second.
    void cache.invalidateQueries({ queryKey: event.devices ? keys.sync : keys.syncStatus })
    if (!event.devices) void cache.invalidateQueries({ queryKey: keys.syncFiles })
    return
  }
  if (event.type === 'attachment') {
    attachmentArrived(cache, event.sha256)
    return
  }
  if (event.type === 'link') return
  if (event.type === 'graph') {
    void cache.invalidateQueries({ queryKey: keys.graph })
    return
  }
  if (event.settings) {
    void cache.invalidateQueries({ queryKey: keys.settings })
    void cache.invalidateQueries({ queryKey: keys.providers })
  }
  await Promise.all([
    patch(cache, event.captures, (id) => client.captures.get({ id }), keys.captures, keys.capture, captureRuleOf),
    patch(
      cache,
      event.sessions,
      (id) => client.sessions.get({ id }),
      keys.sessions,
      keys.session,
      () => sessionRule,
    ),
    patch(
      cache,
      event.notes,
      (id) => client.notes.get({ id }),
      keys.notes,
      keys.note,
      () => noteRule,
    ),
    patch(cache, event.documents, (id) => client.documents.get({ id }), keys.documents, keys.document, documentRuleOf),
  ])
  if (event.notes.length > 0) void cache.invalidateQueries({ queryKey: keys.madeNotes })
  // A receipt stands and falls with its capture.
  if (event.memories || event.captures.length > 0) void cache.invalidateQueries({ queryKey: keys.memories })
  if (event.cards || event.captures.length > 0) void cache.invalidateQueries({ queryKey: keys.cards })
  if (event.documents.length > 0 || event.collections) void cache.invalidateQueries({ queryKey: keys.labels })
  if (event.captures.length + event.notes.length + event.documents.length > 0)
    void cache.invalidateQueries({ queryKey: keys.search })
}

/** The bytes of a recording, picture or file are here: whatever stands in their place asks for them again. */
export function attachmentArrived(cache: QueryClient, sha256: string): void {
  for (const queryKey of [keys.attachment(sha256), keys.keptPicture(sha256), keys.original(sha256)])
    void cache.invalidateQueries({ queryKey })
}

/** Brings every list of one kind, and the single items, to what the vault holds now. */
async function patch<T>(
  cache: QueryClient,
  ids: readonly string[],
  get: (id: string) => Promise<T>,
  listKey: readonly string[],
  itemKey: (id: string) => readonly string[],
  ruleOf: (key: readonly unknown[]) => ListRule<T>,
): Promise<void> {
  if (ids.length === 0) return
  if (ids.length > PATCH_LIMIT) {
    for (const id of ids) void cache.invalidateQueries({ queryKey: itemKey(id) })
    cache.setQueriesData<Pages<T>>({ queryKey: listKey }, (data) => data && firstPage(data))
    await cache.invalidateQueries({ queryKey: listKey })
    return
  }
  const changes = new Map(await Promise.all(ids.map(async (id) => [id, await orNull(get(id))] as const)))
  for (const [id, value] of changes) {
    if (value === null) cache.removeQueries({ queryKey: itemKey(id) })
    else cache.setQueryData(itemKey(id), value)
  }
  patchLists(cache, listKey, changes, ruleOf)
}

function firstPage<T>(data: Pages<T>): Pages<T> {
  return { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) }
}

/** Null for what has been deleted. */
async function orNull<T>(value: Promise<T>): Promise<T | null> {
  try {
    return await value
  } catch (error) {
    if (toFailure(error).code === 'not-found') return null
    throw error
  }
}
