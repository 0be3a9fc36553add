import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Client, DocumentEvent, LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient, useLineState } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { documentRuleOf } from '../backend/list-rules.ts'
import { patchLists } from '../backend/patch-lists.ts'
import { keys } from '../backend/queries.ts'
import { documentKeys, MOST_LISTED } from './queries.ts'

/** Keeps what is being read, and how far, as the core says it, for as long as the line is open. */
export function useLiveDocuments(): void {
  const client = useClient()
  const cache = useQueryClient()
  const line = useLineState()
  useEffect(() => {
    if (line !== 'open') return
    const stop = new AbortController()
    void follow(client, cache, stop.signal)
    return () => stop.abort()
  }, [client, cache, line])
}

async function follow(client: Client, cache: QueryClient, signal: AbortSignal): Promise<void> {
  try {
    for await (const event of await client.documents.events(undefined, { signal })) showDocumentEvent(cache, event)
  } catch (error) {
    // A lost line ends the stream; the next opening of the line starts it again.
    const { code } = toFailure(error)
    if (!signal.aborted && code !== 'disconnected' && code !== 'cancelled') console.error('documents ended:', code)
  }
}

/** Puts into the cache what the core says of a document, or of how many wait. */
export function showDocumentEvent(cache: QueryClient, event: DocumentEvent): void {
  if (event.type === 'queue') {
    cache.setQueryData(documentKeys.queue, event.queue)
    const listed = cache.getQueryData<LearnerDocument[]>(documentKeys.unfinished)
    const unfinished = event.queue.pending + event.queue.failed
    // The few that are listed have been read and others wait, or some of them were deleted.
    if (listed && (listed.length < Math.min(MOST_LISTED, unfinished) || listed.length > unfinished))
      void cache.invalidateQueries({ queryKey: documentKeys.unfinished })
    return
  }
  const { document } = event
  cache.setQueryData(keys.document(document.id), document)
  // The same bytes may have been read anew, as by another recogniser.
  void cache.invalidateQueries({ queryKey: documentKeys.text(document.id, document.sha256) })
  void cache.invalidateQueries({ queryKey: documentKeys.transcripts(document.id) })
  patchLists(cache, keys.documents, new Map([[document.id, document]]), documentRuleOf)
  cache.setQueryData<LearnerDocument[]>(documentKeys.unfinished, (listed) => listed && withChange(listed, document))
}

const RANK: Partial<Record<LearnerDocument['state'], number>> = { failed: 0, reading: 1, waiting: 2 }

/** The list of what is unfinished after one document changed: failures first, then what is being read, then what waits. */
export function withChange(listed: readonly LearnerDocument[], changed: LearnerDocument): LearnerDocument[] {
  const others = listed.filter(({ id }) => id !== changed.id)
  const rank = RANK[changed.state]
  if (rank === undefined) return others
  const at = others.findIndex(({ state }) => (RANK[state] ?? 0) > rank)
  return others.toSpliced(at < 0 ? others.length : at, 0, changed)
}
