import { expect, test } from 'vitest'
import { isMetered } from './report-network.ts'

test('a browser that tells nothing of its network is not taken at its word', () => {
  expect(isMetered({ type: 'cellular' })).toBe(true)
  expect(isMetered({ type: 'wifi' })).toBe(false)
  expect(isMetered({ type: 'wifi', saveData: true })).toBe(true)
  expect(isMetered({ type: 'ethernet', saveData: false })).toBe(false)
  expect([isMetered({}), isMetered({ type: 'unknown' }), isMetered({ saveData: false })]).toEqual([null, null, null])
})
