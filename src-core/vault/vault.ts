import * as Y from 'yjs'
import type { Clock, Log, NewId } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import { capturesOf } from './captures.ts'
import { cardsOf } from './cards.ts'
import { conceptsOf } from './concepts.ts'
import { conflictsOf } from './conflicts.ts'
import { type Core, DEFAULT_TUNING, nowOf, turnStep, type VaultLimits, type VaultTuning } from './core.ts'
import { deliveriesOf } from './deliveries.ts'
import { documentKind, isDocumentName, noteName, SETTINGS_DOCUMENT } from './document-names.ts'
import { DocumentStore } from './document-store.ts'
import { badInput, isId, LONGEST_ID } from './door.ts'
import { forgettingOf } from './forgetting.ts'
import { History } from './history.ts'
import { importsOf } from './imports.ts'
import { isKept, keptRecords } from './kept-records.ts'
import { libraryFunctions } from './library-functions.ts'
import { memoriesOf } from './memories.ts'
import { notesOf } from './notes.ts'
import { Outbox, type TransactionStep, type VaultOutbox } from './outbox.ts'
import { preferencesOf } from './preferences.ts'
import { rebuildTables } from './rebuild.ts'
import { recordsIn } from './records-in.ts'
import { screensOf } from './screens.ts'
import { sessionsOf } from './sessions.ts'
import { takeSnapshot, type VaultSnapshot } from './snapshot.ts'
import type { Vault, VaultChange } from './types.ts'
import { type NotPromise, Writer } from './writer.ts'

export interface VaultOptions {
  db: Database
  /** Which vault of the database; without it the only one there is, or a new one. */
  vaultId?: string
  clock: Clock
  newId: NewId
  log: Log
  limits: VaultLimits
  /** Sizes that tests make small. */
  tuning?: Partial<VaultTuning>
}

/** The documents of a vault, for sync and for floors that keep documents of their own. */
export interface VaultDocuments {
  /** Names of the stored documents, sorted. */
  names(): Promise<string[]>
  /**
   * Changes a document and its rows together. `fn` runs inside one Yjs transaction and must be synchronous.
   * @throws what `fn` throws; nothing is changed then
   */
  change<T>(name: string, fn: (doc: Y.Doc) => NotPromise<T>): Promise<T>
  /**
   * Merges an update (Yjs update format 1) of another device, rows included.
   * @param also done in the transaction that stores it, also where it brings nothing
   * @param authors by Yjs client, the device that brought its first change
   * @returns what it changed, or null when there is nothing new to see
   * @throws LvaError bad-input when it cannot be read; what `also` throws, and nothing is changed then
   */
  apply(
    name: string,
    update: Uint8Array,
    also?: TransactionStep,
    authors?: ReadonlyMap<number, string>,
  ): Promise<VaultChange | null>
  /** The state vector: what this device knows of the document. */
  stateVector(name: string): Promise<Uint8Array>
  /** One update with all that a device with this state vector does not know; everything without one. */
  updateSince(name: string, stateVector?: Uint8Array): Promise<Uint8Array>
  /** Ids of captures, sessions or the note that updates of their document are about; null where that cannot be told of all of them. */
  recordsIn(name: string, updates: readonly Uint8Array[]): Promise<ReadonlySet<string> | null>
  /** The document that holds a record; null where there is none. */
  documentOf(kind: 'capture' | 'note', id: string): Promise<string | null>
  /** Called with every update, of this device or another, right after it is stored. @returns ends it */
  onUpdate(listener: (name: string, update: Uint8Array) => void): () => void
  readonly outbox: VaultOutbox
}

export interface OpenVault extends Vault {
  readonly documents: VaultDocuments
  /** The vault as it is now, to be read while others go on writing. Close it. */
  snapshot(): Promise<VaultSnapshot>
}

/**
 * Opens the vault of a database, whose migrations have run. Closing the vault does not close the database. One process at a time.
 * @throws LvaError bad-input when the database holds several vaults and none is named
 */
export async function openVault(options: VaultOptions): Promise<OpenVault> {
  const { db, clock, newId, limits } = options
  const stored = options.vaultId ?? (await storedVaultId(db))
  const vaultId = stored ?? newId()
  if (!isId(vaultId, LONGEST_ID)) throw badInput(`The id of a vault must have 1 to ${LONGEST_ID} characters.`)
  const tuning = { ...DEFAULT_TUNING, ...options.tuning }
  const log = options.log.child({ vaultId })
  const documents = new DocumentStore(vaultId, clock, {
    cached: tuning.cachedDocuments,
    compactRows: tuning.compactRows,
  })
  const outbox = await Outbox.read(db, vaultId)
  const writer = new Writer({ db, vaultId, clock, log, documents, outbox })
  const closing = new AbortController()
  const history = new History(clock, closing.signal)
  writer.onForgotten((gone) => {
    for (const [name, ids] of gone) if (ids.size > 0) history.dropSubjects(name, ids)
  })
  const core: Core = { db, vaultId, clock, newId, limits, tuning, documents, writer, history }
  if (stored === undefined) await foundVault(core)
  await writer.takeUpErasing()
  return {
    id: vaultId,
    captures: capturesOf(core),
    screens: screensOf(core),
    forgetting: forgettingOf(core),
    imports: importsOf(core),
    sessions: sessionsOf(core),
    notes: notesOf(core),
    library: libraryFunctions(core),
    settings: preferencesOf(core),
    concepts: conceptsOf(core),
    memories: memoriesOf(core),
    cards: cardsOf(core),
    conflicts: conflictsOf(core),
    documents: documentsOf(core, outbox),
    deliveries: deliveriesOf(core),
    snapshot: () => takeSnapshot(core),
    undo: () => turn(core, 'undo'),
    redo: () => turn(core, 'redo'),
    onChange: (listener) => writer.onChange(listener),
    rebuild: async (onProgress = () => undefined, signal) => {
      await writer.exclusively(async () => {
        writer.tell(await rebuildTables(core, onProgress, signal))
      })
    },
    close: () => {
      closing.abort()
      return writer.close()
    },
  }
}

/** @throws LvaError bad-input when there are several */
async function storedVaultId(db: Database): Promise<string | undefined> {
  const [row] = await db.query<{ first: string | null; last: string | null }>(
    'select min(vault_id) as first, max(vault_id) as last from doc_updates',
  )
  if (row && row.first !== row.last) throw badInput('The database holds several vaults; the id of one must be given.')
  return row?.first ?? undefined
}

/** Makes the id of a new vault durable by its first update. */
function foundVault(core: Core): Promise<unknown> {
  const createdAt = nowOf(core)
  return core.writer.exclusively(() =>
    core.writer.write([SETTINGS_DOCUMENT], (docOf) => {
      docOf(SETTINGS_DOCUMENT).getMap('vault').set('createdAt', createdAt)
    }),
  )
}

/** Takes back, or makes again, the newest step of which something can be. */
function turn(core: Core, direction: 'undo' | 'redo'): Promise<VaultChange | null> {
  return core.writer.exclusively(async () => {
    const pile = core.history.pile(direction)
    for (let step = pile.top(); step; step = pile.top()) {
      const change = await turnStep(core, step, pile)
      if (change) return change
    }
    return null
  })
}

function documentsOf(core: Core, outbox: Outbox): VaultDocuments {
  const { db, writer } = core
  return {
    names: () => writer.exclusively(async (documents) => Array.from(await documents.names(db)).sort()),
    change: async <T>(name: string, fn: (doc: Y.Doc) => NotPromise<T>) => {
      takeName(name)
      const { result } = await writer.exclusively(() => writer.write<T>([name], (docOf) => fn(docOf(name))))
      return result
    },
    apply: async (name, update, also, authors) =>
      writer.exclusively(async (stored) => {
        const change = await writer.apply(takeName(name), update, also, authors)
        const { kind } = documentKind(name)
        if (change && isKept(kind)) {
          core.history.dropRecords(name, keptRecords((await stored.open(db, name)).doc, kind).forgotten)
        }
        return change
      }),
    stateVector: async (name) =>
      writer.exclusively(async (documents) => Y.encodeStateVector((await documents.open(db, takeName(name))).doc)),
    updateSince: async (name, stateVector) =>
      writer.exclusively(async (documents) =>
        Y.encodeStateAsUpdate((await documents.open(db, takeName(name))).doc, stateVector),
      ),
    recordsIn: (name, updates) =>
      writer.exclusively(async (documents) => recordsIn(name, (await documents.open(db, takeName(name))).doc, updates)),
    documentOf: async (kind, id) => {
      if (kind === 'note') return noteName(id)
      const [row] = await db.query<{ doc: string }>('select doc from captures where vault_id = $1 and id = $2', [
        core.vaultId,
        id,
      ])
      return row?.doc ?? null
    },
    onUpdate: (listener) => writer.onUpdate(listener),
    outbox: {
      get isOpen() {
        return outbox.isOpen
      },
      enrol: (device) => writer.exclusively(() => outbox.enrol(device)),
      leave: () => writer.exclusively(() => outbox.leave()),
      onQueued: (listener) => outbox.onQueued(listener),
    },
  }
}

/** @throws LvaError bad-input */
function takeName(name: string): string {
  if (!isDocumentName(name)) throw badInput('The name of the document cannot be stored.')
  return name
}
