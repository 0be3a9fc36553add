import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrange } from './arrange.ts'

const MOST = 40_000_000

describe('screens together', () => {
  it('one is itself, in its own pixels', () => {
    expect(arrange([{ x: 0, y: 0, width: 2_560, height: 1_440, scale: 2 }], MOST)).toEqual({
      width: 5_120,
      height: 2_880,
      parts: [{ x: 0, y: 0, width: 5_120, height: 2_880 }],
    })
  })

  it('stand as they stand, in the scale of the finest', () => {
    const laptop = { x: -1_280, y: 200, width: 1_280, height: 800, scale: 2 }
    const wide = { x: 0, y: 0, width: 1_920, height: 1_080, scale: 1 }
    expect(arrange([laptop, wide], MOST)).toEqual({
      width: 6_400,
      height: 2_160,
      parts: [
        { x: 0, y: 400, width: 2_560, height: 1_600 },
        { x: 2_560, y: 0, width: 3_840, height: 2_160 },
      ],
    })
  })

  it('three of 5K are one picture of bounded size, and of the same form', () => {
    const areas = [0, 1, 2].map((n) => ({ x: n * 2_560, y: 0, width: 2_560, height: 1_440, scale: 2 }))
    const { width, height, parts } = arrange(areas, MOST)
    expect(width * height).toBeLessThanOrEqual(MOST)
    expect(width * height).toBeGreaterThan(MOST * 0.99)
    expect(width / height).toBeCloseTo((3 * 2_560) / 1_440, 2)
    expect(parts).toHaveLength(3)
  })

  it('whatever there is: bounded, inside, and without overlap where the screens have none', () => {
    const size = fc.integer({ min: 1, max: 8_000 })
    const scale = fc.constantFrom(1, 1.25, 1.5, 2, 3)
    const row = fc.array(fc.record({ width: size, height: size, y: fc.integer({ min: -5_000, max: 5_000 }), scale }), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(row, (screens) => {
        let x = -3_000
        const areas = screens.map((screen) => {
          const area = { ...screen, x }
          x += screen.width
          return area
        })
        const whole = arrange(areas, MOST)
        expect(whole.width * whole.height).toBeLessThanOrEqual(MOST)
        for (const [n, part] of whole.parts.entries()) {
          expect(part.x).toBeGreaterThanOrEqual(0)
          expect(part.x + part.width).toBeLessThanOrEqual(whole.width)
          expect(part.y + part.height).toBeLessThanOrEqual(whole.height)
          const before = whole.parts[n - 1]
          if (before) expect(part.x).toBe(before.x + before.width)
        }
      }),
    )
  })

  it('none are an error', () => expect(() => arrange([], MOST)).toThrow())
})
