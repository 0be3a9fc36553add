import type { Queries } from '../store/index.ts'
import { isCurrentMark } from './concepts/mention-rows.ts'
import { chunksOf, readSubjects } from './subjects.ts'
import type { VectorIndex } from './vectors/types.ts'

/** What the index holds of one capture, against what its text says that it must hold. */
export interface IndexAudit {
  captureId: string
  /** Chunks that it must have. */
  chunks: number
  missingChunks: number
  superfluousChunks: number
  /** Chunks that are there without a vector of the present model. */
  missingVectors: number
  /** Whether what the learner said was read for concepts as it is now. */
  isReadForConcepts: boolean
  /** Concepts that it mentions and that the graph does not have. */
  missingConcepts: number
}

/** Looks at the chunks, vectors and concepts of captures; those that do not exist are left out. Changes nothing. */
export async function auditCaptures(
  { db, vaultId, vectors }: { db: Queries; vaultId: string; vectors: VectorIndex },
  captureIds: readonly string[],
): Promise<IndexAudit[]> {
  const texts = await readSubjects(
    db,
    vaultId,
    captureIds.map((id) => ({ kind: 'capture', id })),
  )
  const stored = await db.query<{ id: string; capture_id: string }>(
    `select id, capture_id from chunks where vault_id = $1 and kind = 'capture' and capture_id = any($2::text[])`,
    [vaultId, captureIds],
  )
  const withVector = await vectors.known(stored.map(({ id }) => id))
  const sources = await db.query<{ capture_id: string; extractor: string }>(
    `select capture_id, extractor from concept_sources where vault_id = $1 and kind = 'capture' and capture_id = any($2::text[])`,
    [vaultId, captureIds],
  )
  const marks = new Map(sources.map(({ capture_id, extractor }) => [capture_id, extractor]))
  const homeless = await db.query<{ capture_id: string; count: number }>(
    `select capture_id, count(*)::int as count from capture_concepts m
    where vault_id = $1 and kind = 'capture' and capture_id = any($2::text[])
      and not exists (select from concepts c where c.vault_id = $1 and c.id = m.concept_id) group by capture_id`,
    [vaultId, captureIds],
  )
  const missingConcepts = new Map(homeless.map(({ capture_id, count }) => [capture_id, count]))
  const byCapture = Map.groupBy(stored, (chunk) => chunk.capture_id)
  return texts.map((text) => {
    const wanted = new Set(chunksOf(text).map(({ id }) => id))
    const there = byCapture.get(text.id) ?? []
    const rightly = there.filter(({ id }) => wanted.has(id))
    return {
      captureId: text.id,
      chunks: wanted.size,
      missingChunks: wanted.size - rightly.length,
      superfluousChunks: there.length - rightly.length,
      missingVectors: rightly.filter(({ id }) => !withVector.has(id)).length,
      isReadForConcepts: isCurrentMark(marks.get(text.id), text),
      missingConcepts: missingConcepts.get(text.id) ?? 0,
    }
  })
}
