import { describe, expect, it } from 'vitest'
import { hasChanged, isBlackLook, LOOK_HEIGHT, LOOK_WIDTH, lookOf } from './picture-change.ts'

const look = (paint: (x: number, y: number) => number) =>
  Uint8Array.from({ length: LOOK_WIDTH * LOOK_HEIGHT }, (_, at) => paint(at % LOOK_WIDTH, Math.floor(at / LOOK_WIDTH)))
const page = look(() => 240)

describe('a picture has changed', () => {
  it('where there was none before', () => {
    expect(hasChanged(null, page)).toBe(true)
  })

  it('by a line of writing, and not by a clock in a corner or by noise', () => {
    expect(
      hasChanged(
        page,
        look((x, y) => (y === 12 && x > 5 && x < 26 ? 190 : 240)),
      ),
    ).toBe(true)
    expect(
      hasChanged(
        page,
        look((x, y) => (y === 0 && x > 61 ? 60 : 240)),
      ),
    ).toBe(false)
    expect(
      hasChanged(
        page,
        look((x, y) => 240 - ((x * 7 + y * 3) % 9)),
      ),
    ).toBe(false)
  })
})

it('tells a screen that shows nothing', () => {
  expect(isBlackLook(look(() => 3))).toBe(true)
  expect(isBlackLook(look((x) => (x === 0 ? 40 : 0)))).toBe(false)
})

it('takes brightness from colours', () => {
  const rgba = new Uint8Array(LOOK_WIDTH * LOOK_HEIGHT * 4).fill(255)
  rgba.set([0, 0, 0, 255], 4)
  const [first, second] = lookOf(rgba)
  expect([first, second]).toEqual([255, 0])
})
