import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Concept, RelationKind } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useTellFailure, useUndo } from '../library/history.ts'
import { useToast } from '../ui/toasts.tsx'

export interface Corrections {
  rename(concept: Concept, name: string): void
  merge(into: Concept, other: Concept): void
  split(concept: Concept, variant: Concept['variants'][number]): void
  hide(concept: Concept, hidden: boolean): void
  link(from: Concept, to: Concept, kind: RelationKind, linked: boolean): void
}

/** What the learner puts right about concepts. Each is told, and one press takes it back. */
export function useCorrections(): Corrections {
  const { t } = useTranslation()
  const client = useClient()
  const toast = useToast()
  const tellFailure = useTellFailure()
  const { undo } = useUndo()
  return useMemo(() => {
    const run = (work: Promise<unknown>, text: string) =>
      void work.then(
        () => toast({ text, action: { label: t('history.undo.action'), run: undo } }),
        (error) => tellFailure(error),
      )
    return {
      rename: ({ id }, name) =>
        run(
          client.graph.rename({ concept: id, name: name === '' ? null : name }),
          name === '' ? t('map.done.nameTakenAway') : t('map.done.renamed', { name }),
        ),
      merge: (into, other) =>
        run(
          client.graph.merge({ into: into.id, other: other.id }),
          t('map.done.merged', { into: into.name, other: other.name }),
        ),
      split: (concept, variant) =>
        run(
          client.graph.split({ concept: concept.id, variant: variant.id }),
          t('map.done.split', { name: variant.text }),
        ),
      hide: ({ id, name }, hidden) =>
        run(client.graph.hide({ concept: id, hidden }), t(hidden ? 'map.done.hidden' : 'map.done.shown', { name })),
      link: (from, to, kind, linked) =>
        run(
          client.graph.link({ from: from.id, to: to.id, kind, linked }),
          t(linked ? 'map.done.linked' : 'map.done.unlinked', { from: from.name, to: to.name }),
        ),
    }
  }, [client, toast, tellFailure, undo, t])
}
