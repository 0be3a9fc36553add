import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { DocumentBlock, DocumentQueue, LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import type { DocumentListFilter } from '../backend/list-rules.ts'
import { keys } from '../backend/queries.ts'

/** Rows in one page of the list. */
const PAGE_SIZE = 200
/** More files than these are not listed one by one while they wait. */
export const MOST_LISTED = 50

export const documentKeys = {
  queue: ['document-queue'] as const,
  /** Those that failed, are being read, or wait. */
  unfinished: ['documents-unfinished'] as const,
  text: (id: string, sha256: string) => ['document-text', id, sha256] as const,
  transcripts: (id: string) => ['transcripts', id] as const,
  collections: [...keys.labels, 'collections'] as const,
  tags: [...keys.labels, 'tags'] as const,
  folders: ['watched-folders'] as const,
}

/** Documents that fit the filter, newest first, page by page. */
export function useDocumentList(filter: DocumentListFilter) {
  const client = useClient()
  const list = useInfiniteQuery({
    queryKey: [...keys.documents, filter],
    queryFn: ({ pageParam, signal }) =>
      client.documents.list({ ...filter, cursor: pageParam, limit: PAGE_SIZE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  return { ...list, items }
}

export function useDocument(id: string | null) {
  const client = useClient()
  return useQuery<LearnerDocument>({
    queryKey: keys.document(id ?? ''),
    queryFn: ({ signal }) => client.documents.get({ id: id ?? '' }, { signal }),
    enabled: id !== null,
  })
}

export function useCollections() {
  const client = useClient()
  return useQuery({
    queryKey: documentKeys.collections,
    queryFn: async ({ signal }) => (await client.collections.list(undefined, { signal })).collections,
  })
}

export function useTags() {
  const client = useClient()
  return useQuery({
    queryKey: documentKeys.tags,
    queryFn: async ({ signal }) => (await client.documents.tags(undefined, { signal })).tags,
  })
}

/** How many wait; undefined until the core has said so (see live-documents.ts). */
export function useDocumentQueue(): DocumentQueue | undefined {
  return useQuery<DocumentQueue>({ queryKey: documentKeys.queue, enabled: false, queryFn: () => Promise.reject() }).data
}

/** Documents that need the learner, then those on their way; some of them where there are many. */
export function useUnfinished() {
  const client = useClient()
  return useQuery<LearnerDocument[]>({
    queryKey: documentKeys.unfinished,
    queryFn: async ({ signal }) => {
      const some = (states: LearnerDocument['state'][]) =>
        client.documents.list({ states, limit: MOST_LISTED }, { signal })
      const [failed, reading, waiting] = await Promise.all([some(['failed']), some(['reading']), some(['waiting'])])
      return [...failed.items, ...reading.items, ...waiting.items]
    },
  })
}

/** The blocks that the core gives in one answer. */
const BLOCKS_AT_ONCE = 2_000

/** The whole text, block by block: finding inside looks at all of it. */
export function useDocumentBlocks({ id, sha256, state }: LearnerDocument) {
  const client = useClient()
  return useQuery({
    queryKey: documentKeys.text(id, sha256),
    queryFn: async ({ signal }) => {
      const blocks: DocumentBlock[] = []
      for (;;) {
        const part = await client.documents.text({ id, from: blocks.length, limit: BLOCKS_AT_ONCE }, { signal })
        blocks.push(...part.blocks)
        if (part.blocks.length === 0 || blocks.length >= part.total) return blocks
      }
    },
    enabled: state === 'ready',
    gcTime: 60_000,
  })
}

/** Who heard a recording, and the transcript before. */
export function useTranscripts({ id, state }: LearnerDocument) {
  const client = useClient()
  return useQuery({
    queryKey: documentKeys.transcripts(id),
    queryFn: ({ signal }) => client.documents.transcripts({ id }, { signal }),
    enabled: state === 'ready',
  })
}

export function useFolders() {
  const client = useClient()
  return useQuery({
    queryKey: documentKeys.folders,
    queryFn: async ({ signal }) => (await client.folders.list(undefined, { signal })).folders,
    // Folders tell nobody how they are: they are asked while somebody looks.
    refetchInterval: ({ state }) => (state.data?.some((folder) => folder.state === 'scanning') ? 1_000 : 10_000),
  })
}
