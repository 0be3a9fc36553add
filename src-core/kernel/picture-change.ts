/** A picture is compared by the brightness, 0 to 255, of so many places, row by row. */
export const LOOK_WIDTH = 64
export const LOOK_HEIGHT = 36

/** A place that differs by less has not changed: compression and smooth edges do that. */
const SEEN = 14
/** A line of writing changes about twenty places; a cursor that blinks or a clock in a corner, two or three. */
const FEWEST = 10
/** Brighter than anything on a screen that shows nothing. */
const DARK = 10

/** Brightness of each place from RGBA of `LOOK_WIDTH` by `LOOK_HEIGHT` pixels (ITU-R BT.601). */
export function lookOf(rgba: ArrayLike<number>): Uint8Array {
  return Uint8Array.from({ length: LOOK_WIDTH * LOOK_HEIGHT }, (_, at) => {
    const [red = 0, green = 0, blue = 0] = [rgba[at * 4], rgba[at * 4 + 1], rgba[at * 4 + 2]]
    return Math.round(0.299 * red + 0.587 * green + 0.114 * blue)
  })
}

/** Whether somebody would say that another picture is on the screen. */
export function hasChanged(before: Uint8Array | null, now: Uint8Array): boolean {
  if (!before || before.length !== now.length) return true
  let changed = 0
  for (let at = 0; at < now.length; at++) if (Math.abs((before[at] ?? 0) - (now[at] ?? 0)) >= SEEN) changed += 1
  return changed >= FEWEST
}

/** A screen that is locked, protected or off. */
export function isBlackLook(look: Uint8Array): boolean {
  return look.every((brightness) => brightness < DARK)
}
