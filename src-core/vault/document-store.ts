import * as Y from 'yjs'
import { type Clock, LvaError } from '../kernel/index.ts'
import type { Queries } from '../store/index.ts'

/** A document in memory and what is stored of it. */
export interface OpenDocument {
  readonly name: string
  readonly doc: Y.Doc
  /** `seq` of its newest row; 0 when it has none. */
  lastSeq: number
  rows: number
  /** Bytes of its oldest row, which is the merged one once it was compacted, and of the rows after it. */
  firstBytes: number
  laterBytes: number
}

export interface DocumentTuning {
  /** Documents kept in memory. */
  cached: number
  /** Rows after the merged one that make a document worth merging again, when they are a quarter of its bytes. */
  compactRows: number
}

/** Loads documents from `doc_updates`, keeps those used last, and appends to them. Calls must not overlap: the vault's writer sees to it. */
export class DocumentStore {
  readonly #vaultId: string
  readonly #clock: Clock
  readonly #tuning: DocumentTuning
  /** In the order of use, the one used last at the end. */
  readonly #open = new Map<string, OpenDocument>()
  #names: Set<string> | undefined
  #erased: Set<string> | undefined

  constructor(vaultId: string, clock: Clock, tuning: DocumentTuning) {
    this.#vaultId = vaultId
    this.#clock = clock
    this.#tuning = tuning
  }

  /** Names of the stored documents. */
  async names(queries: Queries): Promise<ReadonlySet<string>> {
    if (!this.#names) {
      const rows = await queries.query<{ doc: string }>('select distinct doc from doc_updates where vault_id = $1', [
        this.#vaultId,
      ])
      this.#names = new Set(rows.map((row) => row.doc))
    }
    return this.#names
  }

  /** Whether no stored update of the document holds what was forgotten, as far as it is known. */
  async isErased(queries: Queries, name: string): Promise<boolean> {
    if (!this.#erased) {
      const rows = await queries.query<{ doc: string }>(
        'select doc from forgetting_documents where vault_id = $1 and erased',
        [this.#vaultId],
      )
      this.#erased = new Set(rows.map(({ doc }) => doc))
    }
    return this.#erased.has(name)
  }

  /** Something was forgotten of which earlier updates stay for now. Inside the transaction that forgets. */
  async owesErasing(tx: Queries, name: string): Promise<void> {
    this.#erased?.delete(name)
    await tx.query('update forgetting_documents set erased = false where vault_id = $1 and doc = $2', [
      this.#vaultId,
      name,
    ])
  }

  /** The document, empty when nothing is stored of it. @throws LvaError vault-damaged */
  async open(queries: Queries, name: string): Promise<OpenDocument> {
    const document = this.#open.get(name) ?? (await this.read(queries, name))
    this.#open.delete(name)
    this.#open.set(name, document)
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= this.#tuning.cached) break
      this.#open.delete(oldest)
    }
    return document
  }

  /** The document as it is stored, beside what is in memory. @throws LvaError vault-damaged */
  async read(queries: Queries, name: string): Promise<OpenDocument> {
    const rows = await queries.query<{ seq: number; update: Uint8Array }>(
      'select seq, "update" from doc_updates where vault_id = $1 and doc = $2 order by seq',
      [this.#vaultId, name],
    )
    // It draws no id for itself, which would take longer than a short document.
    const doc = new Y.Doc({ guid: name })
    doc.transact(() => {
      for (const row of rows) applyStored(doc, name, row.seq, row.update)
    })
    const bytes = rows.map((row) => row.update.length)
    const firstBytes = bytes[0] ?? 0
    return {
      name,
      doc,
      lastSeq: rows.at(-1)?.seq ?? 0,
      rows: rows.length,
      firstBytes,
      laterBytes: bytes.reduce((sum, length) => sum + length, 0) - firstBytes,
    }
  }

  /** Forgets the document in memory; the next `open` reads what is stored. */
  discard(name: string): void {
    this.#open.delete(name)
    this.#names = undefined
  }

  /**
   * The statement that appends one update to each document. Its rows take the next `seq`, so that it fails when another process wrote.
   * Parameters begin with the vault's id as `$1`.
   */
  appending(entries: readonly { document: OpenDocument; update: Uint8Array }[]) {
    const params: (string | number | Date | Uint8Array)[] = [this.#vaultId, new Date(this.#clock.now())]
    const values = entries.map(({ document, update }) => {
      params.push(document.name, document.lastSeq + 1, update)
      return `($1, $${params.length - 2}, $${params.length - 1}::bigint, $${params.length}::bytea, $2::timestamptz)`
    })
    return {
      text: `insert into doc_updates (vault_id, doc, seq, "update", created_at) values ${values.join(', ')}`,
      params,
    }
  }

  /** Notes that the updates are stored. */
  appended(entries: readonly { document: OpenDocument; update: Uint8Array }[]): void {
    for (const { document, update } of entries) {
      document.lastSeq += 1
      document.rows += 1
      if (document.rows === 1) document.firstBytes = update.length
      else document.laterBytes += update.length
      this.#names?.add(document.name)
    }
  }

  /** Whether merging the rows of the document is worth its cost: a row is then rewritten a bounded number of times over its life. */
  isCompactionDue(document: OpenDocument): boolean {
    const later = document.rows - 1
    return (
      later >= this.#tuning.compactRows &&
      (document.laterBytes * 4 >= document.firstBytes + document.laterBytes || later >= this.#tuning.compactRows * 10)
    )
  }

  /**
   * Puts one update that holds what the document holds now in the place of all its rows, the one that was just appended included. Inside
   * the transaction that appends; `erased` follows once it has committed.
   */
  async erasePast(tx: Queries, document: OpenDocument): Promise<void> {
    await this.#merge(tx, document, document.lastSeq + 1, document.rows)
    await this.#noteErased(tx, document.name)
  }

  /** The same where nothing is appended. `erased` follows once it has committed. */
  async erase(tx: Queries, document: OpenDocument): Promise<void> {
    if (document.rows > 0) await this.#merge(tx, document, document.lastSeq, document.rows - 1)
    await this.#noteErased(tx, document.name)
  }

  #noteErased(tx: Queries, name: string) {
    return tx.query(
      `insert into forgetting_documents (vault_id, doc, empty_at, erased) values ($1, $2, 0, true)
       on conflict (vault_id, doc) do update set erased = true`,
      [this.#vaultId, name],
    )
  }

  /** Notes that the past of the document is gone; after `appended`. */
  erased(document: OpenDocument): void {
    document.rows = Math.min(document.rows, 1)
    document.firstBytes = Y.encodeStateAsUpdate(document.doc).length
    document.laterBytes = 0
    this.#erased?.add(document.name)
  }

  /** Merges the rows of the document into its newest. Nothing changes when another process wrote to it. */
  async compact(tx: Queries, document: OpenDocument): Promise<void> {
    const bytes = await this.#merge(tx, document, document.lastSeq, document.rows - 1)
    document.rows = 1
    document.firstBytes = bytes
    document.laterBytes = 0
  }

  /** @param older rows that this process knows of before `seq`. @returns bytes of what stands there now */
  async #merge(tx: Queries, document: OpenDocument, seq: number, older: number): Promise<number> {
    const merged = Y.encodeStateAsUpdate(document.doc)
    const deleted = await tx.query(
      'delete from doc_updates where vault_id = $1 and doc = $2 and seq < $3 returning seq',
      [this.#vaultId, document.name, seq],
    )
    const written = await tx.query(
      'update doc_updates set "update" = $4 where vault_id = $1 and doc = $2 and seq = $3 returning seq',
      [this.#vaultId, document.name, seq, merged],
    )
    if (deleted.length !== older || written.length !== 1) {
      throw new LvaError('internal', `The rows of ${document.name} are not those that this process wrote and read.`, {
        advice: 'Make sure that only one program has the vault open.',
      })
    }
    return merged.length
  }
}

function applyStored(doc: Y.Doc, name: string, seq: number, update: Uint8Array): void {
  try {
    Y.applyUpdate(doc, update)
  } catch (cause) {
    throw new LvaError('vault-damaged', `Update ${seq} of the document ${name} cannot be read.`, {
      advice: 'Restore the vault from a backup or a dump.',
      params: { document: name, seq },
      cause,
    })
  }
}
