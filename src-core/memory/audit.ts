import type { Queries } from '../store/index.ts'
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
}

/** Looks at the chunks and vectors of captures; those that do not exist are left out. Changes nothing. */
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
    }
  })
}
