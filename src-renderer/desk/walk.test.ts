import { describe, expect, it } from 'vitest'
import { walked } from './walk.ts'

/** Three in the first row, and below a heading two of another list, the first of them a little higher than the second. */
const PLACES = [
  { left: 0, top: 0, width: 90, height: 80 },
  { left: 100, top: 0, width: 90, height: 80 },
  { left: 200, top: 0, width: 90, height: 60 },
  { left: 0, top: 120, width: 90, height: 80 },
  { left: 100, top: 120, width: 90, height: 80 },
]

describe('arrow keys between tiles', () => {
  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowRight', 2, 3],
    ['ArrowRight', 4, 4],
    ['ArrowLeft', 3, 2],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 4],
    ['ArrowDown', 2, 4],
    ['ArrowDown', 3, 3],
    ['ArrowUp', 4, 1],
    ['ArrowUp', 0, 0],
    ['ArrowDown', -1, 0],
    ['ArrowRight', -1, 0],
    ['Enter', 1, null],
  ] as const)('%s from %i leads to %s', (key, at, to) => expect(walked(key, at, PLACES)).toBe(to))
})
