import { expect, test } from 'vitest'
import type { Citation } from '../../src-core/contract/index.ts'
import { noteText } from './note-text.ts'

const words = { places: 'Places', questions: 'Questions', moment: (instant: string) => instant.slice(0, 10) }
const citation: Citation = {
  ...{ number: 2, captureId: 'c', kind: 'capture', field: 'userText', start: 0, end: 5 },
  ...{ text: 'Basalt is\ncooled lava. ', when: '2026-01-01T10:00:00.000Z' },
}

test('a note of a summary says what its numbers mean, and what is left to ask', () => {
  const made = { text: 'Basalt is cooled lava [2].', citations: [citation], followUps: ['Where does it cool?'] }
  expect(noteText(made, words)).toBe(
    'Basalt is cooled lava [2].\n\nPlaces\n[2] 2026-01-01: “Basalt is cooled lava.”\n\nQuestions\n- Where does it cool?',
  )
})

test('what there is nothing of is left out of the note', () => {
  expect(noteText({ text: 'Little was kept.', citations: [], followUps: [] }, words)).toBe('Little was kept.')
})
