import { expect, it } from 'vitest'
import { ScreenPicker } from './screen-picker.ts'

const question = { screens: [], isDenied: false, systemAsks: false, mayTakeAll: false, mayTakePart: true }

it('asks one question at a time; another one takes its place', async () => {
  const picker = new ScreenPicker()
  let told = 0
  picker.subscribe(() => told++)
  const first = picker.ask(question)
  const second = picker.ask({ ...question, mayTakeAll: true })
  expect(await first).toBeNull()
  expect(picker.question?.mayTakeAll).toBe(true)
  picker.answer({ screens: [], isPart: true })
  expect(await second).toEqual({ screens: [], isPart: true })
  expect(picker.question).toBeNull()
  const before = told
  picker.answer(null)
  expect(told).toBe(before)
})
