import { getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { expect, it } from 'vitest'
import { LOCAL_TABLES } from '../src-core/backup/tables.ts'
import * as schema from '../src-core/store/schema.ts'

/**
 * Made again from documents and texts or by the next look into a watched folder, work that is queued again, a cache, or what a device and a
 * relay know of each other (a vault that comes back from a backup is enrolled anew), how long deletions have waited, which begins anew, or a note of frames of the screen that were never kept.
 */
const DERIVED = [
  'capture_concepts',
  'capture_relations',
  'captures',
  'cards',
  'chunks',
  'collections',
  'concept_corrections',
  'concept_folds',
  'concept_relations',
  'concept_sources',
  'concepts',
  'conflicts',
  'doc_records',
  'document_texts',
  'documents',
  'earlier_transcripts',
  'forgetting_documents',
  'forgetting_waits',
  'jobs',
  'memories',
  'notes',
  'picture_blobs',
  'research_cache',
  'screen_gaps',
  'sessions',
  'settings',
  'sync_attachments',
  'sync_clients',
  'sync_outbox',
  'sync_refused',
  'sync_rooms',
  'sync_state',
  'sync_taken',
  'turn_checkpoints',
  'turn_writes',
  'watched_files',
]

it('know every table of the schema: what is not derived is in a backup', () => {
  const tables = Object.values(schema).flatMap((value) => (is(value, PgTable) ? [getTableName(value)] : []))
  expect(tables.sort()).toEqual([...DERIVED, ...Object.keys(LOCAL_TABLES), 'doc_updates'].sort())
})
