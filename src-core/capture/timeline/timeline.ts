import {
  Channel,
  type Clock,
  type Closable,
  type Config,
  hasChanged,
  isBlackLook,
  isLvaError,
  type Log,
  LvaError,
  type PictureLanguage,
} from '../../kernel/index.ts'
import type { Database } from '../../store/index.ts'
import type { Settings, Vault } from '../../vault/index.ts'
import type { Pictures } from '../pictures/pictures.ts'
import { findSecrets } from '../secrets/find-secrets.ts'
import { excludedBy } from './excluded.ts'
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
/** The longest stretch that is forgotten at once, in milliseconds: a day. */
const REMEMBERED = 24 * 60 * MINUTE
/** Beginning and end of all time, as instants. */
const EVER = ['0001-01-01T00:00:00.000Z', '9999-12-31T00:00:00.000Z'] as const

/** An instant by both clocks: milliseconds since 1970, and those that nobody sets. */
type Moment = Pick<WaitingFrame, 'at' | 'lived'>

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
  #excludedBy: string | null = null
  #lastLook: Uint8Array | null = null
  /** What was forgotten last: a frame of then that is on its way meanwhile is thrown away. */
  #forgotten: (moment: Moment) => boolean = () => false
  /** The frame that is being read. */
  #underWay: (Moment & { isForgotten: boolean; done: Promise<void> }) | undefined
  /** Frames that were kept since the start of the program, within `REMEMBERED`, the oldest first. */
  #lately: { id: string; sha256: string; lived: number }[] = []
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
      excludedBy: this.#excludedBy,
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
    this.#excludedBy = null
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
    const { clock } = this.#parts
    const moment = { at: clock.now(), lived: clock.monotonic() }
    const before = this.#forgotten
    const { timelineExcluded } = await this.#parts.settings()
    // Asked after the wait: what is switched off meanwhile takes no frame more.
    if (!this.#holder) return 'off'
    if (this.#isPaused) return 'paused'
    const forgotten = this.#forgotten
    if (forgotten !== before && forgotten(moment)) return 'taken'
    // Where nothing is to be left out, nobody needs to know what windows there are.
    if (!windows && timelineExcluded.length > 0) return 'untold'
    this.#excludedBy = (windows && excludedBy(windows, timelineExcluded)) ?? null
    if (this.#excludedBy !== null) {
      this.#leaveOut('excluded')
      return 'excluded'
    }
    if (!this.#queue.push({ bytes, app: titleOf(windows ?? []), ...moment })) {
      this.#leaveOut('missed')
      await noteGap(this.#parts, 'missed', moment.at)
      return 'full'
    }
    this.#tell()
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
    })
    return 'taken'
  }

  /**
   * Forgets what was kept in the last minutes, and what waits of them. The clock may have been set meanwhile: frames that are dated later than
   * now go too, and so does what this program saw in so many minutes by the monotonic clock. @returns how many frames
   */
  async forget(minutes: number): Promise<number> {
    const { clock } = this.#parts
    const [from, since] = [clock.now() - minutes * MINUTE, clock.monotonic() - minutes * MINUTE]
    return this.#forget(
      ({ at, lived }) => at >= from || lived >= since,
      [instant(from), EVER[1]],
      ({ lived }) => lived >= since,
    )
  }

  /** Forgets the frames from one instant to another: pictures, text, vectors, and what is under way. */
  forgetBetween(from: number, to: number): Promise<number> {
    return this.#forget(
      ({ at }) => at >= from && at < to,
      [instant(from), instant(to)],
      () => false,
    )
  }

  /** @param lately which of the frames of this run go, beside those of the stretch */
  async #forget(
    fits: (moment: Moment) => boolean,
    [first, last]: readonly [string, string],
    lately: (frame: { lived: number }) => boolean,
  ): Promise<number> {
    const waiting = this.#queue.drop(fits)
    this.#forgotten = fits
    const underWay = this.#underWay
    if (underWay && fits(underWay)) {
      underWay.isForgotten = true
      await underWay.done
    }
    const frames = new Map((await this.#parts.vault.screens.between(first, last)).map((frame) => [frame.id, frame]))
    for (const frame of this.#lately.filter(lately)) frames.set(frame.id, frame)
    const forgotten = await this.forgetFrames([...frames.values()])
    this.#lately = this.#lately.filter(({ id }) => !frames.has(id))
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
      this.#underWay = { at: frame.at, lived: frame.lived, isForgotten: false, done: done.promise }
      try {
        await this.#keep(frame, this.#underWay)
      } catch (error) {
        if (this.#closing.signal.aborted) return
        if (isLvaError(error, 'disk-full')) await this.#endFull(frame, error)
        else {
          this.#parts.log.warn({ error }, 'a frame of the study timeline could not be read and was thrown away')
          this.#leaveOut('unread')
          await noteGap(this.#parts, 'unread', frame.at).catch(() => undefined)
        }
      } finally {
        this.#underWay = undefined
        done.resolve()
      }
      this.#tell()
    }
  }

  /** Nothing more can be kept: it ends, its page is told why, and what is lost is counted. */
  async #endFull(frame: WaitingFrame, error: LvaError): Promise<void> {
    const lost = [frame]
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) lost.push(next)
    for (const { at } of lost) {
      this.#leaveOut('missed')
      // The gap may find no room either; it is still counted, and told.
      await noteGap(this.#parts, 'missed', at).catch(() => undefined)
    }
    const holder = this.#holder
    if (holder) this.#release(holder)
    holder?.fail(error)
  }

  async #keep({ bytes, app, at, lived }: WaitingFrame, underWay: { isForgotten: boolean }): Promise<void> {
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
    const { id } = await vault.screens.add({ picture: kept, reading, app, at: instant(at) })
    const oldest = clock.monotonic() - REMEMBERED
    this.#lately = [...this.#lately.filter((frame) => frame.lived >= oldest), { id, sha256: kept.sha256, lived }]
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
