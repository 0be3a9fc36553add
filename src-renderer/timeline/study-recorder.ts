import { type Client, hasChanged, isBlackLook, LOOK_HEIGHT, LOOK_WIDTH, lookOf } from '../../src-core/contract/index.ts'
import { type Failure, ScreenFault, toFailure } from '../backend/failure.ts'
import { isSmaller, type Size } from '../screen/kept-size.ts'

/** The screen, while it is being looked at. */
export interface SeenScreen {
  /** The picture as it is now, small, as RGBA of `LOOK_WIDTH` by `LOOK_HEIGHT`; null where there is none. */
  glance(): Uint8ClampedArray | null
  /** The same picture as it is kept, and how large the screen is. @throws ScreenFault screen-unreadable */
  file(): Promise<{ picture: Blob; kept: Size; seen: Size }>
  /** Titles of the windows that are on it, as the system tells; null where it should and does not. */
  windows(): Promise<string[] | null>
  onEnd(listener: () => void): void
  close(): void
}

export interface StudyRecorderParts {
  timeline: Pick<Client['timeline'], 'hold' | 'offer' | 'pace'>
  /** Asks the learner for a screen; null where they chose none. */
  openScreen(): Promise<SeenScreen | null>
  /** Calls the function every so many milliseconds, until the returned one is called. */
  every(ms: number, run: () => void): () => void
  onFault(failure: Failure): void
  /** Told once for each start: the screen has more pixels than is kept of it. */
  onScaled(kept: Size, seen: Size): void
}

/** After so many looks without the titles of windows it is said that nothing can be kept. */
const UNTOLD_AT_MOST = 3

/** Holds the study timeline on from this page: looks at the screen again and again, and sends what is new. */
export class StudyRecorder {
  readonly #parts: StudyRecorderParts
  #running: { stop: AbortController; end(): void } | undefined
  #starting: AbortController | undefined
  readonly #listeners = new Set<() => void>()

  constructor(parts: StudyRecorderParts) {
    this.#parts = parts
  }

  /** Whether this page is the one that looks. */
  get isRunning(): boolean {
    return this.#running !== undefined
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async start(): Promise<void> {
    if (this.#starting || this.#running) return
    const starting = new AbortController()
    this.#starting = starting
    let screen: SeenScreen | null | undefined
    try {
      // First of all: only while the learner's click counts may a page ask for the screen.
      screen = await this.#parts.openScreen()
      if (!screen) return
      const { everySeconds } = await this.#parts.timeline.pace()
      if (starting.signal.aborted) screen.close()
      else this.#run(screen, everySeconds * 1_000)
    } catch (error) {
      screen?.close()
      if (!starting.signal.aborted) this.#parts.onFault(toFailure(error))
    } finally {
      if (this.#starting === starting) this.#starting = undefined
    }
  }

  stop(): void {
    this.#starting?.abort()
    this.#starting = undefined
    const running = this.#running
    this.#running = undefined
    running?.stop.abort()
    running?.end()
    this.#tell()
  }

  #run(screen: SeenScreen, everyMs: number): void {
    const stop = new AbortController()
    let isPaused = false
    const looking = new Looking(this.#parts, screen)
    const endTicks = this.#parts.every(everyMs, () => {
      if (isPaused) return
      looking.look().catch((error) => {
        if (stop.signal.aborted) return
        this.stop()
        this.#parts.onFault(toFailure(error))
      })
    })
    this.#running = {
      stop,
      end: () => {
        endTicks()
        screen.close()
      },
    }
    screen.onEnd(() => {
      if (stop.signal.aborted) return
      this.stop()
      this.#parts.onFault(toFailure(new ScreenFault('screen-ended')))
    })
    this.#tell()
    const hold = async () => {
      for await (const { state } of await this.#parts.timeline.hold(undefined, { signal: stop.signal })) {
        if (isPaused && state === 'on') looking.forget()
        isPaused = state !== 'on'
      }
    }
    hold()
      .catch((error) => {
        if (!stop.signal.aborted) this.#parts.onFault(toFailure(error))
      })
      .finally(() => {
        if (!stop.signal.aborted) this.stop()
      })
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

/** Sends a frame when it shows something new, one at a time. */
class Looking {
  readonly #parts: Pick<StudyRecorderParts, 'timeline' | 'onScaled'>
  readonly #screen: SeenScreen
  #last: Uint8Array | null = null
  #untold = 0
  #isBusy = false
  #isScaledTold = false

  constructor(parts: Pick<StudyRecorderParts, 'timeline' | 'onScaled'>, screen: SeenScreen) {
    this.#parts = parts
    this.#screen = screen
  }

  forget(): void {
    this.#last = null
  }

  async look(): Promise<void> {
    const rgba = this.#isBusy ? null : this.#screen.glance()
    if (!rgba || rgba.length !== LOOK_WIDTH * LOOK_HEIGHT * 4) return
    const look = lookOf(rgba)
    if (isBlackLook(look) || !hasChanged(this.#last, look)) return
    this.#isBusy = true
    try {
      const [{ picture, kept, seen }, windows] = [await this.#screen.file(), await this.#screen.windows()]
      const { timeline, onScaled } = this.#parts
      const { outcome } = await timeline.offer({ picture, windows })
      // Nobody knows whether an excluded window is on the screen: no frame was taken.
      if (outcome === 'untold') {
        if (++this.#untold >= UNTOLD_AT_MOST) throw new ScreenFault('windows-untold')
        return
      }
      this.#untold = 0
      if (outcome !== 'taken') return
      this.#last = look
      if (this.#isScaledTold || !isSmaller(kept, seen)) return
      this.#isScaledTold = true
      onScaled(kept, seen)
    } finally {
      this.#isBusy = false
    }
  }
}
