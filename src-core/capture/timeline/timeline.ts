import {
  Channel,
  type Clock,
  type Closable,
  type Config,
  hasChanged,
  isBlackLook,
  type Log,
  LvaError,
  type PictureLanguage,
} from '../../kernel/index.ts'
import type { Database } from '../../store/index.ts'
import type { Settings, Vault } from '../../vault/index.ts'
import type { Pictures } from '../pictures/pictures.ts'
import { findSecrets } from '../secrets/find-secrets.ts'
import { isExcluded } from './excluded.ts'
import { FrameQueue, type WaitingFrame } from './frame-queue.ts'
import { gapsBetween, noteGap, removeGaps } from './gaps.ts'
import {
  LEFT_OUT,
  type LeftOut,
  type OfferedFrame,
  type OfferOutcome,
  type TimelineGap,
  type TimelineState,
} from './types.ts'

const BYTES_PER_MB = 2 ** 20
const MINUTE = 60_000
/** Beginning and end of all time, as instants. */
const EVER = ['0001-01-01T00:00:00.000Z', '9999-12-31T00:00:00.000Z'] as const

export interface TimelineParts {
  db: Database
  vault: Pick<Vault, 'id' | 'screens'>
  pictures: Pick<Pictures, 'look' | 'cover' | 'keepCovered' | 'drop'>
  settings(): Promise<Pick<Settings, 'timelineExcluded'>>
  language(): Promise<PictureLanguage>
  limits: Config['screen']
  clock: Clock
  log: Log
}

/** The study timeline (docs/screen.md §3): takes frames while a page holds it, covers them, and keeps those that show something new. */
export class StudyTimeline implements Closable {
  readonly #parts: TimelineParts
  readonly #queue: FrameQueue
  readonly #closing = new AbortController()
  readonly #watchers = new Set<Channel<TimelineState>>()
  #holder: Channel<TimelineState> | undefined
  #isPaused = false
  #since: number | null = null
  #kept = 0
  #leftOut = noneLeftOut()
  #lastLook: Uint8Array | null = null
  /** What was forgotten last: a frame of then that is on its way meanwhile is thrown away. */
  #forgotten = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
  /** The frame that is being read. */
  #underWay: { at: number; isForgotten: boolean; done: Promise<void> } | undefined
  #working: Promise<void> | undefined

  constructor(parts: TimelineParts) {
    this.#parts = parts
    const { queueFrames, queueMb } = parts.limits
    this.#queue = new FrameQueue({ frames: queueFrames, bytes: queueMb * BYTES_PER_MB })
  }

  get state(): TimelineState {
    return {
      state: this.#holder ? (this.#isPaused ? 'paused' : 'on') : 'off',
      since: this.#since === null ? null : new Date(this.#since).toISOString(),
      waiting: this.#queue.length,
      kept: this.#kept,
      leftOut: { ...this.#leftOut },
    }
  }

  /**
   * Switches it on for as long as the caller reads what this answers: the state, each time it changes. A page that goes away switches it off.
   * @throws LvaError timeline-busy where another page holds it
   */
  hold(signal?: AbortSignal): AsyncIterable<TimelineState> {
    if (this.#holder) {
      throw new LvaError('timeline-busy', 'The study timeline is on already, in another window.', {
        advice: 'Stop it there first.',
      })
    }
    const channel = new Channel<TimelineState>(() => this.#release(channel))
    signal?.addEventListener('abort', () => {
      this.#release(channel)
      channel.end()
    })
    this.#holder = channel
    this.#isPaused = false
    this.#since = this.#parts.clock.now()
    this.#kept = 0
    this.#leftOut = noneLeftOut()
    this.#lastLook = null
    this.#tell()
    return channel
  }

  /** How often a page is to look at the screen. */
  get pace(): { everySeconds: number } {
    return { everySeconds: this.#parts.limits.everySeconds }
  }

  /** The state now, and each time it changes. */
  watch(signal?: AbortSignal): AsyncIterable<TimelineState> {
    const channel = new Channel<TimelineState>(() => this.#watchers.delete(channel))
    signal?.addEventListener('abort', () => {
      this.#watchers.delete(channel)
      channel.end()
    })
    channel.push(this.state)
    this.#watchers.add(channel)
    return channel
  }

  pause(): TimelineState {
    this.#isPaused = true
    this.#tell()
    return this.state
  }

  resume(): TimelineState {
    this.#isPaused = false
    this.#tell()
    return this.state
  }

  /** Ends it, whoever holds it. What waits is still read. */
  stop(): TimelineState {
    const holder = this.#holder
    if (holder) this.#release(holder)
    holder?.end()
    return this.state
  }

  /** Takes a frame into the queue, if it is on and there is room. Nothing is written before it was covered. */
  async offer({ bytes, windows }: OfferedFrame): Promise<OfferOutcome> {
    const at = this.#parts.clock.now()
    const before = this.#forgotten
    const { timelineExcluded } = await this.#parts.settings()
    // Asked after the wait: what is switched off meanwhile takes no frame more.
    if (!this.#holder) return 'off'
    if (this.#isPaused) return 'paused'
    const forgotten = this.#forgotten
    if (forgotten !== before && at >= forgotten.from && at < forgotten.to) return 'taken'
    // Where nothing is to be left out, nobody needs to know what windows there are.
    if (!windows && timelineExcluded.length > 0) return 'untold'
    if (windows && isExcluded(windows, timelineExcluded)) {
      this.#leaveOut('excluded')
      return 'excluded'
    }
    if (!this.#queue.push({ bytes, app: titleOf(windows ?? []), at })) {
      this.#leaveOut('missed')
      await noteGap(this.#parts, 'missed', at)
      return 'full'
    }
    this.#tell()
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
    })
    return 'taken'
  }

  /** Forgets what was kept in the last minutes, and what waits of them. @returns how many frames */
  async forget(minutes: number): Promise<number> {
    const to = this.#parts.clock.now() + 1
    return this.forgetBetween(to - minutes * MINUTE, to)
  }

  /** Forgets the frames from one instant to another: pictures, text, vectors, and what is under way. */
  async forgetBetween(from: number, to: number): Promise<number> {
    const waiting = this.#queue.dropBetween(from, to)
    this.#forgotten = { from, to }
    const underWay = this.#underWay
    if (underWay && underWay.at >= from && underWay.at < to) {
      underWay.isForgotten = true
      await underWay.done
    }
    const [first, last] = [instant(from), instant(to)]
    const frames = await this.#parts.vault.screens.between(first, last)
    const forgotten = await this.forgetFrames(frames)
    await removeGaps(this.#parts, first, last)
    this.#lastLook = null
    this.#tell()
    return forgotten + waiting
  }

  /** @returns how many there were */
  async forgetFrames(frames: readonly { id: string; sha256: string }[]): Promise<number> {
    const forgotten = await this.#parts.vault.screens.forget(frames.map(({ id }) => id))
    await this.#parts.pictures.drop(frames.map(({ sha256 }) => sha256))
    return forgotten
  }

  /** Forgets single frames, by their ids. Ids that are no frames are left out. @returns how many there were */
  async forgetOnes(ids: readonly string[]): Promise<number> {
    const wanted = new Set(ids)
    const all = await this.#parts.vault.screens.between(...EVER)
    return this.forgetFrames(all.filter(({ id }) => wanted.has(id)))
  }

  gaps(from: string, to: string): Promise<TimelineGap[]> {
    return gapsBetween(this.#parts, from, to)
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working
  }

  async close(): Promise<void> {
    this.#closing.abort(new LvaError('cancelled', 'The study timeline is closed.'))
    this.stop()
    for (const watcher of this.#watchers) watcher.end()
    await this.#working
  }

  async #work(): Promise<void> {
    for (let frame = this.#queue.shift(); frame; frame = this.#queue.shift()) {
      if (this.#closing.signal.aborted) return
      const done = Promise.withResolvers<void>()
      this.#underWay = { at: frame.at, isForgotten: false, done: done.promise }
      try {
        await this.#keep(frame, this.#underWay)
      } catch (error) {
        if (this.#closing.signal.aborted) return
        this.#parts.log.warn({ error }, 'a frame of the study timeline could not be read and was thrown away')
        this.#leaveOut('unread')
        await noteGap(this.#parts, 'unread', frame.at).catch(() => undefined)
      } finally {
        this.#underWay = undefined
        done.resolve()
      }
      this.#tell()
    }
  }

  async #keep({ bytes, app, at }: WaitingFrame, underWay: { isForgotten: boolean }): Promise<void> {
    const { pictures, vault, clock } = this.#parts
    const { look } = await pictures.look(bytes, this.#closing.signal)
    if (isBlackLook(look)) return this.#leaveOut('black')
    if (!hasChanged(this.#lastLook, look)) return this.#leaveOut('same')
    const language = await this.#parts.language()
    const { picture, text, blocks } = await pictures.cover(bytes, language, this.#closing.signal)
    if (underWay.isForgotten) return
    this.#lastLook = look
    const kept = await pictures.keepCovered(picture)
    const reading = { text, blocks, language, at: new Date(clock.now()).toISOString() }
    await vault.screens.add({ picture: kept, reading, app, at: instant(at) })
    this.#kept += 1
  }

  #leaveOut(why: LeftOut): void {
    this.#leftOut[why] += 1
    this.#tell()
  }

  #release(holder: Channel<TimelineState>): void {
    if (this.#holder !== holder) return
    this.#holder = undefined
    this.#since = null
    this.#tell()
  }

  #tell(): void {
    const { state } = this
    this.#holder?.push(state)
    for (const watcher of this.#watchers) watcher.push(state)
  }
}

/** The foremost window, as the frame is filed under it; none where its title shows what the picture covers. */
function titleOf([title]: readonly string[]): string | null {
  return title !== undefined && findSecrets([{ text: title, words: [] }]).length === 0 ? title : null
}

function noneLeftOut(): Record<LeftOut, number> {
  return Object.fromEntries(LEFT_OUT.map((why) => [why, 0])) as Record<LeftOut, number>
}

function instant(ms: number): string {
  return new Date(Math.max(0, ms)).toISOString()
}
