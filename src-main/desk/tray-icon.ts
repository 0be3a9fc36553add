import { crc32, deflateSync } from 'node:zlib'
import type { TrayState } from './tray-state.ts'

/** For a bar that is light, for one that is dark, or black for macOS, which colours it by itself. */
export type TrayTone = 'light' | 'dark' | 'template'

type Colour = readonly [red: number, green: number, blue: number]
/** Whether a point is inside, in units of the icon: 0 to 16 both ways. */
type Shape = (x: number, y: number) => boolean

const UNITS = 16
/** Each pixel is looked at in so many places both ways. */
const FINENESS = 4

/** The bars of our sign: where they stand, and how far they reach up and down from the middle. */
const BARS = [
  [2, 2],
  [6, 6],
  [10, 4],
  [14, 2],
] as const
const BAR_HALF = 1
/** The mark of a state stands in the lower right; bars keep away from it, and the last one, of which nearly nothing is left, is missing. */
const MARK = { x: 12, y: 12, keepAway: 5 }
const MARKED_BARS = BARS.slice(0, -1)

const INK: Record<TrayTone, Colour> = { light: [28, 28, 31], dark: [255, 255, 255], template: [0, 0, 0] }
const COLOURS: Record<Exclude<TrayState, 'idle'>, Record<TrayTone, Colour>> = {
  listening: { light: [28, 107, 78], dark: [108, 208, 163], template: INK.template },
  recording: { light: [200, 30, 40], dark: [255, 92, 92], template: INK.template },
  syncing: { light: [40, 90, 170], dark: [125, 178, 255], template: INK.template },
  problem: { light: [176, 96, 0], dark: [255, 184, 77], template: INK.template },
}

const fromMark = (x: number, y: number) => Math.hypot(x - MARK.x, y - MARK.y)

/** States differ by shape, since a template image has no colours. */
const MARKS: Record<Exclude<TrayState, 'idle'>, Shape> = {
  listening: (x, y) => fromMark(x, y) <= 4 && fromMark(x, y) >= 2.3,
  recording: (x, y) => fromMark(x, y) <= 4,
  // Two halves of a ring, apart.
  syncing: (x, y) => {
    const turn = Math.atan2(y - MARK.y, x - MARK.x)
    const isGap = Math.abs(Math.sin(turn - Math.PI / 4)) < 0.42
    return fromMark(x, y) <= 4 && fromMark(x, y) >= 2.1 && !isGap
  },
  // A triangle with a sign of exclamation left out of it.
  problem: (x, y) => {
    const down = y - (MARK.y - 4)
    const isInside = down >= 0 && down <= 7.6 && Math.abs(x - MARK.x) <= down * 0.52
    const isSign = Math.abs(x - MARK.x) <= 0.6 && ((down >= 2.4 && down <= 4.9) || (down >= 5.6 && down <= 6.7))
    return isInside && !isSign
  },
}

const among =
  (bars: readonly (readonly [number, number])[]): Shape =>
  (x, y) =>
    bars.some(([at, reach]) => {
      const over = Math.max(0, Math.abs(y - UNITS / 2) - (reach - BAR_HALF))
      return Math.hypot(x - at, over) <= BAR_HALF
    })

const isBar = among(BARS)
const isMarkedBar = among(MARKED_BARS)

/**
 * Draws the icon of a state.
 * @param size pixels both ways @returns a PNG
 */
export function drawTrayIcon(state: TrayState, tone: TrayTone, size: number): Buffer {
  const isSign: Shape = state === 'idle' ? isBar : (x, y) => isMarkedBar(x, y) && fromMark(x, y) > MARK.keepAway
  const isMark: Shape = state === 'idle' ? () => false : MARKS[state]
  const markColour = state === 'idle' ? INK[tone] : COLOURS[state][tone]
  const rgba = Buffer.alloc(size * size * 4)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [sign, mark] = [covered(isSign, column, row, size), covered(isMark, column, row, size)]
      const [red, green, blue] = mark > 0 ? markColour : INK[tone]
      rgba.set([red, green, blue, Math.round(255 * Math.min(1, sign + mark))], (row * size + column) * 4)
    }
  }
  return png(rgba, size)
}

/** How much of a pixel lies inside, 0 to 1. */
function covered(isInside: Shape, column: number, row: number, size: number): number {
  let hits = 0
  for (let n = 0; n < FINENESS * FINENESS; n++) {
    const x = ((column + ((n % FINENESS) + 0.5) / FINENESS) * UNITS) / size
    const y = ((row + (Math.floor(n / FINENESS) + 0.5) / FINENESS) * UNITS) / size
    if (isInside(x, y)) hits++
  }
  return hits / FINENESS ** 2
}

/** PNG (ISO/IEC 15948): 8 bits, RGBA, no filter. */
function png(rgba: Buffer, size: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const rows = Buffer.alloc(size * (size * 4 + 1))
  for (let row = 0; row < size; row++) rgba.copy(rows, row * (size * 4 + 1) + 1, row * size * 4, (row + 1) * size * 4)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

function pngChunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content])
  const chunk = Buffer.alloc(named.length + 8)
  chunk.writeUInt32BE(content.length, 0)
  named.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(named), named.length + 4)
  return chunk
}
