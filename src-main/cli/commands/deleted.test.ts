import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openWholeProgram, type WholeProgram } from '../../../test/whole-program.ts'
import type { CommandContext } from '../command.ts'
import { deletedList, restoreDeleted } from './deleted.ts'
import { forget } from './forget.ts'

let program: WholeProgram
let lines: string[]
let results: unknown[]

beforeAll(async () => {
  program = await openWholeProgram({})
})
afterAll(() => program?.close())
beforeEach(() => {
  lines = []
  results = []
})

const context = (json: boolean) =>
  ({
    terminal: {
      line: (text = '') => void lines.push(text),
      remark: (text: string) => void lines.push(text),
      json: (value: unknown) => void results.push(value),
    },
    json,
    client: async () => program.client,
  }) as unknown as CommandContext

it('lists what was deleted, restores it, and forgets one thing or all', async () => {
  const { notes } = program.client
  const [first, second] = await Promise.all(
    ['Osmosis', 'Diffusion'].map((title) => notes.create({ title, body: 'water' })),
  )
  for (const note of [first, second]) await notes.delete({ id: note?.id ?? '' })
  await deletedList(context(false))
  expect(lines.sort((a, b) => (a.includes('Osmosis') ? -1 : b.includes('Osmosis') ? 1 : 0))).toEqual([
    expect.stringMatching(/note {2}24 h left {2}Osmosis$/),
    expect.stringMatching(/note {2}24 h left {2}Diffusion$/),
  ])
  await restoreDeleted(context(true), [first?.id ?? ''], {})
  expect(results).toMatchObject([{ restored: [{ kind: 'note', words: 'Osmosis' }] }])
  expect((await notes.list({ limit: 9 })).items.map(({ title }) => title)).toEqual(['Osmosis'])
  await notes.delete({ id: first?.id ?? '' })
  await forget(context(true), [second?.id ?? ''], { yes: true })
  expect(results.at(-1)).toMatchObject({ notes: 1 })
  await restoreDeleted(context(false), [], { all: true })
  expect(lines.at(-1)).toBe('Restored: 1.')
  await notes.delete({ id: (await notes.create({ title: 'Heat', body: 'water' })).id })
  const { collections } = program.client
  await collections.delete({ id: (await collections.create({ name: 'Physics' })).id })
  await forget(context(false), [], { yes: true })
  expect(lines.at(-2)).toBe('Forgotten: 0 entries, 1 note, 0 documents, 1 collection, 0 statements, 0 cards.')
  expect((await notes.list({ limit: 9 })).items.map(({ title }) => title)).toEqual(['Osmosis'])
  await deletedList(context(false))
  expect(lines.at(-1)).toBe('Nothing is deleted.')
})

it('refuses what is not deleted, and a restore of nothing', async () => {
  await expect(restoreDeleted(context(false), ['unknown'], {})).rejects.toMatchObject({ code: 'not-found' })
  await expect(restoreDeleted(context(false), [], {})).rejects.toMatchObject({ code: 'bad-input' })
  await expect(forget(context(false), ['unknown'], { yes: true })).rejects.toMatchObject({ code: 'not-found' })
})
