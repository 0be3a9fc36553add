import { LvaError } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import { writeConflictRows } from './conflict-entries.ts'
import { documentKind } from './document-names.ts'
import type { DocumentStore } from './document-store.ts'
import { project, touchAll } from './projection.ts'
import { writeProjections } from './tables.ts'
import type { VaultChange } from './types.ts'
import { CONCEPTS_JOB, FOLD_JOB, INDEX_JOB, READ_JOB, type Writer } from './writer.ts'

/** Tables that a rebuild empties. `doc_updates` is what it reads, `spending` belongs to the device. */
const SHADOWS = [
  'captures',
  'sessions',
  'notes',
  'settings',
  'documents',
  'document_texts',
  'earlier_transcripts',
  'collections',
  'chunks',
  'doc_records',
  'conflicts',
  'concept_corrections',
  'memories',
  'cards',
  'concept_sources',
  'capture_concepts',
  'capture_relations',
  'concepts',
  'concept_relations',
]

/**
 * Recreates all rows from the stored documents in one transaction (docs/vault.md §9). Only while nobody else writes.
 * @throws LvaError cancelled, vault-damaged; nothing is changed then
 */
export function rebuildTables(
  parts: { db: Database; vaultId: string; writer: Writer; documents: DocumentStore },
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<VaultChange> {
  const { db, vaultId, writer, documents } = parts
  return db.transaction(async (tx) => {
    for (const table of SHADOWS) await tx.query(`delete from ${table} where vault_id = $1`, [vaultId])
    // Running jobs stay: queueing marks them to run again.
    await tx.query(`delete from jobs where vault_id = $1 and kind = any($2::text[]) and state <> 'running'`, [
      vaultId,
      [INDEX_JOB, READ_JOB, CONCEPTS_JOB, FOLD_JOB],
    ])
    const names = Array.from(await documents.names(tx)).sort()
    // Proposals stand in a document: they are not derived.
    const tables = { ...writer.tables(tx), queueProposing: async () => undefined }
    const all: VaultChange = {
      captures: [],
      sessions: [],
      notes: [],
      documents: [],
      collections: false,
      settings: true,
    }
    for (const [done, name] of names.entries()) {
      refuseIfAborted(signal)
      onProgress(done, names.length)
      const { doc } = await documents.read(tx, name)
      const kind = documentKind(name)
      const projection = project(name, kind, doc, touchAll(doc, kind.kind), writer.report(name))
      if (projection) addTo(all, await writeProjections(tables, [projection]))
      await writeConflictRows(tx, vaultId, name, doc)
    }
    // Also where nothing is left to read: what was folded before has to go from the graph.
    await tables.queueFolding()
    refuseIfAborted(signal)
    onProgress(names.length, names.length)
    return all
  })
}

function addTo(all: VaultChange, change: VaultChange): void {
  all.captures = union(all.captures, change.captures)
  all.sessions = union(all.sessions, change.sessions)
  all.notes = union(all.notes, change.notes)
  all.documents = union(all.documents, change.documents)
  all.collections ||= change.collections
  all.settings ||= change.settings
  if (change.concepts) all.concepts = true
  if (change.memories) all.memories = union(all.memories ?? [], change.memories)
  if (change.cards) all.cards = union(all.cards ?? [], change.cards)
}

function union(some: string[], more: string[]): string[] {
  return Array.from(new Set([...some, ...more]))
}

function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LvaError('cancelled', 'The rebuild was stopped; nothing was changed.')
}
