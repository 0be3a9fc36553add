import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Card, Memory, StatementKind } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { keys } from '../backend/queries.ts'
import { useTellFailure } from '../library/history.ts'
import { useToast } from '../ui/toasts.tsx'

const PAGE_SIZE = 100

export function useMemoryList(state: Memory['state'], query = '') {
  const client = useClient()
  const list = useInfiniteQuery({
    queryKey: [...keys.memories, state, query],
    queryFn: ({ pageParam, signal }) =>
      client.memories.list({ state, ...(query.trim() && { query }), cursor: pageParam, limit: PAGE_SIZE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  })
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  return { ...list, items }
}

export function useMemoryCounts() {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.memories, 'counts'],
    queryFn: ({ signal }) => client.memories.counts(undefined, { signal }),
  })
}

/** Those of the memories that are still there. */
export function useMemoriesOf(ids: readonly string[], enabled: boolean) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.memories, 'of', ids],
    queryFn: async ({ signal }) => (await client.memories.getMany({ ids: ids.slice(0, 100) }, { signal })).items,
    enabled: enabled && ids.length > 0,
  })
}

export function useRestingCards(ids: readonly string[]) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.cards, 'resting', ids],
    queryFn: async ({ signal }) => (await client.memories.restingCards({ ids: [...ids] }, { signal })).cards,
    enabled: ids.length > 0,
  })
}

export function useCardList(state: Card['state']) {
  const client = useClient()
  const list = useInfiniteQuery({
    queryKey: [...keys.cards, state],
    queryFn: ({ pageParam, signal }) => client.cards.list({ state, cursor: pageParam, limit: PAGE_SIZE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  return { ...list, items }
}

/** Those of the cards that are still there. */
export function useCardsOf(ids: readonly string[]) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.cards, 'of', ids],
    queryFn: async ({ signal }) => (await client.cards.getMany({ ids: ids.slice(0, 100) }, { signal })).items,
    enabled: ids.length > 0,
  })
}

/** Counts what was done, so that an older message in passing does not take back something newer. */
let latest = 0

/** What can be done with memories and cards; each says in passing that it is done, and how to take it back. */
export function useLearnerChanges() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const toast = useToast()
  const tellFailure = useTellFailure()
  const { mutate, isPending } = useMutation({
    mutationFn: ({ run }: { run(): Promise<unknown>; done?: string }) => run(),
    onSuccess: (_result, { done }) => {
      if (!done) return
      latest += 1
      const own = latest
      const undo = () => {
        if (own !== latest) return toast({ text: t('history.undo.nothing') })
        latest += 1
        void client.history.undo().catch(tellFailure)
      }
      toast({ text: done, action: { label: t('history.undo.action'), run: undo } })
    },
    onError: tellFailure,
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: keys.memories })
      void cache.invalidateQueries({ queryKey: keys.cards })
    },
  })
  return {
    isPending,
    accept: (ids: string[]) =>
      mutate({ run: () => client.memories.accept({ ids }), done: t('about.accepted', { count: ids.length }) }),
    forget: (ids: string[]) =>
      mutate({ run: () => client.memories.forget({ ids }), done: t('about.forgotten', { count: ids.length }) }),
    add: (text: string, kind: StatementKind) => mutate({ run: () => client.memories.add({ text, kind }) }),
    edit: (id: string, patch: { text?: string; kind?: StatementKind; validTo?: string | null }) =>
      mutate({ run: () => client.memories.edit({ id, ...patch }) }),
    keepCards: (ids: string[]) =>
      mutate({ run: () => client.cards.keep({ ids }), done: t('cards.keptDone', { count: ids.length }) }),
    editCard: (id: string, front: string, back: string) =>
      mutate({ run: () => client.cards.edit({ id, front, back }) }),
    deleteCards: (ids: string[]) =>
      mutate({ run: () => client.cards.delete({ ids }), done: t('cards.deletedDone', { count: ids.length }) }),
  }
}
