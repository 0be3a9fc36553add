import { expect, it } from 'vitest'
import { quickPlace } from './quick-place.ts'

it.each([
  ['the first screen', { x: 0, y: 25, width: 1_280, height: 775 }, { x: 350, y: 219 }],
  ['one to the left of it', { x: -2_560, y: 0, width: 2_560, height: 1_440 }, { x: -1_570, y: 360 }],
  ['one that is hardly larger', { x: 0, y: 0, width: 600, height: 300 }, { x: 10, y: 40 }],
  ['one that is smaller', { x: 5, y: 6, width: 400, height: 200 }, { x: 5, y: 6 }],
])('the small window stands on %s', (_, area, place) => expect(quickPlace(area)).toEqual(place))
