import { existsSync, fdatasyncSync, fstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { type Extension, PGlite } from '@electric-sql/pglite'
import { pg_textsearch } from '@electric-sql/pglite-pg_textsearch'
import { vector } from '@electric-sql/pglite-pgvector'
import type { EngineMessage, EngineRequest, EngineStart } from './messages.ts'

/**
 * PGlite's own thread. It does nothing but pass protocol bytes to Postgres and back: building requests and reading rows happens on the
 * asking side, and both buffers change hands without a copy.
 */

/**
 * V8 compiles a WebAssembly function a second time, optimised, once so many bytes of its code have run, which cannot be said for one
 * function alone. By default (13 million) that takes Postgres' interpreter, a single function of 100 kB, a hundred calls, at every start:
 * seconds of a processor and 600 MB for a moment (docs/store.md), for the work of milliseconds. With this, functions wait until they have run for a while.
 */
const BYTES_BEFORE_OPTIMISING = 2_000_000_000
/**
 * Postgres keeps pages of the database in memory, as many bytes as `shared_buffers` says (128 MB by default), and fills all of it with
 * zeros at each start: 0.2 s and 128 MB that a small database never uses. So it gets its own size, within these limits; bytes.
 */
const LEAST_SHARED_BUFFERS = 32 * 2 ** 20
const MOST_SHARED_BUFFERS = 128 * 2 ** 20
const LAST_WORDS = 20
/** Replies grow from here; bytes. */
const REPLY_SIZE = 16_384
/** The coarsest steps in which file systems keep times, in milliseconds (FAT). */
const FILE_TIME_STEP_MS = 2_000
/** The message that ends every reply of a living Postgres: type byte, four bytes of length, transaction status. */
const READY_FOR_QUERY = 'Z'.charCodeAt(0)
const READY_FOR_QUERY_SIZE = 6

/** PGlite asks for the type of every array at each start, which costs a fifth of it. Rows are decoded elsewhere, by fixed type numbers. */
class Engine extends PGlite {
  override async _initArrayTypes(): Promise<void> {}
}

/**
 * PGlite's file system leaves `fsync` out, so that a commit would only reach the operating system: safe when the program is killed, lost
 * when the power fails. This gives it a real one.
 *
 * After a crash Postgres syncs every file of the folder before it replays its log, a thousand of them and seconds on a slow disk. Those
 * that are older than the last checkpoint, which is the age of `pg_control`, were synced by it and are left alone.
 */
function realFsync(folder: string): Extension {
  const control = statSync(join(folder, 'global', 'pg_control'), { throwIfNoEntry: false })
  const syncedBefore = (control?.mtimeMs ?? 0) - FILE_TIME_STEP_MS
  const sync = ({ nfd }: { nfd?: number }) => {
    // Folders are opened without a descriptor.
    if (nfd !== undefined && (opened || fstatSync(nfd).mtimeMs > syncedBefore)) fdatasyncSync(nfd)
    return 0
  }
  return {
    name: 'real-fsync',
    setup: async (_pg, options) => ({
      emscriptenOpts: {
        ...options,
        preRun: [
          ...options.preRun,
          (module: { FS: { filesystems: { NODEFS: { stream_ops: Record<string, unknown> } } } }) => {
            module.FS.filesystems.NODEFS.stream_ops.fsync = sync
          },
        ],
      },
    }),
  }
}

const FSYNC_OFF = '-F'
/**
 * `wal_sync_method`: the only one that reaches the file system above. WAL sizes: a checkpoint keeps at most this much for reuse; PGlite
 * has no process that checkpoints by itself, see `maintenance.ts`.
 */
const SETTINGS = ['wal_sync_method=fsync', 'min_wal_size=32MB', 'max_wal_size=64MB', 'TimeZone=UTC', 'DateStyle=ISO']

/** In kilobytes, the unit of the setting. A folder that is yet to be made counts as empty. */
function sharedBuffers(folder: string): string {
  const pages = join(folder, 'base')
  const files = existsSync(pages) ? readdirSync(pages, { recursive: true, encoding: 'utf8' }) : []
  const size = files.reduce((sum, file) => sum + (statSync(join(pages, file), { throwIfNoEntry: false })?.size ?? 0), 0)
  return `shared_buffers=${Math.floor(Math.min(MOST_SHARED_BUFFERS, Math.max(LEAST_SHARED_BUFFERS, size)) / 1024)}kB`
}

setFlagsFromString(`--wasm-tiering-budget=${BYTES_BEFORE_OPTIMISING}`)
const port = parentPort
if (!port) throw new Error('this file is the entry of a worker thread')
const { folder, fsync, program = await compile() } = workerData as EngineStart
const lastWords: string[] = []
let opened = false

function send(message: EngineMessage, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer)
}

function die(error: unknown): void {
  send({
    type: 'died',
    reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    lines: lastWords,
  })
}

/** V8 compiles a function when it is first called; this reads and checks the whole. */
function compile(): Promise<WebAssembly.Module> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  return WebAssembly.compile(readFileSync(join(dirname(entry), 'pglite.wasm')))
}

async function open(): Promise<Engine> {
  const engine = new Engine(folder, {
    pgliteWasmModule: program,
    extensions: fsync ? { realFsync: realFsync(folder), vector, pg_textsearch } : { vector, pg_textsearch },
    startParams: [
      ...PGlite.defaultStartParams.filter((parameter) => !fsync || parameter !== FSYNC_OFF),
      ...[...SETTINGS, sharedBuffers(folder)].flatMap((setting) => ['-c', setting]),
    ],
    onStderr: (line) => {
      // Errors, details and statements may quote what the learner said.
      if (!/ (LOG|WARNING|FATAL|PANIC): /.test(line)) return false
      lastWords.push(line)
      if (lastWords.length > LAST_WORDS) lastWords.shift()
      return false
    },
  })
  await engine.waitReady
  opened = true
  return engine
}

/** Runs one request and gathers the reply, which Postgres hands out in pieces of its own memory. */
async function answer(engine: Engine, request: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  let reply = new Uint8Array(REPLY_SIZE)
  let length = 0
  await engine.execProtocolRawStream(request, {
    syncToFs: false,
    onRawData: (piece) => {
      if (length + piece.length > reply.length) {
        const grown = new Uint8Array(Math.max(2 * reply.length, length + piece.length))
        grown.set(reply.subarray(0, length))
        reply = grown
      }
      reply.set(piece, length)
      length += piece.length
    },
  })
  return reply.subarray(0, length)
}

try {
  const engine = await open()
  send({ type: 'opened', program })
  port.on('message', async (request: EngineRequest) => {
    try {
      if (request.type === 'close') {
        await engine.close()
        send({ type: 'closed' })
        port.close()
      } else {
        const bytes = await answer(engine, request.bytes)
        if (bytes.at(-READY_FOR_QUERY_SIZE) === READY_FOR_QUERY) send({ type: 'answer', bytes }, [bytes.buffer])
        else die('Postgres ended before it had answered')
      }
    } catch (error) {
      die(error)
    }
  })
} catch (error) {
  die(error)
}
