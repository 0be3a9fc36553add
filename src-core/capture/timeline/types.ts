/** Why a frame was not kept. `missed`: the queue was full; `unread`: it could not be read, so that nobody knows what is in it. */
export const LEFT_OUT = ['same', 'black', 'excluded', 'missed', 'unread'] as const
export type LeftOut = (typeof LEFT_OUT)[number]

/** `on` while some page holds it and sends frames. */
export interface TimelineState {
  state: 'off' | 'on' | 'paused'
  /** Since when it is on, an instant; null while it is off. */
  since: string | null
  /** Frames that wait to be read. */
  waiting: number
  /** Of this run: frames that were kept, and that were left out. */
  kept: number
  leftOut: Record<LeftOut, number>
  /** The learner's own name for which the last frame was left out; null where it was not. */
  excludedBy: string | null
}

/** A stretch in which frames were lost, so that the timeline can say so. Instants. */
export interface TimelineGap {
  from: string
  to: string
  frames: number
  why: 'missed' | 'unread'
}

/** `untold`: nobody knows whether a window that is to be left out is on the screen. */
export type OfferOutcome = 'taken' | 'full' | 'excluded' | 'untold' | 'paused' | 'off'

/** A frame as a page sends it. */
export interface OfferedFrame {
  bytes: Uint8Array
  /** Titles of the windows that are on the screen, as the system tells; empty in a browser, null where the system should tell and does not. */
  windows: readonly string[] | null
}
