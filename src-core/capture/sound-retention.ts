import type { BlobStore, Database } from '../store/index.ts'
import type { DocumentBlock, Vault } from '../vault/index.ts'
import { unnamedBlobs } from './blob-names.ts'
import { writeVtt } from './documents/index.ts'

export interface SoundRetentionParts {
  db: Database
  vault: Pick<Vault, 'id' | 'library' | 'forgetting'>
  blobs: Pick<BlobStore, 'put' | 'size' | 'delete'>
}

/** A recording whose sound may go. */
export interface DueSound {
  id: string
  sha256: string
  /** Bytes. */
  size: number
}

/** Documents of sound that are recordings of the learner: those of watched folders stay where they are. */
export const LONG_RECORDING = `d.format = 'audio' and not d.origins @> '[{"kind": "folder"}]'::jsonb`

/** Lets the sound of long recordings go, and leaves their transcripts (docs/documents.md §6). */
export class SoundRetention {
  readonly #parts: SoundRetentionParts

  constructor(parts: SoundRetentionParts) {
    this.#parts = parts
  }

  /** Recordings from before that instant that are written down, that nobody keeps, and on which no kept card rests. */
  async due(before: Date): Promise<DueSound[]> {
    const { db, vault } = this.#parts
    const rows = await db.query<DueSound & Record<string, unknown>>(
      `select d.id, d.sha256, d.size from documents d join document_texts t on t.vault_id = d.vault_id and t.document_id = d.id
       where d.vault_id = $1 and d.created_at < $2 and ${LONG_RECORDING} and not d.keeps_sound
         and t.state = 'ready' and t.text_sha256 = d.sha256 and t.text <> ''
         and not exists (select from cards c where c.vault_id = $1 and c.state = 'kept'
           and c.source->>'kind' = 'document' and c.source->>'captureId' = d.id)
       order by d.created_at, d.id`,
      [vault.id, before],
    )
    return rows.map((row) => ({ ...row, size: Number(row.size) }))
  }

  /** Puts the transcript in the place of the sound, whose bytes `settle` deletes. */
  async letGo({ id, sha256 }: DueSound, days: number): Promise<void> {
    const { db, vault, blobs } = this.#parts
    const [heard] = await db.query<{ text: string; blocks: DocumentBlock[]; heard_by: string | null }>(
      `select text, blocks, heard_by from document_texts where vault_id = $1 and document_id = $2 and text_sha256 = $3`,
      [vault.id, id, sha256],
    )
    if (!heard) return
    const bytes = writeVtt(heard.text, heard.blocks, heard.heard_by)
    const transcript = { sha256: await blobs.put(bytes), format: 'vtt', size: bytes.length }
    const gone = await vault.library.letSoundsGo([{ id, sha256, days, transcript }])
    if (gone.length === 0) await this.#deleteUnnamed([transcript.sha256])
  }

  /** Deletes the bytes of sounds that went, on whatever device that was decided; of those that the learner keeps, they come back. */
  async settle(): Promise<void> {
    const { db, vault, blobs } = this.#parts
    const rows = await db.query<{ id: string; sha256: string; keeps: boolean }>(
      `select id, sound->>'sha256' as sha256, keeps_sound as keeps from documents where vault_id = $1 and sound is not null`,
      [vault.id],
    )
    const here: typeof rows = []
    for (const row of rows) if ((await blobs.size(row.sha256)) !== undefined) here.push(row)
    const kept = here.filter(({ keeps }) => keeps).map(({ id }) => id)
    if (kept.length > 0) await vault.library.putSoundsBack(kept)
    await this.#deleteUnnamed(here.filter(({ keeps }) => !keeps).map(({ sha256 }) => sha256))
  }

  /** Those that nothing names, nor anything that can still be restored. */
  async #deleteUnnamed(hashes: readonly string[]): Promise<void> {
    const { db, vault, blobs } = this.#parts
    const unnamed = await unnamedBlobs(db, vault.id, hashes)
    if (unnamed.length === 0) return
    const restorable = new Set((await vault.forgetting.deleted()).flatMap((thing) => thing.blobs))
    for (const sha256 of unnamed) if (!restorable.has(sha256)) await blobs.delete(sha256)
  }
}
