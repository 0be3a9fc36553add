import type { Database } from '../store/index.ts'

/** SQL that tells whether something names the blob `hash` (an expression) in the vault `$1`: a capture, a document, or an attachment of what was imported. */
export function isNamed(hash: string): string {
  return `(exists (select from captures c where c.vault_id = $1
      and (c.audio_sha256 = ${hash} or c.pictures @> jsonb_build_array(jsonb_build_object('sha256', ${hash}))
        or strpos(c.metadata::text, ${hash}) > 0))
    or exists (select from documents d where d.vault_id = $1 and d.sha256 = ${hash})
    or exists (select from notes n where n.vault_id = $1 and strpos(n.metadata::text, ${hash}) > 0))`
}

/** Those of these blobs that nothing names. */
export async function unnamedBlobs(db: Database, vaultId: string, hashes: readonly string[]): Promise<string[]> {
  if (hashes.length === 0) return []
  const rows = await db.query<{ sha256: string }>(
    `select distinct h as sha256 from unnest($2::text[]) h where not ${isNamed('h')}`,
    [vaultId, hashes],
  )
  return rows.map(({ sha256 }) => sha256)
}
