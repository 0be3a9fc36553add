import type { DesktopCapturer, DesktopCapturerSource, Display } from 'electron'
import type { DeskScreen } from '../../src-core/contract/index.ts'
import type { Clock } from '../../src-core/kernel/index.ts'

export interface ScreenParts {
  capturer: Pick<DesktopCapturer, 'getSources'>
  displays(): Pick<Display, 'id' | 'bounds' | 'scaleFactor'>[]
  /** Whether the learner chooses in our page; under Wayland the system asks. */
  listsScreens: boolean
  /** Whether the system lets nobody of us see the screen. */
  isDenied(): boolean
  clock: Pick<Clock, 'monotonic'>
}

/** A small picture, in pixels. */
const PICTURE = { width: 320, height: 200 }
/** So many are listed; screens before windows. */
const MOST = 60
const LONGEST_NAME = 300
/** A choice is for the request that follows it in this time, in milliseconds. */
const CHOICE_LASTS = 20_000

/** What can be shown, and what the learner chose of it. A choice is given once. */
export class Screens {
  readonly #parts: ScreenParts
  #listed = new Map<string, { id: string; name: string }>()
  #chosen: { id: string; name: string; at: number } | undefined

  constructor(parts: ScreenParts) {
    this.#parts = parts
  }

  /** @throws what the system throws where it has not denied it */
  async list(): Promise<{ screens: DeskScreen[]; isDenied: boolean }> {
    const { capturer, listsScreens, isDenied } = this.#parts
    if (!listsScreens) return { screens: [], isDenied: false }
    const asked = capturer.getSources({ types: ['screen', 'window'], thumbnailSize: PICTURE })
    const sources = await asked.catch((error: unknown) => {
      // macOS fails the request itself where it was denied.
      if (isDenied()) return []
      throw error
    })
    if (isDenied()) return { screens: [], isDenied: true }
    const shown = [...sources.filter(isScreen), ...sources.filter((source) => !isScreen(source) && !isOurs(source))]
    const screens = shown.slice(0, MOST).map((source) => this.#screenOf(source))
    this.#listed = new Map(screens.map(({ id, name }) => [id, { id, name }]))
    return { screens, isDenied: false }
  }

  /** The next request is to get this. What was not listed is not chosen. */
  choose(id: string): void {
    const source = this.#listed.get(id)
    this.#chosen = source && { ...source, at: this.#parts.clock.monotonic() }
  }

  /** What a request for the screen gets; null for nothing. @throws what the system throws */
  async take(): Promise<{ id: string; name: string } | null> {
    const { capturer, listsScreens, clock } = this.#parts
    if (!listsScreens) {
      const [first] = await capturer.getSources({ types: ['screen', 'window'], thumbnailSize: { width: 0, height: 0 } })
      return first ? { id: first.id, name: first.name } : null
    }
    const chosen = this.#chosen
    this.#chosen = undefined
    return chosen && clock.monotonic() - chosen.at <= CHOICE_LASTS ? { id: chosen.id, name: chosen.name } : null
  }

  #screenOf(source: DesktopCapturerSource): DeskScreen {
    const display = this.#parts.displays().find(({ id }) => String(id) === source.display_id)
    return {
      id: source.id,
      kind: isScreen(source) ? 'screen' : 'window',
      name: source.name.slice(0, LONGEST_NAME),
      picture: new Uint8Array(source.thumbnail.toPNG()),
      place: isScreen(source) && display ? { ...display.bounds, scale: display.scaleFactor } : null,
    }
  }
}

const isScreen = ({ id }: { id: string }) => id.startsWith('screen:')

/** Electron ends the name of a window with 1 where it is our own. */
const isOurs = ({ id }: { id: string }) => id.endsWith(':1')
