import {
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useMemo } from 'react'
import type {
  Capture,
  IndexProgress,
  ModelsStatus,
  Note,
  SearchRequest,
  Settings,
} from '../../src-core/contract/index.ts'
import { useClient } from './backend.tsx'
import { type CaptureListFilter, captureRuleOf } from './list-rules.ts'
import { patchLists } from './patch-lists.ts'

/** Rows in one page of a list. */
const PAGE_SIZE = 200

export const keys = {
  info: ['info'] as const,
  settings: ['settings'] as const,
  providers: ['providers'] as const,
  usage: ['usage'] as const,
  mcp: ['mcp'] as const,
  research: ['research'] as const,
  recognisers: ['recognisers'] as const,
  dataSize: ['data-size'] as const,
  doctor: ['doctor'] as const,
  indexProgress: ['index-progress'] as const,
  modelsStatus: ['models-status'] as const,
  captures: ['captures'] as const,
  capture: (id: string) => ['capture', id] as const,
  sessions: ['sessions'] as const,
  session: (id: string) => ['session', id] as const,
  /** Begins the keys of everything about memories of the learner, and about cards. */
  memories: ['memories'] as const,
  cards: ['cards'] as const,
  notes: ['notes'] as const,
  note: (id: string) => ['note', id] as const,
  /** Begins the keys of whether notes that were made in a turn still stand. */
  madeNotes: ['made-notes'] as const,
  documents: ['documents'] as const,
  document: (id: string) => ['document', id] as const,
  /** Collections and tags of documents. */
  labels: ['labels'] as const,
  search: ['search'] as const,
  /** Begins the keys of everything about concepts. */
  graph: ['graph'] as const,
  /** Begins the keys of everything about backups. */
  backups: ['backups'] as const,
  /** What the study timeline does now. */
  timeline: ['timeline'] as const,
  timelineGaps: ['timeline-gaps'] as const,
  retention: ['retention'] as const,
  deleted: ['deleted'] as const,
  /** Begins the keys of everything about sync. */
  sync: ['sync'] as const,
  syncStatus: ['sync', 'status'] as const,
  syncFiles: ['sync', 'files'] as const,
  /** How it is with one file between devices; asked for again with all of them. */
  attachment: (sha256: string) => ['sync', 'files', sha256] as const,
  keptPicture: (sha256: string) => ['picture', sha256] as const,
  original: (sha256: string) => ['document-original', sha256] as const,
}

export function useAppInfo() {
  const client = useClient()
  return useQuery({ queryKey: keys.info, queryFn: ({ signal }) => client.app.info(undefined, { signal }) })
}

export function useSettings() {
  const client = useClient()
  return useQuery({ queryKey: keys.settings, queryFn: ({ signal }) => client.settings.get(undefined, { signal }) })
}

/** Changes preferences; the screen follows at once and goes back when the core refuses. */
export function useChangeSettings() {
  const client = useClient()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (patch: Partial<Settings>) => client.settings.set(patch),
    onMutate: async (patch) => {
      const before = cache.getQueryData<Settings>(keys.settings)
      // At once: who has just said "Start" must not be shown the welcome again on the way.
      if (before) cache.setQueryData(keys.settings, { ...before, ...patch })
      await cache.cancelQueries({ queryKey: keys.settings }, { revert: false })
      return before
    },
    onError: (_error, _patch, before) => {
      if (before) cache.setQueryData(keys.settings, before)
    },
    onSuccess: (settings) => {
      cache.setQueryData(keys.settings, settings)
      void cache.invalidateQueries({ queryKey: keys.providers })
      void cache.invalidateQueries({ queryKey: keys.usage })
    },
  })
}

export function useProviders() {
  const client = useClient()
  return useQuery({
    queryKey: keys.providers,
    queryFn: async ({ signal }) => (await client.providers.list(undefined, { signal })).providers,
  })
}

export function useRecognisers() {
  const client = useClient()
  return useQuery({
    queryKey: keys.recognisers,
    queryFn: async ({ signal }) => (await client.recognisers.list(undefined, { signal })).recognisers,
  })
}

/** Keys of web searches, and what is kept of answers. */
export function useResearchStatus() {
  const client = useClient()
  return useQuery({
    queryKey: keys.research,
    queryFn: ({ signal }) => client.research.status(undefined, { signal }),
    staleTime: 0,
  })
}

export function useUsage() {
  const client = useClient()
  return useQuery({
    queryKey: keys.usage,
    queryFn: ({ signal }) => client.providers.usage(undefined, { signal }),
    staleTime: 0,
  })
}

export function useDataSize() {
  const client = useClient()
  return useQuery({
    queryKey: keys.dataSize,
    queryFn: ({ signal }) => client.app.dataSize(undefined, { signal }),
    staleTime: 0,
  })
}

export function useIndexProgress() {
  const client = useClient()
  return useQuery<IndexProgress>({
    queryKey: keys.indexProgress,
    queryFn: ({ signal }) => client.app.indexProgress(undefined, { signal }),
  })
}

/** Known once the core has said something about it; undefined until then. */
export function useModelsStatus(): ModelsStatus | undefined {
  return useQuery<ModelsStatus>({ queryKey: keys.modelsStatus, enabled: false, queryFn: () => Promise.reject() }).data
}

export function useCapture(id: string | null) {
  const client = useClient()
  return useQuery({
    queryKey: keys.capture(id ?? ''),
    queryFn: ({ signal }) => client.captures.get({ id: id ?? '' }, { signal }),
    enabled: id !== null,
  })
}

/** All captures that fit the filter, newest first, page by page. */
export function useCaptureList(filter: CaptureListFilter, enabled = true) {
  const client = useClient()
  const list = useInfiniteQuery({
    queryKey: [...keys.captures, filter],
    queryFn: ({ pageParam, signal }) =>
      client.captures.list({ ...filter, order: 'newest', cursor: pageParam, limit: PAGE_SIZE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled,
  })
  return { ...list, items: useItems(list.data) }
}

export function useSessionList() {
  const client = useClient()
  const list = useInfiniteQuery({
    queryKey: keys.sessions,
    queryFn: ({ pageParam, signal }) => client.sessions.list({ cursor: pageParam, limit: PAGE_SIZE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  return { ...list, items: useItems(list.data) }
}

export function useSession(id: string | undefined) {
  const client = useClient()
  return useQuery({
    queryKey: keys.session(id ?? ''),
    queryFn: ({ signal }) => client.sessions.get({ id: id ?? '' }, { signal }),
    enabled: id !== undefined,
  })
}

export function useNoteList() {
  const client = useClient()
  const list = useInfiniteQuery({
    queryKey: keys.notes,
    queryFn: ({ pageParam, signal }) => client.notes.list({ cursor: pageParam, limit: PAGE_SIZE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  return { ...list, items: useItems(list.data) }
}

export function useNote(id: string | null) {
  const client = useClient()
  return useQuery<Note>({
    queryKey: keys.note(id ?? ''),
    queryFn: ({ signal }) => client.notes.get({ id: id ?? '' }, { signal }),
    enabled: id !== null,
  })
}

/**
 * Searches memory. Each request has its own place in the cache: an answer that comes late can never stand under a newer question, and
 * while the newer one is on its way the last results stay in sight.
 */
export function useSearchResults(request: SearchRequest) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.search, request],
    queryFn: ({ signal }) => client.search.query(request, { signal }),
    enabled: request.query.trim() !== '',
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  })
}

/** Puts a capture that just came from the core where the screens look for it, without waiting for `app.events`. */
export function rememberCapture(cache: QueryClient, capture: Capture): void {
  cache.setQueryData(keys.capture(capture.id), capture)
  patchLists(cache, keys.captures, new Map([[capture.id, capture]]), captureRuleOf)
}

function useItems<T>(data: { pages: { items: T[] }[] } | undefined): T[] {
  return useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
}
