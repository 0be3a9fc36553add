/** Characters shown at first, and with each press of "show more": a pasted book must not freeze the screen. */
const STEP = 4_000

/** The part of a long text that is shown: UTF-16 code units, end exclusive. */
export interface TextWindow {
  from: number
  to: number
}

/** Around the place that is looked for, or else the beginning. */
export function firstWindow(length: number, place: { start: number; end: number } | null): TextWindow {
  const from = place && place.start > STEP ? place.start - STEP / 2 : 0
  return within({ from, to: Math.max(from + STEP, place?.end ?? 0) }, length)
}

export function earlier(window: TextWindow, length: number): TextWindow {
  return within({ from: window.from - STEP * 5, to: window.to }, length)
}

export function later(window: TextWindow, length: number): TextWindow {
  return within({ from: window.from, to: window.to + STEP * 5 }, length)
}

/** A rest of a few lines is not worth a button. */
function within({ from, to }: TextWindow, length: number): TextWindow {
  return { from: from < STEP / 10 ? 0 : from, to: to > length - STEP / 10 ? length : to }
}
