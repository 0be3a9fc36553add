import { z } from 'zod'

/** What a page and the desktop around it say to each other, beside the frames. See docs/desktop.md §1. */

/** Keys that work in every program, by what they do. */
export const GLOBAL_KEYS = ['quick', 'talk', 'screen', 'timeline'] as const
export type GlobalKey = (typeof GLOBAL_KEYS)[number]

/** Unless the learner chose others. None has Ctrl and Alt together, which types signs on many keyboards. */
export const USUAL_KEYS: Readonly<Record<GlobalKey, string>> = {
  quick: 'CommandOrControl+Shift+Space',
  talk: 'CommandOrControl+Shift+F9',
  screen: 'CommandOrControl+Shift+F10',
  timeline: 'CommandOrControl+Shift+F11',
}

/** What the learner asks of the main window's page, by the tray or by a key that works everywhere. */
export type AskedAction = 'talk' | 'show-screen' | 'record' | 'timeline' | 'hands-free'
/** What the computer does, of which every page is told. */
export type PowerChange = 'sleep' | 'wake'
/** `hidden`: the small window was hidden, and its page is not seen any more. */
export type DeskAction = AskedAction | PowerChange | 'hidden'

const onOff = z.enum(['off', 'on', 'paused'])

/** What a page is doing, for the tray. */
const deskReport = z.object({
  language: z.enum(['en', 'de', 'es']),
  /** The microphone is open for a turn. */
  listening: z.boolean(),
  handsFree: z.boolean(),
  recording: onOff,
  timeline: onOff,
  syncing: z.boolean(),
  problem: z.boolean(),
})
export type DeskReport = z.output<typeof deskReport>

/** What happens when the window is closed: hide it, end, or ask which. */
const background = z.enum(['ask', 'on', 'off'])

/** What can be chosen about the desktop. Keys as Electron writes them ("CommandOrControl+Shift+Space"); '' is none. */
const deskChange = z.object({
  background: background.optional(),
  keys: z.partialRecord(z.enum(GLOBAL_KEYS), z.string().max(100)).optional(),
})
export type DeskChange = z.output<typeof deskChange>

/** The desktop as it is. */
export interface DeskState {
  background: z.output<typeof background>
  hasTray: boolean
  /** Whether it tells titles of windows; under Wayland it does not. */
  tellsWindows: boolean
  /** Whether screens are chosen in the page's own list; under Wayland the system asks. */
  listsScreens: boolean
  /** Whether the system has a page of settings of who may use it. */
  opensPrivacy: { microphone: boolean; screen: boolean }
  /** `refused`: the system did not give this key, mostly because another program has it. */
  keys: Record<GlobalKey, { keys: string; isRefused: boolean }>
}

/** A screen or window that can be shown. */
export interface DeskScreen {
  /** As Electron names it. */
  id: string
  kind: 'screen' | 'window'
  name: string
  /** PNG, at most 320 × 200. */
  picture: Uint8Array<ArrayBuffer>
  /** Where a screen stands, in the system's points, and how many pixels a point has; null for windows and where the system does not tell. */
  place: { x: number; y: number; width: number; height: number; scale: number } | null
}

const ask = z.number().int().nonnegative()

/** What a page says. */
export const fromPage = z.discriminatedUnion('type', [
  /** Asks for the titles of open windows; `windows` answers. */
  z.object({ type: z.literal('list-windows'), ask }),
  /** Tells what it does, whenever that changes. The first one asks for `desk`. */
  z.object({ type: z.literal('report'), report: deskReport }),
  z.object({ type: z.literal('set-desk'), change: deskChange }),
  /** New keys are being pressed: ours rest. */
  z.object({ type: z.literal('press-keys'), on: z.boolean() }),
  /** Asks for what can be shown; `screens` answers. */
  z.object({ type: z.literal('list-screens'), ask }),
  /** The next request for the screen is to get this one. */
  z.object({ type: z.literal('choose-screen'), id: z.string().min(1).max(200) }),
  /** Asks our windows to leave the screen until `step-back`; `aside` answers. */
  z.object({ type: z.literal('step-aside'), ask }),
  z.object({ type: z.literal('step-back') }),
  /** Shows the small window with these words, or hides it. */
  z.object({ type: z.literal('quick'), text: z.string().max(10_000).nullable() }),
  z.object({ type: z.literal('hide-quick') }),
  /** Shows the main window. */
  z.object({ type: z.literal('show') }),
  /** Opens the system's settings of who may use this. */
  z.object({ type: z.literal('privacy'), what: z.enum(['microphone', 'screen']) }),
])

export type DeskMessage =
  | z.output<typeof fromPage>
  /** `titles` is null where they could not be told. */
  | { type: 'windows'; ask: number; titles: string[] | null }
  | { type: 'desk'; desk: DeskState }
  | { type: 'do'; action: DeskAction }
  /** A link that came from outside; the page reads it. */
  | { type: 'link'; link: string }
  /** Words for the small window. */
  | { type: 'quick-text'; text: string }
  /** `denied`: the system does not let us. */
  | { type: 'screens'; ask: number; screens: DeskScreen[]; isDenied: boolean }
  | { type: 'aside'; ask: number }
