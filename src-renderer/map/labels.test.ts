import { expect, test } from 'vitest'
import { placeLabels, type WishedLabel } from './labels.ts'

const HEIGHT = 13
const wish = (text: string, x: number, y: number, more: Partial<WishedLabel> = {}): WishedLabel => ({
  text,
  width: 60,
  x,
  y,
  size: 5,
  isChosen: false,
  isForced: false,
  ...more,
})
const texts = (wished: readonly WishedLabel[]) => placeLabels(wished, HEIGHT).map(({ text }) => text)

test('no name lies on another, however near the concepts are', () => {
  const wished = Array.from({ length: 200 }, (_, at) =>
    wish(`${at}`, (at * 37) % 400, (at * 53) % 300, { size: at % 9 }),
  )
  const placed = placeLabels(wished, HEIGHT)
  expect(placed.length).toBeGreaterThan(20)
  for (const [at, one] of placed.entries()) {
    for (const other of placed.slice(at + 1)) {
      expect(Math.abs(one.left - other.left) >= 60 || Math.abs(one.y - other.y) >= HEIGHT).toBe(true)
    }
  }
})

test('a name stands on the other side of its circle where the right one is taken', () => {
  const [large, small] = placeLabels([wish('small', 0, 112), wish('large', 0, 100, { size: 9 })], HEIGHT)
  expect(large).toEqual({ text: 'large', left: 13, y: 100 })
  expect(small).toEqual({ text: 'small', left: -30, y: 127.5 })
})

test('a name covers no circle of another named concept where a side is free', () => {
  const [large] = placeLabels([wish('large', 0, 100, { size: 9 }), wish('beside', 40, 100)], HEIGHT)
  expect(large).toEqual({ text: 'large', left: -73, y: 100 })
})

test('the largest come first, those that are forced before them, and what is chosen in any case', () => {
  const crowd = ['a', 'b', 'c', 'd', 'e', 'f'].map((text, at) => wish(text, 0, 0, { size: at, width: 200 }))
  expect(texts(crowd)[0]).toBe('f')
  expect(texts([...crowd, wish('forced', 0, 0, { isForced: true, size: 1 })])[0]).toBe('forced')
  const chosen = [wish('one', 0, 0, { isChosen: true }), wish('two', 0, 0, { isChosen: true })]
  expect(texts([...crowd, ...chosen]).slice(0, 2)).toEqual(['one', 'two'])
})
