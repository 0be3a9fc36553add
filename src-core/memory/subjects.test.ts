import { describe, expect, it } from 'vitest'
import { chunksOf, noteText, parseSubject, type SubjectTexts, textToEmbed } from './subjects.ts'

const capture = (userText: string, agentText = ''): SubjectTexts => ({
  kind: 'capture',
  id: 'c1',
  version: '1',
  sessionId: 's1',
  source: 'voice',
  createdAt: new Date('2026-03-01T12:00:00Z'),
  fields: [
    { field: 'userText', text: userText, heading: '' },
    { field: 'agentText', text: agentText, heading: '' },
  ],
})

const note = (title: string, body: string): SubjectTexts => ({
  ...capture(''),
  kind: 'note',
  source: 'note',
  sessionId: null,
  fields: [{ field: 'noteText', text: noteText({ title, body }), heading: title }],
})

const longText = (count: number) =>
  Array.from({ length: count }, (_, number) => `This is sentence number ${number} of a long text about learning.`).join(
    ' ',
  )

describe('chunksOf', () => {
  it('gives each field its chunks, with exact places', () => {
    const said = longText(60)
    const chunks = chunksOf(capture(said, 'Which part is hard?'))
    expect(new Set(chunks.map((chunk) => chunk.field))).toEqual(new Set(['userText', 'agentText']))
    for (const { field, start, end, text } of chunks) {
      expect((field === 'userText' ? said : 'Which part is hard?').slice(start, end)).toBe(text)
    }
    expect(chunks.map((chunk) => chunk.ordinal)).toEqual([...chunks.slice(0, -1).keys(), 0])
    expect(chunks[0]).toMatchObject({ captureId: 'c1', kind: 'capture', sessionId: 's1', source: 'voice' })
  })

  it('keeps the ids of chunks that did not change, and gives changed ones new ids', () => {
    const before = chunksOf(capture(longText(80)))
    const after = chunksOf(capture(`${longText(80)} And one more thing.`))
    const shared = after.filter(({ id }) => before.some((chunk) => chunk.id === id))
    for (const { id, text } of shared) expect(before.find((chunk) => chunk.id === id)?.text).toBe(text)
    expect(chunksOf(capture(longText(80))).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    expect(new Set(after.map(({ id }) => id)).size).toBe(after.length)
  })

  it('tells equal texts of different places apart', () => {
    const ids = [
      ...chunksOf(capture('Same.', 'Same.')),
      ...chunksOf({ ...capture('Same.'), id: 'c2' }),
      ...chunksOf(note('', 'Same.')),
    ].map(({ id }) => id)
    expect(new Set(ids).size).toBe(4)
    const repeated = chunksOf(capture('a'.repeat(50_000)))
    expect(new Set(repeated.map(({ id }) => id)).size).toBe(repeated.length)
  })

  it('gives the later chunks of a note new ids when its title changes, because their vectors hold it', () => {
    const [first, ...later] = chunksOf(note('Biology', longText(60)))
    const renamed = new Set(chunksOf(note('Physics', longText(60))).map(({ id }) => id))
    expect(later.length).toBeGreaterThan(1)
    for (const chunk of [first, ...later]) expect(renamed.has(chunk?.id ?? '')).toBe(false)
  })
})

describe('textToEmbed', () => {
  it('puts the heading before a chunk that does not hold it', () => {
    expect(textToEmbed({ text: 'Body.', start: 40 }, 'Title')).toBe('Title\n\nBody.')
    expect(textToEmbed({ text: 'Title\n\nBody.', start: 0 }, 'Title')).toBe('Title\n\nBody.')
    expect(textToEmbed({ text: 'Body.', start: 40 }, '')).toBe('Body.')
  })
})

describe('parseSubject', () => {
  it('reads what the vault queues, ids with colons included', () => {
    expect(parseSubject('capture:twilio_CA:1')).toEqual({ kind: 'capture', id: 'twilio_CA:1' })
    expect(parseSubject('note:n')).toEqual({ kind: 'note', id: 'n' })
    expect(parseSubject('session:s')).toBeUndefined()
    expect(parseSubject('')).toBeUndefined()
  })
})
