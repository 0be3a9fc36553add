import { expect, test } from 'vitest'
import { Meter } from './meter-history.ts'

test('keeps the loudest of each stretch and moves on with time', () => {
  const meter = new Meter(3)
  meter.hear(0.2, 1_000)
  meter.hear(0.9, 1_030)
  meter.hear(0.1, 1_060)
  expect(meter.bars).toEqual([0, 0, 0.9])
  meter.hear(0.4, 1_070)
  expect(meter.bars).toEqual([0, 0.9, 0.4])
  meter.hear(0.5, 1_000 + 70 * 10)
  expect(meter.bars).toEqual([0, 0, 0.5])
})
