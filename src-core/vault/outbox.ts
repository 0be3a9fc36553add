import type { Database, Queries } from '../store/index.ts'
import { badInput } from './door.ts'

/** What a step of another floor does inside the vault's own transaction. */
export type TransactionStep = (tx: Queries) => Promise<unknown>

/** What is changed on this device and waits for sync to send it, in the table `sync_outbox` (docs/protocol.md §9). */
export interface VaultOutbox {
  /** What is changed is queued: the vault is enrolled. */
  readonly isOpen: boolean
  /**
   * From now on every change made on this device is queued in the transaction that stores it; what is there already is queued as a whole,
   * `devices` first.
   * @param device 32 hex digits
   * @throws LvaError bad-input where the vault is enrolled as another device
   */
  enrol(device: string): Promise<void>
  /** Ends it, and forgets what was known of rooms and devices. */
  leave(): Promise<void>
  /** Called after something was queued. @returns ends it */
  onQueued(listener: () => void): () => void
}

/** An update that changes nothing. */
const NOTHING = Uint8Array.of(0, 0)
const TABLES = [
  'sync_state',
  'sync_outbox',
  'sync_rooms',
  'sync_taken',
  'sync_refused',
  'sync_attachments',
  'sync_clients',
]

export class Outbox {
  readonly #db: Database
  readonly #vaultId: string
  readonly #listeners = new Set<() => void>()
  readonly #clients = new Set<number>()
  #device: string | undefined

  private constructor(db: Database, vaultId: string, device: string | undefined) {
    this.#db = db
    this.#vaultId = vaultId
    this.#device = device
  }

  static async read(db: Database, vaultId: string): Promise<Outbox> {
    const [row] = await db.query<{ device: string }>('select device from sync_state where vault_id = $1', [vaultId])
    return new Outbox(db, vaultId, row?.device)
  }

  /** Changes have to be queued. */
  get isOpen(): boolean {
    return this.#device !== undefined
  }

  /** Only while nobody writes. @throws LvaError bad-input */
  async enrol(device: string): Promise<void> {
    await this.#db.transaction(async (tx) => {
      const [known] = await tx.query<{ device: string }>('select device from sync_state where vault_id = $1', [
        this.#vaultId,
      ])
      if (known?.device === device) return
      if (known) throw badInput('This vault is enrolled as another device; leave sync first.')
      await tx.query(
        'insert into sync_state (vault_id, device, sequence, acknowledged, strange_up_to) values ($1, $2, 0, 0, 0)',
        [this.#vaultId, device],
      )
      await queueEverything(tx, this.#vaultId)
    })
    this.#device = device
    this.tell()
  }

  /** Only while nobody writes. */
  async leave(): Promise<void> {
    await this.#db.transaction(async (tx) => {
      for (const table of TABLES) await tx.query(`delete from ${table} where vault_id = $1`, [this.#vaultId])
    })
    this.#device = undefined
    this.#clients.clear()
  }

  /** Queues updates. Inside the transaction that stores them. */
  async queue(tx: Queries, entries: readonly { document: { name: string }; update: Uint8Array }[]): Promise<void> {
    const values = entries.map((_, at) => `($1, $${2 * at + 2}, 'update', $${2 * at + 3}::bytea)`)
    await tx.query(`insert into sync_outbox (vault_id, doc, kind, content) values ${values.join(', ')}`, [
      this.#vaultId,
      ...entries.flatMap(({ document, update }) => [document.name, update]),
    ])
  }

  /**
   * Notes which devices Yjs clients are; what is known stays. Inside the transaction that stores their changes; `noted` follows once it has
   * committed.
   * @param own clients of this device
   */
  async note(tx: Queries, own: readonly number[], others: ReadonlyMap<number, string>): Promise<void> {
    const devices = new Map([...others, ...own.map((client) => [client, this.#device ?? ''] as const)])
    const fresh = Array.from(devices).filter(([client]) => !this.#clients.has(client))
    if (fresh.length === 0) return
    await tx.query(
      `insert into sync_clients (vault_id, client, device)
       select $1, * from unnest($2::bigint[], $3::text[]) on conflict do nothing`,
      [this.#vaultId, fresh.map(([client]) => String(client)), fresh.map(([, device]) => device)],
    )
  }

  noted(clients: Iterable<number>): void {
    for (const client of clients) this.#clients.add(client)
  }

  /** Devices of these clients, as far as they are known. */
  async devicesOf(queries: Queries, clients: readonly number[]): Promise<Map<number, string>> {
    const rows = await queries.query<{ client: number; device: string }>(
      'select client, device from sync_clients where vault_id = $1 and client = any($2::bigint[])',
      [this.#vaultId, clients.map(String)],
    )
    return new Map(rows.map(({ client, device }) => [Number(client), device]))
  }

  /**
   * Takes what waits of a document out of the queue, since it may hold what was forgotten, and queues a snapshot that lets the relay delete
   * it too. A sequence that was given out goes on to stand for something: for nothing at all.
   */
  async erasePast(tx: Queries, doc: string): Promise<void> {
    const params = [this.#vaultId, doc]
    await tx.query(`delete from sync_outbox where vault_id = $1 and doc = $2 and sequence is null`, params)
    await tx.query(
      `update sync_outbox set content = $3, kind = 'update', covers = null
       where vault_id = $1 and doc = $2 and kind in ('update', 'snapshot')`,
      [...params, NOTHING],
    )
    await tx.query(`insert into sync_outbox (vault_id, doc, kind) values ($1, $2, 'snapshot')`, params)
  }

  tell(): void {
    for (const listener of this.#listeners) listener()
  }

  onQueued(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Queues all documents as a whole, `devices` first: what comes after is signed by devices that it names. */
export async function queueEverything(tx: Queries, vaultId: string): Promise<void> {
  await tx.query(
    `insert into sync_outbox (vault_id, doc, kind)
     select vault_id, doc, 'all' from (select distinct vault_id, doc from doc_updates where vault_id = $1) as stored
     order by doc <> 'devices', doc`,
    [vaultId],
  )
}
