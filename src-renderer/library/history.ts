import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { captureRuleOf, documentRuleOf, noteRule, sessionRule } from '../backend/list-rules.ts'
import { patchLists } from '../backend/patch-lists.ts'
import { keys } from '../backend/queries.ts'
import { useFailureWords } from '../i18n/failure-words.ts'
import { type Binding, SHORTCUTS, useShortcuts } from '../shell/shortcuts.ts'
import { useToast } from '../ui/toasts.tsx'

/** Ctrl-Z and Ctrl-Shift-Z, wherever nothing is being typed. */
export function useHistoryKeys(): void {
  const { undo, redo } = useUndo()
  const bindings = useMemo<Binding[]>(
    () => [
      { shortcut: SHORTCUTS.undo, run: undo },
      { shortcut: SHORTCUTS.redo, run: redo },
    ],
    [undo, redo],
  )
  useShortcuts(bindings)
}

/** Takes back the learner's last change, or makes it again. */
export function useUndo(): { undo(): void; redo(): void } {
  const { t } = useTranslation()
  const client = useClient()
  const toast = useToast()
  const tellFailure = useTellFailure()
  const { mutate } = useMutation({
    mutationFn: (direction: 'undo' | 'redo') => client.history[direction](),
    onSuccess: ({ done }, direction) => toast({ text: t(`history.${direction}.${done ? 'done' : 'nothing'}`) }),
    onError: tellFailure,
  })
  return useMemo(() => ({ undo: () => mutate('undo'), redo: () => mutate('redo') }), [mutate])
}

/** Says in passing that something failed, and what to do. */
export function useTellFailure(): (error: unknown) => void {
  const toast = useToast()
  const words = useFailureWords()
  return useMemo(
    () => (error) => {
      const { what, next } = words(toFailure(error))
      toast({ text: what, detail: next })
    },
    [toast, words],
  )
}

/** Deletes things; they are gone from the screen at once, and one press brings them back. */
export function useDeletion(): {
  captures(ids: readonly string[]): void
  session(id: string): void
  note(id: string): void
  documents(ids: readonly string[]): void
} {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const toast = useToast()
  const tellFailure = useTellFailure()
  return useMemo(() => {
    const run = async (
      hide: () => void,
      remove: () => Promise<unknown>,
      restore: () => Promise<unknown>,
      text: string,
    ) => {
      hide()
      try {
        await remove()
        toast({ text, action: { label: t('history.undo.action'), run: () => void restore().catch(tellFailure) } })
      } catch (error) {
        // What was hidden too early comes back.
        void cache.invalidateQueries()
        tellFailure(error)
      }
    }
    const gone = (ids: readonly string[]) => new Map(ids.map((id) => [id, null]))
    return {
      captures: (ids) =>
        void run(
          () => patchLists(cache, keys.captures, gone(ids), captureRuleOf),
          () => inParts(ids, (part) => client.captures.delete({ ids: part })),
          () => inParts(ids, (part) => client.captures.restore({ ids: part })),
          t('library.deletedCaptures', { count: ids.length }),
        ),
      session: (id) =>
        void run(
          () => patchLists(cache, keys.sessions, gone([id]), () => sessionRule),
          () => client.sessions.delete({ id }),
          () => client.sessions.restore({ id }),
          t('library.deletedSession'),
        ),
      note: (id) =>
        void run(
          () => patchLists(cache, keys.notes, gone([id]), () => noteRule),
          () => client.notes.delete({ id }),
          () => client.notes.restore({ id }),
          t('library.deletedNote'),
        ),
      documents: (ids) =>
        void run(
          () => patchLists(cache, keys.documents, gone(ids), documentRuleOf),
          () => inParts(ids, (part) => client.documents.delete({ ids: part })),
          () => inParts(ids, (part) => client.documents.restore({ ids: part })),
          t('documents.deleted', { count: ids.length }),
        ),
    }
  }, [client, cache, toast, tellFailure, t])
}

/** Ids that the core takes in one call. */
const PART = 1_000

async function inParts(ids: readonly string[], act: (part: string[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < ids.length; from += PART) await act(ids.slice(from, from + PART))
}
