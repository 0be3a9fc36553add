import { type Clock, type Closable, type Config, type Log, LvaError } from '../kernel/index.ts'
import type { BlobStore, Database } from '../store/index.ts'
import type { Settings, Vault } from '../vault/index.ts'
import { type DueSound, LONG_RECORDING, SoundRetention } from './sound-retention.ts'
import type { StudyTimeline } from './timeline/timeline.ts'

const KINDS = ['timeline', 'recordings', 'longRecordings', 'pictures'] as const

export type RetentionKind = (typeof KINDS)[number]

export interface RetentionForecast {
  kinds: {
    kind: RetentionKind
    items: number
    bytes: number
    bytesADay: number
    expectedBytes: number
    days: number | null
    mb: number | null
  }[]
  free: number
}

export type RetentionSettings = Pick<
  Settings,
  'timelineDays' | 'timelineMb' | 'recordingDays' | 'longRecordingDays' | 'pictureDays'
>

export interface RetentionParts {
  db: Database
  vault: Pick<Vault, 'id' | 'library' | 'forgetting'>
  blobs: Pick<BlobStore, 'put' | 'size' | 'delete'>
  timeline: Pick<StudyTimeline, 'forgetFrames'>
  settings(): Promise<RetentionSettings>
  limits: Pick<Config['screen'], 'days' | 'mb'>
  /** Free on the disk, bytes. */
  free(): Promise<number>
  clock: Clock
  log: Log
}

interface KeptFile {
  id: string
  sha256: string
  at: Date
  /** Stays, whatever its age. */
  isKept?: boolean
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
const BYTES_PER_MB = 2 ** 20
/** The pace is that of so many days. */
const PACE_DAYS = 30
/** What is kept for ever is told for so many days. */
const YEAR = 365

const FILES: Record<RetentionKind, string> = {
  timeline: `select c.id, p->>'sha256' as sha256, c.created_at as at from captures c, jsonb_array_elements(c.pictures) p
    where c.vault_id = $1 and c.source = 'screen' order by c.created_at desc, c.id desc`,
  recordings: `select id, audio_sha256 as sha256, created_at as at from captures
    where vault_id = $1 and audio_sha256 is not null order by created_at desc, id desc`,
  longRecordings: `select d.id, d.sha256, d.created_at as at, d.keeps_sound as "isKept" from documents d
    where d.vault_id = $1 and ${LONG_RECORDING} order by d.created_at desc, d.id desc`,
  pictures: `select c.id, p->>'sha256' as sha256, c.created_at as at from captures c, jsonb_array_elements(c.pictures) p
    where c.vault_id = $1 and c.source <> 'screen' order by c.created_at desc, c.id desc`,
}

/** How long frames, recordings, sounds of lectures and pictures are kept, and how large they will be. What was said, and what was read, stays. */
export class Retention implements Closable {
  readonly #parts: RetentionParts
  readonly #sounds: SoundRetention
  readonly #closing = new AbortController()
  #tidying: Promise<void> = Promise.resolve()

  constructor(parts: RetentionParts) {
    this.#parts = parts
    this.#sounds = new SoundRetention(parts)
  }

  /** Tidies now and every hour, until it is closed. */
  start(): void {
    const run = async () => {
      while (!this.#closing.signal.aborted) {
        await this.tidy().catch((error: unknown) => {
          this.#parts.log.warn({ error }, 'what is too old stays for another hour')
        })
        await this.#parts.clock.sleep(HOUR, this.#closing.signal).catch(() => undefined)
      }
    }
    void run()
  }

  /** Lets go of what is older than Settings say, and of the oldest frames beyond their size. What a kept card or statement rests on stays. */
  tidy(): Promise<void> {
    this.#tidying = this.#tidying.catch(() => undefined).then(() => this.#tidy())
    return this.#tidying
  }

  async forecast(): Promise<RetentionForecast> {
    const settings = await this.#parts.settings()
    const now = this.#parts.clock.now()
    const kinds: RetentionForecast['kinds'] = []
    for (const kind of KINDS) {
      const files = await this.#here(kind)
      const bytes = sum(files.map((file) => file.bytes))
      const since = now - PACE_DAYS * DAY
      const oldest = files.at(-1)?.at.getTime() ?? now
      const paceDays = Math.max(1, Math.min(PACE_DAYS, (now - oldest) / DAY))
      const paceOf = (some: typeof files) =>
        sum(some.filter(({ at }) => at.getTime() >= since).map((file) => file.bytes)) / paceDays
      const bytesADay = paceOf(files)
      const kept = this.#daysOf(kind, settings)
      const staying = files.filter(({ isKept }) => isKept)
      const pace =
        kept === null
          ? bytes + bytesADay * YEAR
          : sum(staying.map((file) => file.bytes)) + paceOf(files.filter(({ isKept }) => !isKept)) * kept
      const mb = kind === 'timeline' ? this.#mostMb(settings) : null
      const expectedBytes = mb === null ? pace : Math.min(pace, mb * BYTES_PER_MB)
      kinds.push({ kind, items: files.length, bytes, bytesADay, expectedBytes, days: kept, mb })
    }
    return { kinds, free: await this.#parts.free() }
  }

  /** What tidying would let go of at once, were these chosen in Settings. */
  async wouldGo(patch: Partial<RetentionSettings>): Promise<{ items: number; bytes: number }> {
    const settings = { ...(await this.#parts.settings()), ...patch }
    const frames = (await this.#dueFrames(settings)).map(({ sha256 }) => sha256)
    const files = await this.#dueFiles(settings)
    const sounds = await this.#dueSounds(settings)
    const sizes = await Promise.all([...frames, ...files].map((sha256) => this.#parts.blobs.size(sha256)))
    return {
      items: sizes.length + sounds.length,
      bytes: sum(sizes.map((size) => size ?? 0)) + sum(sounds.map(({ size }) => size)),
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new LvaError('cancelled', 'Tidying is closed.'))
    await this.#tidying.catch(() => undefined)
  }

  async #tidy(): Promise<void> {
    const settings = await this.#parts.settings()
    const gone = await this.#dueFrames(settings)
    if (gone.length > 0) await this.#parts.timeline.forgetFrames(gone)
    for (const sha256 of await this.#dueFiles(settings)) {
      if (this.#closing.signal.aborted) return
      await this.#parts.blobs.delete(sha256)
    }
    for (const { days, ...sound } of await this.#dueSounds(settings)) {
      if (this.#closing.signal.aborted) return
      await this.#sounds.letGo(sound, days)
    }
    await this.#sounds.settle()
  }

  /** Sounds that are too old, with the days that they were kept; none where they are kept for ever. */
  async #dueSounds(settings: RetentionSettings): Promise<(DueSound & { days: number })[]> {
    const days = settings.longRecordingDays
    if (days === null) return []
    const sounds = await this.#sounds.due(new Date(this.#before('longRecordings', settings)))
    return sounds.map((sound) => ({ ...sound, days }))
  }

  /** Frames that are too old, or beyond the size; none that something kept rests on. */
  async #dueFrames(settings: RetentionSettings): Promise<KeptFile[]> {
    const frames = await this.#files('timeline')
    const sizes = await this.#sizesOf(frames)
    const oldest = this.#before('timeline', settings)
    const cited = await this.#cited()
    let room = this.#mostMb(settings) * BYTES_PER_MB
    return frames.filter(({ id, at }, index) => {
      room -= sizes[index] ?? 0
      return (room < 0 || at.getTime() < oldest) && !cited.has(id)
    })
  }

  /** Recordings and pictures that are too old, by hash; none that something kept rests on, that a newer capture names, or a document. */
  async #dueFiles(settings: RetentionSettings): Promise<string[]> {
    const cited = await this.#cited()
    const due: string[] = []
    for (const kind of ['recordings', 'pictures'] as const) {
      const before = this.#before(kind, settings)
      if (before === Number.NEGATIVE_INFINITY) continue
      const files = await this.#files(kind)
      const isNeeded = ({ id, at }: KeptFile) => at.getTime() >= before || cited.has(id)
      const needed = new Set(files.filter(isNeeded).map(({ sha256 }) => sha256))
      const old = new Set(files.map(({ sha256 }) => sha256).filter((sha256) => !needed.has(sha256)))
      due.push(...(await this.#unshared(await this.#present([...old]))))
    }
    return due
  }

  /** Captures on which cards and statements rest that the learner kept. */
  async #cited(): Promise<Set<string>> {
    const { db, vault } = this.#parts
    const rows = await db.query<{ id: string }>(
      `select source->>'captureId' as id from cards where vault_id = $1 and state = 'kept' and source->>'kind' = 'capture'
       union select capture_id from memories where vault_id = $1 and state = 'accepted' and capture_id is not null`,
      [vault.id],
    )
    return new Set(rows.map(({ id }) => id))
  }

  /** Those whose bytes are still here: what says of a capture that it had a recording stays when the recording is gone. */
  async #present(hashes: readonly string[]): Promise<string[]> {
    const present: string[] = []
    for (const sha256 of hashes) if ((await this.#parts.blobs.size(sha256)) !== undefined) present.push(sha256)
    return present
  }

  /** Those that are no document's bytes, and no attachment of something that was imported. */
  async #unshared(hashes: readonly string[]): Promise<string[]> {
    if (hashes.length === 0) return []
    const { db, vault } = this.#parts
    const rows = await db.query<{ sha256: string }>(
      `select h as sha256 from unnest($2::text[]) h
       where not exists (select from documents d where d.vault_id = $1 and d.sha256 = h)
         and not exists (select from captures c where c.vault_id = $1 and strpos(c.metadata::text, h) > 0)
         and not exists (select from notes n where n.vault_id = $1 and strpos(n.metadata::text, h) > 0)`,
      [vault.id, hashes],
    )
    return rows.map(({ sha256 }) => sha256)
  }

  /** The newest first. */
  #files(kind: RetentionKind): Promise<KeptFile[]> {
    return this.#parts.db.query<KeptFile & Record<string, unknown>>(FILES[kind], [this.#parts.vault.id])
  }

  /** Those whose bytes are here, each once however many captures name it, the newest first. */
  async #here(kind: RetentionKind): Promise<(KeptFile & { bytes: number })[]> {
    const here = new Map<string, KeptFile & { bytes: number }>()
    for (const file of await this.#files(kind)) {
      if (here.has(file.sha256)) continue
      const bytes = await this.#parts.blobs.size(file.sha256)
      if (bytes !== undefined) here.set(file.sha256, { ...file, bytes })
    }
    return [...here.values()]
  }

  async #sizesOf(files: readonly KeptFile[]): Promise<number[]> {
    const sizes: number[] = []
    for (const { sha256 } of files) sizes.push((await this.#parts.blobs.size(sha256)) ?? 0)
    return sizes
  }

  #before(kind: RetentionKind, settings: RetentionSettings): number {
    const days = this.#daysOf(kind, settings)
    return days === null ? Number.NEGATIVE_INFINITY : this.#parts.clock.now() - days * DAY
  }

  #daysOf(kind: RetentionKind, settings: RetentionSettings): number | null {
    if (kind === 'timeline') return settings.timelineDays ?? this.#parts.limits.days
    if (kind === 'longRecordings') return settings.longRecordingDays
    return kind === 'recordings' ? settings.recordingDays : settings.pictureDays
  }

  #mostMb({ timelineMb }: { timelineMb: number | null }): number {
    return timelineMb ?? this.#parts.limits.mb
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
