import type { Queries } from '../store/index.ts'
import { takeRecordId } from './door.ts'
import { notFound } from './reads.ts'
import type { Collection, DocumentOrigin, LibraryDocument } from './types.ts'

interface DocumentRow extends Record<string, unknown> {
  id: string
  title: string
  sha256: string
  format: string
  size: number
  origins: DocumentOrigin[]
  collections: string[]
  tags: string[]
  created_at: Date
  updated_at: Date
  missing_at: Date | null
}

/** @throws LvaError not-found */
export async function getDocument(queries: Queries, vaultId: string, id: string): Promise<LibraryDocument> {
  const [row] = await queries.query<DocumentRow>(
    `select id, title, sha256, format, size, origins, collections, tags, created_at, updated_at, missing_at
     from documents where vault_id = $1 and id = $2`,
    [vaultId, takeRecordId(id)],
  )
  if (!row) throw notFound('This document')
  const { created_at, updated_at, missing_at, size, ...rest } = row
  return {
    ...rest,
    size: Number(size),
    createdAt: created_at.toISOString(),
    updatedAt: updated_at.toISOString(),
    missingAt: missing_at?.toISOString() ?? null,
  }
}

/** By name. */
export async function listCollections(queries: Queries, vaultId: string): Promise<Collection[]> {
  const rows = await queries.query<{ id: string; name: string; created_at: Date }>(
    'select id, name, created_at from collections where vault_id = $1 order by lower(name), id',
    [vaultId],
  )
  return rows.map(({ id, name, created_at }) => ({ id, name, createdAt: created_at.toISOString() }))
}
