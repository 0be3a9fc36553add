import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, type Log, LvaError, Mutex, type NewId } from '../../kernel/index.ts'
import { SPEECH_RATE } from '../../models/index.ts'
import { syncFolder, withFileErrors } from '../../store/index.ts'
import { pcmSamples } from '../pcm.ts'
import { GrowingWav } from './growing-wav.ts'
import { PartEnd } from './part-end.ts'
import { Piecewise } from './piecewise.ts'

/** A recording into which no sound has come for so long, and that was not paused, has lost its window, in milliseconds. */
const ABANDONED_AFTER = 60_000
const BYTES_PER_MB = 2 ** 20
/** A part becomes a document of its own, which is transcribed while the next one is recorded. */
const LONGEST_PART_SECONDS = 20 * 60
/** Less than this is no recording. */
const SHORTEST_SECONDS = 0.2

export interface LongRecordingsParts {
  /** The folder of recordings that are under way. */
  folder: string
  /** Makes a document of a whole part. Resolves with its id once it is durable. */
  addDocument(wav: Uint8Array, name: string): Promise<string>
  /** Largest document, in MB. */
  fileMb: number
  clock: Clock
  newId: NewId
  log: Log
}

interface Open {
  /** ISO 8601, of its beginning. */
  began: string
  part: number
  wav: GrowingWav | undefined
  end: PartEnd
  rate: Piecewise
  seconds: number
  lastTouched: number
  paused: boolean
  documentIds: string[]
  /** Parts that are becoming documents, one after the other; never rejects. */
  adding: Promise<void>
  /** Why parts did not become documents. */
  failures: unknown[]
  readonly turns: Mutex
  readonly closed: AbortController
}

/**
 * Lectures and meetings, for hours: written to the disk as they come, in parts that become documents, so that what is over is transcribed,
 * found and played while the rest is recorded. Memory does not grow with length; a crash loses what had not arrived.
 */
export class LongRecordings {
  readonly #parts: LongRecordingsParts
  readonly #partSeconds: number
  readonly #open = new Map<string, Open>()

  constructor(parts: LongRecordingsParts) {
    this.#parts = parts
    // With room for the place where a part ends, and for its header.
    const fits = (parts.fileMb * BYTES_PER_MB) / (SPEECH_RATE * 2) - 60
    this.#partSeconds = Math.max(10, Math.min(LONGEST_PART_SECONDS, fits))
  }

  /** @param sampleRate samples a second @throws LvaError disk-full, folder-not-writable */
  async start(sampleRate: number): Promise<string> {
    const { clock, newId, folder } = this.#parts
    await withFileErrors(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }))
    const id = newId()
    this.#open.set(id, {
      began: new Date(clock.now()).toISOString(),
      part: 0,
      wav: undefined,
      end: new PartEnd(this.#partSeconds),
      rate: new Piecewise(sampleRate),
      seconds: 0,
      lastTouched: clock.monotonic(),
      paused: false,
      documentIds: [],
      adding: Promise.resolve(),
      failures: [],
      turns: new Mutex(),
      closed: new AbortController(),
    })
    void this.#watch(id)
    return id
  }

  /**
   * Writes sound. Resolves once it is in the file.
   * @param pcm 16-bit little-endian samples, mono
   * @returns seconds so far
   * @throws LvaError not-found; disk-full (what was written stays)
   */
  push(id: string, pcm: Uint8Array): Promise<number> {
    const open = this.#get(id)
    open.lastTouched = this.#parts.clock.monotonic()
    return open.turns.run(async () => {
      await this.#write(open, await open.rate.give(pcmSamples(pcm)))
      return open.seconds
    })
  }

  /** The learner paused: no sound is expected until `resume`. */
  pause(id: string): void {
    this.#get(id).paused = true
  }

  /** @param sampleRate that of the microphone now, which may be another one */
  async resume(id: string, sampleRate: number): Promise<void> {
    const open = this.#get(id)
    open.paused = false
    open.lastTouched = this.#parts.clock.monotonic()
    await open.turns.run(async () => {
      await this.#write(open, await open.rate.end())
      open.rate = new Piecewise(sampleRate)
    })
  }

  /** @returns ids of the documents that it became @throws LvaError disk-full (what was recorded stays, and becomes a document at the next start) */
  async finish(id: string): Promise<string[]> {
    const open = this.#get(id)
    this.#open.delete(id)
    open.closed.abort()
    await open.turns.run(async () => {
      try {
        await this.#write(open, await open.rate.end())
        await this.#endPart(open)
      } finally {
        await open.wav?.close().catch(() => undefined)
      }
    })
    await open.adding
    if (open.failures.length > 0) throw open.failures[0]
    return open.documentIds
  }

  /** Makes documents of what a crash left. */
  async recover(): Promise<void> {
    const { folder, log } = this.#parts
    const names = await readdir(folder).catch(() => [])
    for (const name of names.filter((found) => found.endsWith('.wav')).sort()) {
      try {
        await this.#toDocument(join(folder, name), name)
      } catch (error) {
        log.warn({ error }, 'a recording that a crash left waits for the next start')
      }
    }
  }

  async close(): Promise<void> {
    for (const id of [...this.#open.keys()]) await this.finish(id).catch(() => undefined)
  }

  async #write(open: Open, samples: Float32Array): Promise<void> {
    await withFileErrors(this.#parts.folder, async () => {
      open.wav ??= await this.#newPart(open)
      await open.wav.append(samples)
    })
    open.seconds += samples.length / SPEECH_RATE
    if (open.end.hear(samples, SPEECH_RATE)) await this.#endPart(open)
  }

  async #newPart(open: Open): Promise<GrowingWav> {
    const { folder } = this.#parts
    const part = open.part + 1
    // Colons cannot stand in names on Windows.
    const time = open.began.slice(0, 19).replaceAll(':', '-')
    const wav = await GrowingWav.create(
      join(folder, `${time} ${String(part).padStart(3, '0')} ${this.#parts.newId()}.wav`),
    )
    open.part = part
    open.end = new PartEnd(this.#partSeconds)
    await syncFolder(folder)
    return wav
  }

  /** Closes the part; it becomes a document beside what goes on. */
  async #endPart(open: Open): Promise<void> {
    const { wav } = open
    if (!wav) return
    open.wav = undefined
    await withFileErrors(this.#parts.folder, () => wav.close())
    if (wav.seconds < SHORTEST_SECONDS) return void (await rm(wav.path, { force: true }))
    const name = wav.path.slice(this.#parts.folder.length + 1)
    open.adding = open.adding.then(async () => {
      try {
        open.documentIds.push(await this.#toDocument(wav.path, name))
      } catch (error) {
        // Told by `finish`; the file stays where it is until the next start.
        this.#parts.log.warn({ error }, 'a part of a recording could not become a document')
        open.failures.push(error)
      }
    })
  }

  async #toDocument(path: string, file: string): Promise<string> {
    const bytes = await readFile(path)
    const id = await this.#parts.addDocument(bytes, documentName(file))
    await rm(path, { force: true })
    return id
  }

  /** A window that is gone leaves a recording that nobody would end. */
  async #watch(id: string): Promise<void> {
    const { clock, log } = this.#parts
    for (let open = this.#open.get(id); open; open = this.#open.get(id)) {
      await clock.sleep(ABANDONED_AFTER, open.closed.signal).catch(() => undefined)
      if (open.closed.signal.aborted || open.paused || clock.monotonic() - open.lastTouched < ABANDONED_AFTER) continue
      await this.finish(id).catch((error: unknown) =>
        log.warn({ error }, 'a recording that was left alone stays as a file'),
      )
    }
  }

  #get(id: string): Open {
    const open = this.#open.get(id)
    if (!open) {
      throw new LvaError('not-found', 'This recording is not open any more.', {
        advice: 'What was recorded is in the Library; start a new recording.',
      })
    }
    return open
  }
}

/** `2026-11-27T09-30-00 002 ID.wav` is named `Recording 2026-11-27 09.30 (2).wav`. */
function documentName(file: string): string {
  const [time = '', part = '1'] = file.split(' ')
  const [day = '', clock = ''] = time.split('T')
  const number = Number(part)
  return `Recording ${day} ${clock.slice(0, 5).replace('-', '.')}${number > 1 ? ` (${number})` : ''}.wav`
}
