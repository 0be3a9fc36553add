import { mkdir, open, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type Clock,
  type Closable,
  HUB_URL,
  isLvaError,
  type Log,
  LvaError,
  toLvaError,
} from '../../../kernel/index.ts'
import type { OpenDownload } from '../../../net/index.ts'
import { withFileErrors, writeAll } from '../../../store/index.ts'
import { sha256OfFile } from '../package-files.ts'
import type { WhisperPlace } from '../whisper.ts'
import type { Recogniser } from './catalogue.ts'

/** Free space that a download leaves, in bytes: a full disk loses more than a model. */
const ROOM_LEFT = 200_000_000
/** A server that sends nothing for so long is asked again, in milliseconds. */
const IDLE_MS = 30_000
/** Times a broken connection is taken up again before it is said, and the wait before the first one in milliseconds, doubled each time. */
const MOST_TRIES = 4
const WAIT_MS = 1_000
/** Progress is told so often, in milliseconds. */
const TELL_EVERY = 200
/** Beside the files of a model that were all checked. */
const WHOLE = 'whole.json'
/** What a file is named that is not whole. */
const PART = '.part'

export interface RecogniserState extends Omit<Recogniser, 'files' | 'repository' | 'revision'> {
  /** Where it comes from, to be shown before it is asked. */
  origin: string
  bytes: number
  /** Bytes that are on the disk. */
  have: number
  /** `paused`: a part is there, and nothing is done about it. */
  state: 'absent' | 'downloading' | 'paused' | 'ready'
  /** Why the last download ended. */
  error: LvaError | null
}

export interface RecogniserLibraryParts {
  /** Where models are kept, each in a folder of its id. */
  folder: string
  catalogue(): Promise<readonly Recogniser[]>
  /** Such as `https://huggingface.co`. */
  hubUrl: string
  open: OpenDownload
  /** Bytes that are free where a folder is; the disk is asked where it is left out. */
  freeBytes?: (folder: string) => Promise<number>
  clock: Clock
  log: Log
}

/**
 * Recognisers that the learner downloads. Nothing is asked of anybody until they do. Each file is written beside its place, goes on where it
 * was after a break or a crash, and takes its place when its bytes are the ones that the catalogue names:
 *
 *     absent --download--> downloading --all files are right--> ready
 *                           |      ^                              |
 *            pause, break --+      +--download                    +--remove--> absent
 *                           v      |
 *                            paused
 */
export class RecogniserLibrary implements Closable {
  readonly #parts: RecogniserLibraryParts
  readonly #running = new Map<string, { stop: AbortController; done: Promise<void>; have: number }>()
  readonly #errors = new Map<string, LvaError>()
  readonly #listeners = new Set<() => void>()
  #toldAt = Number.NEGATIVE_INFINITY
  #isToldSoon = false

  constructor(parts: RecogniserLibraryParts) {
    this.#parts = parts
  }

  /** Called when a state has changed, or a download has come further. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @throws LvaError config-invalid */
  async list(): Promise<RecogniserState[]> {
    const catalogue = await this.#parts.catalogue()
    return Promise.all(catalogue.map((recogniser) => this.#stateOf(recogniser)))
  }

  /** Where a model lies that is whole; undefined for others. */
  async place(id: string): Promise<WhisperPlace | undefined> {
    const recogniser = (await this.#parts.catalogue()).find((known) => known.id === id)
    if (!recogniser || !(await this.#isWhole(recogniser))) return undefined
    return { id, folder: this.#folderOf(id), files: recogniser.files.map(({ path, sha256 }) => ({ path, sha256 })) }
  }

  /**
   * Begins a download, or goes on with one; does nothing where it is under way or done. What comes of it is told by `list`.
   * @throws LvaError not-found, model-no-room
   */
  async download(id: string): Promise<void> {
    const recogniser = await this.#find(id)
    const before = await this.#stateOf(recogniser)
    if (before.state === 'ready' || this.#running.has(id)) return
    await this.#checkRoom(recogniser, before.bytes - before.have)
    if (this.#running.has(id)) return
    const stop = new AbortController()
    const running = { stop, have: before.have, done: Promise.resolve() }
    this.#running.set(id, running)
    this.#errors.delete(id)
    running.done = this.#fetchAll(recogniser, running)
      .catch((error: unknown) => {
        if (stop.signal.aborted) return
        this.#parts.log.warn({ error, id }, 'a recogniser could not be downloaded')
        this.#errors.set(id, toLvaError(error))
      })
      .finally(() => {
        this.#running.delete(id)
        this.#tell()
      })
    this.#tell()
  }

  /** Stops a download; what came so far stays. */
  async pause(id: string): Promise<void> {
    const running = this.#running.get(id)
    running?.stop.abort(new LvaError('cancelled', 'Paused.'))
    await running?.done
  }

  /** Takes a model, or the part of one, off the disk. */
  async remove(id: string): Promise<void> {
    await this.#find(id)
    await this.pause(id)
    this.#errors.delete(id)
    const folder = this.#folderOf(id)
    await withFileErrors(folder, () => rm(folder, { recursive: true, force: true }))
    this.#tell()
  }

  /** Resolves when no download is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ done }) => done))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.pause(id)))
  }

  async #find(id: string): Promise<Recogniser> {
    const recogniser = (await this.#parts.catalogue()).find((known) => known.id === id)
    if (recogniser) return recogniser
    throw new LvaError('not-found', `There is no recogniser ${id}.`, {
      advice: 'Choose one of those that Settings, Voice and "lva recognisers" list.',
    })
  }

  #folderOf(id: string): string {
    return join(this.#parts.folder, id)
  }

  async #stateOf(recogniser: Recogniser): Promise<RecogniserState> {
    const { files, repository, revision: _, ...about } = recogniser
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    const running = this.#running.get(recogniser.id)
    const isWhole = !running && (await this.#isWhole(recogniser))
    const have = running?.have ?? (isWhole ? bytes : await this.#have(recogniser))
    return {
      ...about,
      origin: `${this.#parts.hubUrl}/${repository}`,
      bytes,
      have,
      state: running ? 'downloading' : isWhole ? 'ready' : have > 0 ? 'paused' : 'absent',
      error: this.#errors.get(recogniser.id) ?? null,
    }
  }

  async #isWhole({ id, files }: Recogniser): Promise<boolean> {
    const folder = this.#folderOf(id)
    const sizes = await Promise.all(files.map(({ path }) => sizeOf(join(folder, path))))
    const marked = await sizeOf(join(folder, WHOLE))
    return marked > 0 && files.every(({ bytes }, index) => sizes[index] === bytes)
  }

  async #have({ id, files }: Recogniser): Promise<number> {
    const folder = this.#folderOf(id)
    const sizes = await Promise.all(
      files.map(async ({ path, bytes }) => {
        const whole = await sizeOf(join(folder, path))
        return whole === bytes ? bytes : Math.min(bytes, await sizeOf(join(folder, path + PART)))
      }),
    )
    return sizes.reduce((sum, size) => sum + size, 0)
  }

  async #checkRoom({ name }: Recogniser, needed: number): Promise<void> {
    const { folder, freeBytes = freeOnDisk } = this.#parts
    await withFileErrors(folder, () => mkdir(folder, { recursive: true }))
    const short = needed + ROOM_LEFT - (await freeBytes(folder))
    if (short <= 0) return
    const mb = Math.ceil(short / 1e6)
    throw new LvaError('model-no-room', `There is no room for ${name}: ${mb} MB are missing.`, {
      advice: 'Free some space, or choose a smaller one.',
      params: { name, mb },
    })
  }

  async #fetchAll(recogniser: Recogniser, running: { stop: AbortController; have: number }): Promise<void> {
    const folder = this.#folderOf(recogniser.id)
    await withFileErrors(folder, async () => {
      for (const file of recogniser.files) await this.#fetchFile(recogniser, file, running)
      await writeFile(join(folder, WHOLE), JSON.stringify({ revision: recogniser.revision }), { flush: true })
    })
  }

  async #fetchFile(
    recogniser: Recogniser,
    file: Recogniser['files'][number],
    running: { stop: AbortController; have: number },
  ): Promise<void> {
    const place = join(this.#folderOf(recogniser.id), file.path)
    if ((await sizeOf(place)) === file.bytes) return
    const part = place + PART
    await mkdir(dirname(place), { recursive: true })
    const others = (await this.#have(recogniser)) - Math.min(file.bytes, await sizeOf(part))
    const address = `${this.#parts.hubUrl}/${recogniser.repository}/resolve/${recogniser.revision}/${file.path}`
    for (let failures = 0; (await sizeOf(part)) < file.bytes; ) {
      const before = await sizeOf(part)
      try {
        await this.#fetchRest(address, part, file, running.stop.signal, (have) => {
          running.have = others + have
          this.#tellSometimes()
        })
      } catch (error) {
        running.stop.signal.throwIfAborted()
        if (isLvaError(error, 'answer-too-large')) throw await this.#thrownAway(recogniser, part, error)
        if (isLvaError(error, 'address-unreachable') && !isBreak(error)) throw failed(recogniser, error)
        if (!isBreak(error)) throw error
        // One that came further is no failure in a row.
        failures = (await sizeOf(part)) > before ? 1 : failures + 1
        if (failures >= MOST_TRIES) throw failed(recogniser, error)
        await this.#parts.clock.sleep(WAIT_MS * 2 ** (failures - 1), running.stop.signal)
      }
    }
    if ((await sha256OfFile(part)) !== file.sha256) throw await this.#thrownAway(recogniser, part)
    await rename(part, place)
  }

  async #thrownAway(recogniser: Recogniser, part: string, cause?: unknown): Promise<LvaError> {
    await rm(part, { force: true })
    return damaged(recogniser, cause)
  }

  /** Asks for what is missing of a file. Ends early where the connection does. */
  async #fetchRest(
    address: string,
    part: string,
    file: Recogniser['files'][number],
    signal: AbortSignal,
    onHave: (bytes: number) => void,
  ): Promise<void> {
    const { open: openDownload, hubUrl } = this.#parts
    const trustedOrigin = hubUrl === HUB_URL ? undefined : new URL(hubUrl).origin
    const there = await sizeOf(part)
    const answer = await openDownload({ address, from: there, idleMs: IDLE_MS, trustedOrigin, signal })
    const { status, from, pieces } = answer
    if (status !== 200 && status !== 206) {
      // Left, so that the connection ends.
      for await (const _ of pieces) break
      throw new LvaError('address-unreachable', `The server answered with ${status}.`, { params: { status } })
    }
    // A server that sends all of it, or another part, is believed: it is written from there.
    const output = await open(part, there === 0 ? 'w' : 'r+')
    try {
      if (!(from <= there)) throw new LvaError('address-unreachable', 'Another part came than was asked for.')
      await output.truncate(from)
      let at = from
      for await (const piece of pieces) {
        if (at + piece.length > file.bytes) throw new LvaError('answer-too-large', 'More came than there should be.')
        await writeAll(output, piece, at)
        at += piece.length
        onHave(at)
      }
      if (at < file.bytes) throw new LvaError('address-unreachable', 'The connection broke.')
    } finally {
      await output.sync().catch(() => undefined)
      await output.close()
    }
  }

  /** Tells now or a little later, so that what came last before a server falls silent is told too. */
  #tellSometimes(): void {
    if (this.#isToldSoon) return
    const { clock } = this.#parts
    const wait = this.#toldAt + TELL_EVERY - clock.monotonic()
    const tell = () => {
      this.#isToldSoon = false
      this.#toldAt = clock.monotonic()
      this.#tell()
    }
    if (wait <= 0) tell()
    else {
      this.#isToldSoon = true
      void clock.sleep(wait).then(tell)
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

/** Whether trying again may help. */
function isBreak(error: unknown): boolean {
  if (isLvaError(error, 'timeout')) return true
  if (!isLvaError(error, 'address-unreachable')) return false
  const status = Number((error as LvaError).params.status ?? 0)
  return status === 0 || status === 408 || status === 429 || status >= 500
}

async function freeOnDisk(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Bytes of a file; 0 where there is none. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

function failed({ name }: Recogniser, cause: unknown): LvaError {
  return new LvaError('model-download-failed', `${name} could not be downloaded.`, {
    advice: 'What came so far is kept. Check the network, then go on.',
    params: { name },
    cause,
  })
}

function damaged({ name }: Recogniser, cause?: unknown): LvaError {
  return new LvaError('model-download-damaged', `What came for ${name} is not what it should be; it was thrown away.`, {
    advice: 'Download it again. If it happens again, the server or something on the way changes files: do not use it.',
    params: { name },
    cause,
  })
}
