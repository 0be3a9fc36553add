import { describe, expect, it } from 'vitest'
import type { Capture } from '../../src-core/contract/index.ts'
import { citedPlace, markedStretch } from './cited-place.ts'

const LINES = ['Week one is about light.', 'Office hours are on Tuesdays.']
const text = LINES.join('\n')
const capture = {
  pictures: [
    {
      ...{ sha256: 'a'.repeat(64), mediaType: 'image/png', width: 300, height: 200 },
      reading: {
        ...{ text, language: 'eng', at: '2026-11-03T09:15:00.000Z' },
        blocks: [
          {
            ...{ kind: 'paragraph', start: 0, end: text.length, place: { page: 1 } },
            lines: [
              [0, 24, 1, 0.1, 0.2, 0.8, 0.1],
              [25, 54, 1, 0.1, 0.4, 0.8, 0.1],
            ],
          },
        ],
      },
    },
  ],
} satisfies Pick<Capture, 'pictures'>
const second = { picture: 1, box: [0.1, 0.4, 0.8, 0.1] as [number, number, number, number] }

describe('the place in a picture of something cited', () => {
  it('is that of its line, also where whoever cites it did not say', () => {
    expect(citedPlace(capture, { start: 25, end: 54, text: 'Office hours are on Tuesdays.' })).toEqual({
      place: second,
      text: 'Office hours are on Tuesdays.',
    })
    expect(citedPlace(capture, { start: 25, end: 37 })).toEqual({ place: second, text: 'Office hours' })
  })

  it('is narrower than that of the whole part that was found', () => {
    const whole = { picture: 1, box: [0.1, 0.2, 0.8, 0.3] as [number, number, number, number] }
    expect(citedPlace(capture, { start: 25, end: 37, text: 'Office hours', place: whole }).place).toEqual(second)
  })

  it('is the one it had where the picture was read anew and says something else there', () => {
    const before = { picture: 1, box: [0.5, 0.5, 0.1, 0.1] as [number, number, number, number] }
    expect(citedPlace(capture, { start: 25, end: 37, text: 'Opening hour', place: before })).toEqual({
      place: before,
      text: 'Opening hour',
    })
    expect(citedPlace({}, { start: 0, end: 12, text: 'Office hours' })).toEqual({ place: null, text: 'Office hours' })
  })

  it('is the same where lines were joined to a sentence', () => {
    const joined = text.replace('\n', ' ')
    expect(citedPlace(capture, { start: 0, end: 54, text: joined }).place).toEqual({
      picture: 1,
      box: [0.1, 0.2, 0.8, 0.3],
    })
  })
})

describe('what of a hit is shown in its picture', () => {
  const hit = (snippet: { text: string; marked: boolean }[]) => markedStretch({ start: 100, end: 154, text, snippet })

  it('is from the first to the last word that is marked', () => {
    expect(
      hit([
        { text: '…is about light.\n', marked: false },
        { text: 'Office', marked: true },
        { text: ' ', marked: false },
        { text: 'hours', marked: true },
        { text: ' are on…', marked: false },
      ]),
    ).toEqual({ start: 125, end: 137, text: 'Office hours' })
  })

  it('is all of it where it was found by its meaning', () => {
    expect(hit([{ text: 'Week one is…', marked: false }])).toEqual({ start: 100, end: 154, text })
  })
})
