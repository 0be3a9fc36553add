import { expect, it } from 'vitest'
import { atOnce, eachOf, stepByStep } from './steps.ts'

function* summed(values: number[]) {
  let sum = 0
  yield* eachOf(values, 2, (value) => {
    sum += value
  })
  return sum
}

it('comes to the same at once and step by step, and lets others run in between', async () => {
  const values = [1, 2, 3, 4, 5]
  expect(atOnce(summed(values))).toBe(15)
  let others = 0
  let isOver = false
  const other = () => {
    others += 1
    if (!isOver) setImmediate(other)
  }
  setImmediate(other)
  expect(await stepByStep(summed(values), () => false)).toBe(15)
  isOver = true
  expect(others).toBeGreaterThanOrEqual(2)
})

it('gives way between two steps', async () => {
  let asked = 0
  const givesWay = () => {
    asked += 1
    return asked > 2
  }
  expect(await stepByStep(summed([1, 2, 3, 4, 5, 6]), givesWay)).toBeUndefined()
  expect(asked).toBe(3)
})
