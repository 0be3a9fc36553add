import type { DeskScreen } from '../../src-core/contract/index.ts'
import type { DeskLine } from '../desk/desk-line.ts'
import type { ScreenPicker } from '../desk/screen-picker.ts'
import { arrange, type ScreenArea } from './arrange.ts'
import { MOST_PIXELS } from './kept-size.ts'
import { openScreen, stillOf, type TakenStill, takeStill } from './take-still.ts'

/** Where pictures of the screen come from. */
export interface Screens {
  /** The screen or window that the learner chooses; null where they chose none. @throws ScreenFault screen-refused, screen-unreadable */
  open(): Promise<MediaStream | null>
  /** One picture of what they choose; null where they chose none. @throws ScreenFault also screen-black */
  still(): Promise<Still | null>
}

export interface Still extends TakenStill {
  /** Only a part of it is wanted, which is still to be cut out. */
  isPart: boolean
}

/** The browser, or the system, asks by itself. */
export const askedScreens: Screens = {
  open: openScreen,
  still: async () => ({ ...(await takeStill()), isPart: false }),
}

/** Inside the desktop the page shows its own list. @param isListing whether it is to, or the system asks */
export function deskScreens(line: DeskLine, picker: ScreenPicker): Screens {
  const choose = async (isForStill: boolean) => {
    const { screens, isDenied } = await line.screens()
    const mayTakeAll = isForStill && canStandTogether(screens)
    return picker.ask({ screens, isDenied, systemAsks: false, mayTakeAll, mayTakePart: isForStill })
  }
  /** A key that was pressed in another program is no gesture to this page, and without one no browser asks for the screen. */
  const maySystemAsk = async () =>
    navigator.userActivation.isActive ||
    (await picker.ask({ screens: [], isDenied: false, systemAsks: true, mayTakeAll: false, mayTakePart: false })) !==
      null
  const openOne = ({ id }: DeskScreen) => {
    line.choose(id)
    return openScreen()
  }
  return {
    async open() {
      if (!line.state?.listsScreens) return (await maySystemAsk()) ? askedScreens.open() : null
      const [only] = (await choose(false))?.screens ?? []
      return only ? openOne(only) : null
    },
    async still() {
      if (!line.state?.listsScreens) return (await maySystemAsk()) ? askedScreens.still() : null
      const { screens: chosen, isPart } = (await choose(true)) ?? { screens: [], isPart: false }
      const streams: MediaStream[] = []
      try {
        for (const screen of chosen) streams.push(await openOne(screen))
        const [only] = streams
        if (!only) return null
        // What stands behind our windows is what is to be seen.
        const isCovered = chosen.some(({ kind }) => kind === 'screen')
        if (isCovered) await line.stepAside()
        try {
          if (streams.length === 1) return { ...(await stillOf([only])), isPart }
          const places = chosen.map(placeOf)
          const seen = arrange(places, Number.POSITIVE_INFINITY)
          return { ...(await stillOf(streams, { arrangement: arrange(places, MOST_PIXELS), seen })), isPart }
        } finally {
          if (isCovered) line.stepBack()
        }
      } finally {
        for (const track of streams.flatMap((stream) => stream.getTracks())) track.stop()
      }
    },
  }
}

/** Where the screen is asked for only once that was explained. @param explain whether the learner goes on */
export function explained(screens: Screens, explain: () => Promise<boolean>): Screens {
  return {
    open: async () => ((await explain()) ? screens.open() : null),
    still: async () => ((await explain()) ? screens.still() : null),
  }
}

/** Screens of which the system tells where each stands. */
export function screensTogether(screens: readonly DeskScreen[]): DeskScreen[] {
  return screens.filter(({ kind, place }) => kind === 'screen' && place)
}

function canStandTogether(screens: readonly DeskScreen[]): boolean {
  return screensTogether(screens).length > 1
}

/** @throws TypeError where the system does not tell */
export function placeOf({ place }: DeskScreen): ScreenArea {
  if (!place) throw new TypeError('The system does not tell where this screen stands.')
  return place
}
