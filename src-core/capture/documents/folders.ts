import { type FSWatcher, watch } from 'node:fs'
import { opendir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import {
  type Clock,
  type Closable,
  type ErrorCode,
  type ErrorParams,
  type Log,
  LvaError,
  Mutex,
  type NewId,
  toLvaError,
} from '../../kernel/index.ts'
import type { Database } from '../../store/index.ts'
import type { DocumentVersion, Vault } from '../../vault/index.ts'
import { type Documents, titleOf } from './documents.ts'
import { readUnchanged } from './read-unchanged.ts'

export interface FoldersParts {
  db: Database
  vault: Pick<Vault, 'id' | 'library'>
  documents: Documents
  /** Our own data folder, of which nothing may become a document. */
  dataDir: string
  fileMb: number
  clock: Clock
  newId: NewId
  log: Log
}

export interface FolderState {
  id: string
  path: string
  collectionId: string | null
  createdAt: string
  files: number
  refused: number
  missing: number
  state: 'scanning' | 'watching' | 'unreachable'
}

export interface RefusedFile {
  /** Inside of the folder, with slashes. */
  path: string
  error: { code: ErrorCode; params: ErrorParams }
}

const MOST_REFUSED = 100
/** Files that become documents in one transaction. */
const BATCH_FILES = 100
/** Files of the first of a look: they are read while the others are still looked for. */
const FIRST_FILES = 16
/** Bytes that one batch reads at most before it is written. */
const BATCH_BYTES = 64 * 2 ** 20
/** Files whose bytes are kept side by side: each waits for the disk. */
const KEPT_AT_ONCE = 8
/** Files that change come in bursts; a look waits for their end. */
const SETTLE_MS = 700
/** A folder is looked through this often even where the system tells of no change. */
const LOOK_AGAIN_MS = 300_000

interface FoundFile {
  /** Relative to the folder, with slashes. */
  path: string
  size: number
  modifiedMs: number
}

/** A file with the bytes that were kept of it, or why they could not be. */
interface KeptFile {
  file: FoundFile
  version?: DocumentVersion
  errorCode?: string
}

interface KnownFile extends FoundFile {
  documentId: string | null
  errorCode: string | null
  missing: boolean
}

interface OpenFolder {
  id: string
  path: string
  collectionId: string | null
  state: FolderState['state']
  watcher: FSWatcher | undefined
  stop: AbortController
  /** A look that waits for the files to come to rest. */
  due: boolean
}

/** Folders of this machine whose files are documents: a new one is added, a changed one read again, one that is gone marked. */
export class WatchedFolders implements Closable {
  readonly #parts: FoldersParts
  readonly #vaultId: string
  readonly #open = new Map<string, OpenFolder>()
  readonly #running = new Set<Promise<void>>()
  /** One look at a time. */
  readonly #turn = new Mutex()
  #closed = false

  constructor(parts: FoldersParts) {
    this.#parts = parts
    this.#vaultId = parts.vault.id
  }

  /** Begins to watch the folders of earlier runs. */
  async start(): Promise<void> {
    const rows = await this.#parts.db.query<{ id: string; path: string; collection_id: string | null }>(
      'select id, path, collection_id from watched_folders where vault_id = $1 order by created_at, id',
      [this.#vaultId],
    )
    for (const { id, path, collection_id } of rows) this.#watch({ id, path, collectionId: collection_id })
  }

  /** @throws LvaError folder-unreadable; bad-input for a folder that is watched already, or holds our own data; not-found (the collection) */
  async add(given: string, collectionId: string | undefined): Promise<FolderState> {
    const { db, clock, newId, vault, dataDir } = this.#parts
    const path = await resolveFolder(given)
    const ours = await realpath(dataDir)
    if (isInside(path, ours) || isInside(ours, path)) {
      throw new LvaError('bad-input', 'This folder holds the data of this program.', {
        advice: 'Choose another folder.',
      })
    }
    for (const known of this.#open.values()) {
      if (isInside(path, known.path) || isInside(known.path, path)) {
        throw new LvaError('bad-input', 'This folder, or one around or inside it, is watched already.', {
          advice: 'Stop watching that one first.',
        })
      }
    }
    if (collectionId !== undefined && !(await vault.library.listCollections()).some(({ id }) => id === collectionId)) {
      throw new LvaError('not-found', 'This collection does not exist, or not any more.', { advice: 'Choose another.' })
    }
    const id = newId()
    await db.query(
      'insert into watched_folders (vault_id, id, path, collection_id, created_at) values ($1, $2, $3, $4, $5)',
      [this.#vaultId, id, path, collectionId ?? null, new Date(clock.now())],
    )
    this.#watch({ id, path, collectionId: collectionId ?? null })
    return this.#get(id)
  }

  /** No longer watched; its documents stay. @throws LvaError not-found */
  async remove(id: string): Promise<void> {
    const { db } = this.#parts
    this.#stop(id)
    await this.#turn.run(() =>
      db.transaction(async (tx) => {
        await tx.query('delete from watched_files where vault_id = $1 and folder_id = $2', [this.#vaultId, id])
        const gone = await tx.query('delete from watched_folders where vault_id = $1 and id = $2 returning id', [
          this.#vaultId,
          id,
        ])
        if (gone.length === 0) throw folderNotFound()
      }),
    )
  }

  async list(): Promise<FolderState[]> {
    const rows = await this.#parts.db.query<{
      id: string
      path: string
      collection_id: string | null
      created_at: Date
      files: number
      refused: number
      missing: number
    }>(
      `select f.id, f.path, f.collection_id, f.created_at,
         (count(w.path) filter (where w.document_id is not null and not w.missing))::int as files,
         (count(w.path) filter (where w.error_code is not null and not w.missing))::int as refused,
         (count(w.path) filter (where w.missing))::int as missing
       from watched_folders f left join watched_files w on w.vault_id = f.vault_id and w.folder_id = f.id
       where f.vault_id = $1 group by f.vault_id, f.id order by f.created_at, f.id`,
      [this.#vaultId],
    )
    return rows.map(({ id, path, collection_id, created_at, files, refused, missing }) => ({
      id,
      path,
      collectionId: collection_id,
      createdAt: created_at.toISOString(),
      files,
      refused,
      missing,
      state: this.#open.get(id)?.state ?? 'unreachable',
    }))
  }

  /** Looks through a folder now; resolves when it is done. @throws LvaError not-found */
  async scan(id: string): Promise<FolderState> {
    const folder = this.#open.get(id)
    if (!folder) throw folderNotFound()
    await this.#look(folder)
    return this.#get(id)
  }

  /** Files that could not be taken, and why; the first hundred. */
  async refused(id: string): Promise<RefusedFile[]> {
    const rows = await this.#parts.db.query<{ path: string; error_code: ErrorCode }>(
      `select path, error_code from watched_files where vault_id = $1 and folder_id = $2 and error_code is not null and not missing
       order by path limit $3`,
      [this.#vaultId, id, MOST_REFUSED],
    )
    const paramsOf = (code: ErrorCode): ErrorParams =>
      code === 'document-too-large' ? { limit: this.#parts.fileMb } : {}
    return rows.map(({ path, error_code: code }) => ({ path, error: { code, params: paramsOf(code) } }))
  }

  /** Resolves when no look is under way or due. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const id of [...this.#open.keys()]) this.#stop(id)
    await Promise.all(this.#running)
  }

  async #get(id: string): Promise<FolderState> {
    const folder = (await this.list()).find((each) => each.id === id)
    if (!folder) throw folderNotFound()
    return folder
  }

  #stop(id: string): void {
    const folder = this.#open.get(id)
    folder?.stop.abort(new LvaError('cancelled', 'No longer watched.'))
    folder?.watcher?.close()
    this.#open.delete(id)
  }

  #watch({ id, path, collectionId }: Pick<OpenFolder, 'id' | 'path' | 'collectionId'>): void {
    const { clock, log } = this.#parts
    const folder: OpenFolder = {
      id,
      path,
      collectionId,
      state: 'scanning',
      watcher: undefined,
      stop: new AbortController(),
      due: false,
    }
    this.#open.set(id, folder)
    try {
      folder.watcher = watch(path, { recursive: true, persistent: false }, () => this.#lookLater(folder))
      folder.watcher.on('error', (error) =>
        log.warn({ error, folder: id }, 'a folder is looked through now and then only'),
      )
    } catch (error) {
      log.warn({ error, folder: id }, 'a folder is looked through now and then only')
    }
    const regularly = async () => {
      while (!folder.stop.signal.aborted) {
        this.#track(this.#look(folder))
        await clock.sleep(LOOK_AGAIN_MS, folder.stop.signal)
      }
    }
    // Ends when the folder is no longer watched.
    void regularly().catch(() => undefined)
  }

  #lookLater(folder: OpenFolder): void {
    if (folder.due || folder.stop.signal.aborted) return
    folder.due = true
    const later = async () => {
      await this.#parts.clock.sleep(SETTLE_MS, folder.stop.signal)
      folder.due = false
      await this.#look(folder)
    }
    this.#track(later())
  }

  #track(work: Promise<void>): void {
    const watched = work.catch((error) => {
      if (!this.#closed) this.#parts.log.warn({ error }, 'a watched folder could not be looked through')
    })
    this.#running.add(watched)
    void watched.then(() => this.#running.delete(watched))
  }

  #look(folder: OpenFolder): Promise<void> {
    return this.#turn.run(async () => {
      if (folder.stop.signal.aborted) return
      folder.state = 'scanning'
      try {
        await this.#lookThrough(folder)
        folder.state = 'watching'
      } catch (error) {
        if (folder.stop.signal.aborted) return
        folder.state = 'unreachable'
        this.#parts.log.warn({ error, folder: folder.id }, 'a watched folder could not be looked through')
      }
    })
  }

  async #lookThrough(folder: OpenFolder): Promise<void> {
    // A folder that is gone, an unmounted disk say, does not mean that its files are: nothing is marked.
    await resolveFolder(folder.path)
    const known = await this.#known(folder.id)
    const seen = new Set<string>()
    let batch: FoundFile[] = []
    let bytes = 0
    let most = FIRST_FILES
    const flush = async () => {
      if (batch.length > 0) await this.#take(folder, batch, known)
      most = BATCH_FILES
      batch = []
      bytes = 0
    }
    const closed: string[] = []
    const onClosed = (path: string, error: unknown) => {
      closed.push(path)
      this.#parts.log.warn({ error, folder: folder.id }, 'a part of a watched folder may not be looked into')
    }
    for await (const file of filesIn(folder.path, onClosed)) {
      folder.stop.signal.throwIfAborted()
      seen.add(file.path)
      const before = known.get(file.path)
      if (before && !before.missing && before.size === file.size && before.modifiedMs === file.modifiedMs) continue
      if (batch.length === most || bytes + file.size > BATCH_BYTES) await flush()
      batch.push(file)
      bytes += Math.min(file.size, BATCH_BYTES)
    }
    await flush()
    await this.#markMissing(
      folder,
      [...known.values()].filter(
        // What lies in a part that is closed for now is not gone.
        ({ path, missing }) =>
          !seen.has(path) && !missing && !closed.some((part) => path === part || path.startsWith(`${part}/`)),
      ),
    )
  }

  async #known(folderId: string): Promise<Map<string, KnownFile>> {
    const rows = await this.#parts.db.query<{
      path: string
      size: number
      modified_ms: number
      document_id: string | null
      error_code: string | null
      missing: boolean
    }>(
      'select path, size, modified_ms, document_id, error_code, missing from watched_files where vault_id = $1 and folder_id = $2',
      [this.#vaultId, folderId],
    )
    return new Map(
      rows.map((row) => [
        row.path,
        {
          path: row.path,
          size: Number(row.size),
          modifiedMs: Number(row.modified_ms),
          documentId: row.document_id,
          errorCode: row.error_code,
          missing: row.missing,
        },
      ]),
    )
  }

  /** Reads files that are new or have changed, and makes or updates their documents. */
  async #take(folder: OpenFolder, files: readonly FoundFile[], known: ReadonlyMap<string, KnownFile>): Promise<void> {
    const { vault } = this.#parts
    const taken: KeptFile[] = []
    for (let from = 0; from < files.length; from += KEPT_AT_ONCE) {
      folder.stop.signal.throwIfAborted()
      const some = files.slice(from, from + KEPT_AT_ONCE)
      for (const kept of await Promise.allSettled(some.map((file) => this.#keep(folder, file)))) {
        if (kept.status === 'rejected') throw kept.reason
        if (kept.value) taken.push(kept.value)
      }
    }
    const added: { file: FoundFile; version: DocumentVersion }[] = []
    const rows: KnownFile[] = []
    const shared = await this.#sharedDocuments(taken.map(({ file }) => known.get(file.path)?.documentId ?? ''))
    for (const { file, version, errorCode } of taken) {
      const documentId = known.get(file.path)?.documentId ?? null
      if (!version) rows.push({ ...file, documentId, errorCode: errorCode ?? null, missing: false })
      else if (documentId === null || shared.has(documentId)) added.push({ file, version })
      else {
        // A document that the learner deleted stays deleted.
        await vault.library.setVersion(documentId, version).catch(ignoreNotFound)
        rows.push({ ...file, documentId, errorCode: null, missing: false })
      }
    }
    if (added.length > 0) {
      const ids = await vault.library.add(
        added.map(({ file, version }) => {
          const name = file.path.slice(file.path.lastIndexOf('/') + 1)
          return {
            ...version,
            title: titleOf(name),
            origin: { kind: 'folder' as const, name, address: join(folder.path, file.path) },
            collections: folder.collectionId === null ? [] : [folder.collectionId],
          }
        }),
      )
      for (const [index, { file }] of added.entries())
        rows.push({ ...file, documentId: ids[index]?.id ?? null, errorCode: null, missing: false })
    }
    const back = rows.flatMap(({ path, documentId }) =>
      documentId !== null && known.get(path)?.missing ? [documentId] : [],
    )
    if (back.length > 0) await vault.library.setMissing(back, false)
    await this.#write(folder.id, rows)
  }

  /**
   * Keeps the bytes of a file, or says why it could not be taken; undefined while it is still being written.
   * @throws LvaError disk-full
   */
  async #keep(folder: OpenFolder, file: FoundFile): Promise<KeptFile | undefined> {
    const { documents, fileMb, clock, log } = this.#parts
    try {
      const bytes = await readUnchanged(join(folder.path, file.path), file, fileMb, clock)
      if (bytes) return { file, version: await documents.keepBytes(bytes, file.path) }
      // The change that ends the writing brings the next look.
      this.#lookLater(folder)
      return undefined
    } catch (error) {
      const { code } = toLvaError(error)
      if (code === 'disk-full') throw error
      if (code === 'internal') log.warn({ error, folder: folder.id }, 'a file of a watched folder could not be read')
      return { file, errorCode: code === 'internal' ? 'file-unreadable' : code }
    }
  }

  /** Documents that more than one file stands for. */
  async #sharedDocuments(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.#parts.db.query<{ document_id: string }>(
      `select document_id from watched_files where vault_id = $1 and document_id = any($2::text[]) and not missing
       group by document_id having count(*) > 1`,
      [this.#vaultId, ids],
    )
    return new Set(rows.map(({ document_id }) => document_id))
  }

  async #markMissing(folder: OpenFolder, files: readonly KnownFile[]): Promise<void> {
    if (files.length === 0) return
    await this.#write(
      folder.id,
      files.map((file) => ({ ...file, missing: true })),
    )
    const ids = files.flatMap(({ documentId }) => documentId ?? [])
    const present = await this.#parts.db.query<{ document_id: string }>(
      'select distinct document_id from watched_files where vault_id = $1 and document_id = any($2::text[]) and not missing',
      [this.#vaultId, ids],
    )
    const stillThere = new Set(present.map(({ document_id }) => document_id))
    await this.#parts.vault.library.setMissing(
      ids.filter((id) => !stillThere.has(id)),
      true,
    )
  }

  async #write(folderId: string, files: readonly KnownFile[]): Promise<void> {
    if (files.length === 0) return
    await this.#parts.db.query(
      `insert into watched_files (vault_id, folder_id, path, size, modified_ms, document_id, error_code, missing)
       select $1, $2, path, size, "modifiedMs", "documentId", "errorCode", missing
       from json_to_recordset($3::json) as r(path text, size bigint, "modifiedMs" bigint, "documentId" text, "errorCode" text, missing boolean)
       on conflict (vault_id, folder_id, path) do update set size = excluded.size, modified_ms = excluded.modified_ms,
         document_id = excluded.document_id, error_code = excluded.error_code, missing = excluded.missing`,
      [this.#vaultId, folderId, JSON.stringify(files)],
    )
  }
}

/**
 * Every file below a folder. Links are not followed, hidden files and folders left out; what is gone by the time it is looked at is left out
 * as well.
 * @param onClosed told of each folder or file, relative to `root`, that may not be looked into
 * @throws the system's error when `root` itself cannot be read
 */
export async function* filesIn(
  root: string,
  onClosed: (path: string, error: unknown) => void = () => undefined,
): AsyncGenerator<FoundFile> {
  const nameOf = (path: string) => relative(root, path).split(sep).join('/')
  const pass = (path: string) => (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onClosed(nameOf(path), error)
    return undefined
  }
  const waiting = [root]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const entries = folder === root ? await opendir(folder) : await opendir(folder).catch(pass(folder))
    for await (const entry of entries ?? []) {
      if (entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) waiting.push(path)
      // A link, a pipe, a device: reading it might lead out of the folder, or never end.
      if (!entry.isFile()) continue
      const found = await stat(path).catch(pass(path))
      if (found) yield { path: nameOf(path), size: found.size, modifiedMs: Math.floor(found.mtimeMs) }
    }
  }
}

/** @throws LvaError folder-unreadable */
async function resolveFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path)
    if ((await stat(real)).isDirectory()) return real
  } catch (error) {
    throw unreadable(error)
  }
  throw unreadable()
}

function unreadable(cause?: unknown): LvaError {
  return new LvaError('folder-unreadable', 'The folder cannot be read.', {
    advice: 'Check that it exists on this machine and that you may open it.',
    ...(cause === undefined ? {} : { cause }),
  })
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && !way.startsWith(sep) && !/^[a-z]:/i.test(way))
}

function folderNotFound(): LvaError {
  return new LvaError('not-found', 'This folder is not watched, or not any more.', {
    advice: 'Look at the list again.',
  })
}

function ignoreNotFound(error: unknown): void {
  if (toLvaError(error).code !== 'not-found') throw error
}
