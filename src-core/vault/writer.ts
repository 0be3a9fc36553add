import * as Y from 'yjs'
import { type Clock, type Log, LvaError, Mutex } from '../kernel/index.ts'
import { type Database, enqueueJobs, type Queries } from '../store/index.ts'
import { writeConflictRows, writeEntries } from './conflict-entries.ts'
import { conflictRules } from './conflict-rules.ts'
import { documentKind } from './document-names.ts'
import type { DocumentStore, OpenDocument } from './document-store.ts'
import { FORGET_JOB, holdsForgotten, removeForgottenFrom } from './forgotten.ts'
import type { Step } from './history.ts'
import { journalOf } from './journal.ts'
import { type Observation, observe } from './observation.ts'
import type { Outbox, TransactionStep } from './outbox.ts'
import { type Noticed, noticing, OVERWRITTEN } from './overwritten.ts'
import { type Projection, project, projectCapture, type ReportInvalid } from './projection.ts'
import { mergeReturning, type Returning, writeReturning } from './returning.ts'
import { type Tables, writeProjections } from './tables.ts'
import type { VaultChange } from './types.ts'

/** Kind of the jobs that derive chunks and vectors. Subjects: `capture:<id>`, `note:<id>`, `document:<id>`. */
export const INDEX_JOB = 'index'
/** Kind of the jobs that read documents. Subjects: `document:<id>`. */
export const READ_JOB = 'read'
/** Kind of the jobs that read texts for concepts. Same subjects as `index`. */
export const CONCEPTS_JOB = 'concepts'
/** Kind of the jobs that say of which documents earlier updates are still to be taken away. Subjects: names of documents. */
const ERASE_JOB = 'erase'
/** Kind and subject of the job that folds what was read, and the learner's corrections, into concepts and their graph. */
export const FOLD_JOB = 'fold'
/** Kind of the jobs that look for statements about the learner. Subjects: `capture:<id>`. */
export const PROPOSE_JOB = 'propose'
export const FOLD_SUBJECT = 'concepts'

const NONE: ReadonlySet<string> = new Set()
const NOBODY: ReadonlyMap<number, string> = new Map()

/** A result that is not a promise: with it, a callback that awaits inside a Yjs transaction does not compile. */
export type NotPromise<T> = T extends PromiseLike<unknown> ? never : T

/** The documents of a change by name. */
export type DocOf = (name: string) => Y.Doc

/** By the name of their document, the ids of captures, notes and documents of which nothing is left. */
export type Forgotten = ReadonlyMap<string, ReadonlySet<string>>

/** What a change did. `change` is null when it did nothing. */
export interface Written<T> {
  result: T
  change: VaultChange | null
  /** How the learner can take it back; empty unless it was asked for. */
  step: Step
}

/** The one way into the documents and, with them, the tables (docs/vault.md §4). One write at a time. */
export class Writer {
  readonly #db: Database
  readonly #vaultId: string
  readonly #clock: Clock
  readonly #log: Log
  readonly #documents: DocumentStore
  readonly #outbox: Outbox
  readonly #mutex = new Mutex()
  readonly #listeners = new Set<(change: VaultChange) => void>()
  readonly #updateListeners = new Set<(name: string, update: Uint8Array) => void>()
  readonly #forgetListeners = new Set<(gone: Forgotten) => void>()
  readonly #waitingToErase = new Set<string>()
  #closed = false
  /** Snapshots that are being read. */
  #holders = 0

  constructor(parts: {
    db: Database
    vaultId: string
    clock: Clock
    log: Log
    documents: DocumentStore
    outbox: Outbox
  }) {
    this.#db = parts.db
    this.#vaultId = parts.vaultId
    this.#clock = parts.clock
    this.#log = parts.log
    this.#documents = parts.documents
    this.#outbox = parts.outbox
  }

  /** Runs the task while nobody else writes. Inside it, call `write`, `apply` and `documents`; they do not wait for their turn themselves. */
  exclusively<T>(task: (documents: DocumentStore) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closed())
    return this.#mutex.run(() => task(this.#documents))
  }

  /**
   * Runs `fn` as one Yjs transaction over the named documents and stores what it did, rows and derived work included, in one Postgres
   * transaction. Only inside `exclusively`.
   * @param unknown captures of which no document had a record; they are not looked for again
   * @param also done in the same transaction
   * @throws what `fn` throws, and what the database throws; nothing is changed then
   */
  write<T>(
    names: readonly string[],
    fn: (docOf: DocOf) => NotPromise<T>,
    unknown: ReadonlySet<string> = NONE,
    also?: TransactionStep,
  ): Promise<Written<T>> {
    return this.#write(names, fn, false, unknown, also)
  }

  /** Like `write`, for a change of the learner: also says how to take it back. */
  writeStep<T>(
    names: readonly string[],
    fn: (docOf: DocOf) => NotPromise<T>,
    also?: TransactionStep,
  ): Promise<Written<T>> {
    return this.#write(names, fn, true, NONE, also)
  }

  /**
   * Merges an update of another device. Only inside `exclusively`.
   * @param also done in the same transaction, also where the update brings nothing
   * @param authors by Yjs client, the device that brought its first change
   * @returns null when it brought nothing to see
   * @throws LvaError bad-input when it is no Yjs update
   */
  async apply(
    name: string,
    update: Uint8Array,
    also?: TransactionStep,
    authors: ReadonlyMap<number, string> = NOBODY,
  ): Promise<VaultChange | null> {
    const document = await this.#documents.open(this.#db, name)
    const { doc } = document
    const kind = documentKind(name)
    const observing = observe(name, kind, doc, false)
    const waitingBefore = waitingIn(doc)
    let observation: Observation
    let noticed: Noticed[] = []
    let returning: Returning[] = []
    let returned: Uint8Array | null = null
    const merge = () => {
      returning = doc.transact((transaction) => {
        const found = mergeReturning(doc, kind, transaction, update)
        removeForgottenFrom(doc, kind)
        return found
      })
    }
    try {
      const rules = this.#outbox.isOpen ? conflictRules(kind, doc) : undefined
      if (rules) noticed = noticing(doc, rules, update, merge)
      else merge()
      if (returning.length > 0) returned = updateBy(doc, () => writeReturning(doc, name, returning))
    } catch (cause) {
      this.#documents.discard(name)
      throw new LvaError('bad-input', `The update of ${name} from another device cannot be read.`, {
        advice: 'Update the app on both devices, then sync again.',
        cause,
      })
    } finally {
      observation = observing.end()
    }
    // Where something waits for its predecessors, the event holds only a part of what came.
    const waiting = waitingIn(doc)
    if (waiting.some((part, index) => part !== waitingBefore[index])) {
      observation.update = observation.update ? Y.mergeUpdates([update, observation.update]) : update
    }
    const kept = noticed.length > 0 ? await this.#keepOverwritten(document, noticed, authors) : null
    if (kept) {
      observation.conflicts = true
      observation.update = observation.update ? Y.mergeUpdates([observation.update, kept]) : kept
    }
    const own = returned && kept ? Y.mergeUpdates([returned, kept]) : (returned ?? kept)
    return this.#commit([{ document, observation }], NONE, { own, also, authors })
  }

  /** Writes what was overwritten unseen into the document. @returns the update that says so, null where it was known */
  async #keepOverwritten(
    { name, doc }: OpenDocument,
    noticed: readonly Noticed[],
    authors: ReadonlyMap<number, string>,
  ): Promise<Uint8Array | null> {
    const clients = noticed.flatMap(({ lost, over }) => [lost.client, over.client])
    try {
      const known = await this.#outbox.devicesOf(this.#db, clients)
      const deviceOf = (client: number) => known.get(client) ?? authors.get(client) ?? null
      return updateBy(doc, () => writeEntries(doc, noticed, deviceOf, new Date(this.#clock.now()).toISOString()))
    } catch (error) {
      // Memory holds what the disk does not.
      this.#documents.discard(name)
      throw error
    }
  }

  /**
   * Takes every earlier update of these documents away: what was taken out of them, or written over, is in none that is stored then. Only
   * inside `exclusively`. While a snapshot is read, it waits for its end, or for the next start where the program ends before.
   */
  async erasePast(names: readonly string[]): Promise<void> {
    if (this.#holders > 0) await this.owesErasing(this.#db, names)
    for (const name of names) this.#waitingToErase.add(name)
    if (this.#holders === 0) await this.#eraseWaiting()
  }

  /** Notes, inside the transaction that takes something out of these documents, that `erasePast` is to follow: a start makes good what was cut off. */
  owesErasing(tx: Queries, names: readonly string[]): Promise<void> {
    return enqueueJobs(tx, this.#vaultId, ERASE_JOB, names, this.#clock)
  }

  /** Takes away in the background what an earlier run of the program has left. */
  async takeUpErasing(): Promise<void> {
    const owed = await this.#db.query<{ name: string }>(
      'select subject as name from jobs where vault_id = $1 and kind = $2 order by id',
      [this.#vaultId, ERASE_JOB],
    )
    for (const { name } of owed) this.#waitingToErase.add(name)
    this.#eraseLater()
  }

  /** Called with every change after it is stored. */
  onChange(listener: (change: VaultChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Called with every update after it is stored, whether it can be seen or not. */
  onUpdate(listener: (name: string, update: Uint8Array) => void): () => void {
    this.#updateListeners.add(listener)
    return () => this.#updateListeners.delete(listener)
  }

  /** Called after something was forgotten, here or on another device, with what has left which document. */
  onForgotten(listener: (gone: Forgotten) => void): () => void {
    this.#forgetListeners.add(listener)
    return () => this.#forgetListeners.delete(listener)
  }

  tell(change: VaultChange): void {
    for (const listener of this.#listeners) this.#guarded(() => listener(change))
  }

  #guarded(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#log.error({ error }, 'a listener of the vault failed')
    }
  }

  /** What writing rows needs. `queries` is the transaction. */
  tables(tx: Queries): Tables {
    return {
      tx,
      vaultId: this.#vaultId,
      captureElsewhere: async (name, id) => {
        const { doc } = await this.#documents.open(tx, name)
        return projectCapture(journalOf(doc), id, this.report(name)).capture
      },
      queueIndexing: (subjects) => enqueueJobs(tx, this.#vaultId, [INDEX_JOB, CONCEPTS_JOB], subjects, this.#clock),
      queueProposing: (subjects) => enqueueJobs(tx, this.#vaultId, PROPOSE_JOB, subjects, this.#clock),
      queueReading: (subjects) => enqueueJobs(tx, this.#vaultId, READ_JOB, subjects, this.#clock),
      queueFolding: () => enqueueJobs(tx, this.#vaultId, FOLD_JOB, [FOLD_SUBJECT], this.#clock),
    }
  }

  /** Logs records that cannot be read. */
  report(doc: string): ReportInvalid {
    return (what, id) => this.#log.warn({ doc, what, id }, 'a record in a document cannot be read and is left out')
  }

  /** Keeps every row of the documents until the returned function is called. */
  holdCompaction(): () => void {
    this.#holders += 1
    let released = false
    return () => {
      if (released) return
      released = true
      this.#holders -= 1
      this.#eraseLater()
    }
  }

  /** Waits for the write in progress; later ones are refused. */
  close(): Promise<void> {
    this.#closed = true
    return this.#mutex.run(() => undefined)
  }

  async #write<T>(
    names: readonly string[],
    fn: (docOf: DocOf) => NotPromise<T>,
    asStep: boolean,
    unknown: ReadonlySet<string>,
    also?: TransactionStep,
  ): Promise<Written<T>> {
    const opened: OpenDocument[] = []
    for (const name of new Set(names)) opened.push(await this.#documents.open(this.#db, name))
    const observing = opened.map(({ name, doc }) => observe(name, documentKind(name), doc, asStep))
    const endAll = () => observing.map((watch) => watch.end())
    let result: NotPromise<T>
    try {
      result = transactAll(new Map(opened.map(({ name, doc }) => [name, doc])), fn)
    } catch (error) {
      // Yjs keeps what `fn` did before it threw.
      if (endAll().some(({ update }) => update)) for (const name of names) this.#documents.discard(name)
      throw error
    }
    const observations = endAll()
    const change = await this.#commit(
      opened.map((document, index) => ({ document, observation: observations[index] as Observation })),
      unknown,
      { own: 'all', also },
    )
    return { result, change, step: observations.flatMap(({ deeds }) => deeds) }
  }

  async #commit(
    parts: readonly { document: OpenDocument; observation: Observation }[],
    unknown: ReadonlySet<string>,
    {
      own,
      also,
      authors = NOBODY,
    }: {
      /** What of it this device says: all of it, one update, or nothing. */
      own: 'all' | Uint8Array | null
      also?: TransactionStep | undefined
      authors?: ReadonlyMap<number, string>
    },
  ): Promise<VaultChange | null> {
    const entries = parts.flatMap(({ document, observation: { update } }) => (update ? [{ document, update }] : []))
    if (entries.length === 0) {
      if (also) await this.#db.transaction(also)
      return null
    }
    const projections: Projection[] = []
    for (const { document, observation } of parts) {
      const { name, doc } = document
      const projection = project(name, documentKind(name), doc, observation.touched, this.report(name))
      if (observation.update && projection) projections.push(projection)
    }
    const { erased, later } = await this.#toErase(parts)
    const leftovers = parts.flatMap(({ observation }) => observation.leftovers)
    const isQueued = this.#outbox.isOpen && (own !== null || erased.length > 0)
    const said = own === 'all' ? entries : own ? entries.map(({ document }) => ({ document, update: own })) : []
    const clients = said.map(({ document }) => document.doc.clientID)
    const conflicted = parts.filter(
      ({ document: { name, doc }, observation: { update, conflicts } }) =>
        update && (conflicts || (documentKind(name).kind !== 'other' && doc.getMap(OVERWRITTEN).size > 0)),
    )
    let change: VaultChange
    try {
      change = await this.#db.transaction(async (tx) => {
        const written = await writeProjections(
          this.tables(tx),
          projections,
          this.#documents.appending(entries),
          unknown,
        )
        if (this.#outbox.isOpen) {
          if (said.length > 0) await this.#outbox.queue(tx, said)
          await this.#outbox.note(tx, clients, authors)
        }
        for (const { document } of conflicted) await writeConflictRows(tx, this.#vaultId, document.name, document.doc)
        for (const { document } of erased) {
          await this.#documents.erasePast(tx, document)
          if (this.#outbox.isOpen) await this.#outbox.erasePast(tx, document.name)
        }
        for (const { document } of later) await this.#documents.owesErasing(tx, document.name)
        await this.owesErasing(
          tx,
          later.map(({ document }) => document.name),
        )
        await enqueueJobs(tx, this.#vaultId, FORGET_JOB, leftovers, this.#clock)
        await also?.(tx)
        return { ...written, ...(conflicted.length > 0 && { conflicts: true as const }) }
      })
    } catch (error) {
      // Memory holds what the disk does not: read it again when it is next needed.
      for (const { document } of entries) this.#documents.discard(document.name)
      throw error
    }
    this.#documents.appended(entries)
    if (this.#outbox.isOpen) this.#outbox.noted([...clients, ...authors.keys()])
    for (const { document } of erased) this.#documents.erased(document)
    for (const { document } of entries) this.#compactLater(document)
    for (const { document, update } of entries) {
      for (const listener of this.#updateListeners) this.#guarded(() => listener(document.name, update))
    }
    if (isQueued) this.#outbox.tell()
    const forgetting = parts.filter(({ observation: { forgets } }) => forgets)
    if (forgetting.length > 0) {
      const gone = new Map(
        forgetting.map(({ document, observation }) => [document.name, idsOf(observation.leftovers)] as const),
      )
      for (const listener of this.#forgetListeners) this.#guarded(() => listener(gone))
    }
    if (isEmpty(change)) return null
    this.tell(change)
    return change
  }

  /**
   * Documents of which no earlier update may stay, because it holds what was forgotten; `later` those that wait for the end of a snapshot
   * that is being read.
   */
  async #toErase(parts: readonly { document: OpenDocument; observation: Observation }[]) {
    const due = []
    for (const part of parts) {
      const { document, observation } = part
      const holds = () => holdsForgotten(document.doc, documentKind(document.name).kind)
      if (!observation.update) continue
      if (observation.forgets || (holds() && !(await this.#documents.isErased(this.#db, document.name)))) due.push(part)
    }
    if (this.#holders === 0) return { erased: due, later: [] }
    for (const { document } of due) this.#waitingToErase.add(document.name)
    return { erased: [], later: due }
  }

  #eraseLater(): void {
    if (this.#holders > 0 || this.#waitingToErase.size === 0) return
    const erasing = this.#mutex.run(async () => {
      if (this.#holders === 0) await this.#eraseWaiting()
    })
    erasing.catch((error) => this.#log.warn({ error }, 'earlier updates of a document could not be taken away yet'))
  }

  async #eraseWaiting(): Promise<void> {
    for (const name of this.#waitingToErase) {
      const document = await this.#documents.open(this.#db, name)
      await this.#db.transaction(async (tx) => {
        await this.#documents.erase(tx, document)
        if (this.#outbox.isOpen && document.rows > 0) await this.#outbox.erasePast(tx, name)
        await tx.query('delete from jobs where vault_id = $1 and kind = $2 and subject = $3', [
          this.#vaultId,
          ERASE_JOB,
          name,
        ])
      })
      this.#documents.erased(document)
      this.#waitingToErase.delete(name)
    }
    if (this.#outbox.isOpen) this.#outbox.tell()
  }

  #compactLater(document: OpenDocument): void {
    if (!this.#documents.isCompactionDue(document)) return
    const compacting = this.#mutex.run(async () => {
      if (this.#closed || this.#holders > 0 || !this.#documents.isCompactionDue(document)) return
      await this.#db.transaction((tx) => this.#documents.compact(tx, document))
    })
    compacting.catch((error) => {
      this.#documents.discard(document.name)
      this.#log.warn({ error, doc: document.name }, 'a document could not be compacted')
    })
  }
}

/** Ids of what left something: subjects of `FORGET_JOB`, blobs aside. */
function idsOf(leftovers: readonly string[]): Set<string> {
  return new Set(
    leftovers.flatMap((subject) => (subject.startsWith('blob:') ? [] : [subject.slice(subject.indexOf(':') + 1)])),
  )
}

/** What a change of the document has to say to others; null when nothing changed. */
function updateBy(doc: Y.Doc, change: () => void): Uint8Array | null {
  let said: Uint8Array | null = null
  const onUpdate = (update: Uint8Array) => {
    said = said ? Y.mergeUpdates([said, update]) : update
  }
  doc.on('update', onUpdate)
  try {
    change()
  } finally {
    doc.off('update', onUpdate)
  }
  return said
}

/** Nests the transactions of all documents, so that each sends one update. */
function transactAll<T>(docs: ReadonlyMap<string, Y.Doc>, fn: (docOf: DocOf) => NotPromise<T>): NotPromise<T> {
  const docOf: DocOf = (name) => {
    const doc = docs.get(name)
    if (!doc) throw new LvaError('internal', `The change does not name the document ${name}.`)
    return doc
  }
  const innermost = () => {
    const result = fn(docOf)
    if (typeof result === 'object' && result !== null && 'then' in result) {
      throw new LvaError('internal', 'A change of a document must not be asynchronous.')
    }
    return result
  }
  return Array.from(docs.values()).reduce<() => NotPromise<T>>((inner, doc) => () => doc.transact(inner), innermost)()
}

function isEmpty(change: VaultChange): boolean {
  const { captures, sessions, notes, documents, collections, settings, concepts, memories = [], cards = [] } = change
  const lists = [captures, sessions, notes, documents, memories, cards]
  const records = lists.reduce((sum, list) => sum + list.length, 0)
  return records === 0 && !collections && !settings && !concepts && !change.conflicts
}

/** Updates that came before what they build on. */
function waitingIn(doc: Y.Doc): unknown[] {
  return [doc.store.pendingStructs?.update, doc.store.pendingDs]
}

function closed(): LvaError {
  return new LvaError('internal', 'The vault is closed.', { advice: 'Start the app again.' })
}
