import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useClient } from '../backend/backend.tsx'
import { keys } from '../backend/queries.ts'

/** Most rows that a panel shows of each kind. */
const ROWS = 50
const PASSAGES_A_PERIOD = 3
const SUGGESTIONS = 6
/** How often is asked what waits, while something does, in milliseconds. */
const ASK_AGAIN_MS = 1_000

/** Texts that are not read for concepts yet. */
export function useUnread(): number {
  const client = useClient()
  const { data } = useQuery({
    queryKey: [...keys.graph, 'status'],
    queryFn: ({ signal }) => client.graph.status(undefined, { signal }),
    refetchInterval: ({ state }) => (state.data?.pending ? ASK_AGAIN_MS : false),
  })
  return data?.pending ?? 0
}

/** The concepts that are mentioned most, and what connects them. */
export function useConceptMap(limit: number) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.graph, 'map', limit],
    queryFn: ({ signal }) => client.graph.map({ limit }, { signal }),
    placeholderData: keepPreviousData,
  })
}

export function useConcepts(request: { query: string; hidden: boolean; limit: number }, enabled = true) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.graph, 'list', request],
    queryFn: async ({ signal }) => (await client.graph.list(request, { signal })).items,
    placeholderData: keepPreviousData,
    enabled,
  })
}

export function useConcept(id: string) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.graph, 'show', id],
    queryFn: ({ signal }) => client.graph.show({ concept: id, limit: ROWS }, { signal }),
    placeholderData: keepPreviousData,
  })
}

export function useTimeline(id: string) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.graph, 'over-time', id],
    queryFn: ({ signal }) => client.graph.overTime({ concept: id, passages: PASSAGES_A_PERIOD }, { signal }),
  })
}

export function useRelation(from: string, to: string) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.graph, 'relation', from, to],
    queryFn: ({ signal }) => client.graph.relation({ from, to, limit: ROWS }, { signal }),
  })
}

export function useLearningPath(from: string | undefined, to: string | undefined) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.graph, 'path', from, to],
    queryFn: async ({ signal }) => (await client.graph.path({ from: from ?? '', to: to ?? '' }, { signal })).path,
    enabled: from !== undefined && to !== undefined && from !== to,
  })
}

export function useGaps() {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.graph, 'gaps'],
    queryFn: async ({ signal }) => (await client.graph.gaps({ limit: SUGGESTIONS }, { signal })).items,
  })
}

export function useTrending() {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.graph, 'trending'],
    queryFn: async ({ signal }) => (await client.graph.trending({ limit: SUGGESTIONS }, { signal })).items,
  })
}
