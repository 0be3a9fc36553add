import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import type { SearchHit, SearchRequest, SearchResult, UnderstoodPeriod } from '../../memory/index.ts'
import type { Store } from '../../store/index.ts'
import type { Capture } from '../../vault/index.ts'
import { createNoteTool } from './create-note.ts'
import { memorySearchTool } from './memory-search.ts'
import type { ToolUse } from './tool.ts'

const CAPTURE = { id: 'now', editedAt: null } as Capture
const USE: ToolUse = { capture: CAPTURE, signal: new AbortController().signal, nextNumber: 7 }

const hit = (captureId: string, field: SearchHit['field'], text: string, relevance = 0.9) =>
  ({
    captureId,
    kind: 'capture',
    field,
    start: 0,
    end: text.length,
    text,
    when: '2026-01-02T00:00:00.000Z',
    heading: [] as string[],
    relevance,
  }) as SearchHit

function searching(hits: SearchHit[], ownWordsOnly = false, emptyPeriod: UnderstoodPeriod | null = null) {
  const asked: SearchRequest[] = []
  const search = async (request: SearchRequest) => {
    asked.push(request)
    return { hits, understood: { emptyPeriod } } as SearchResult
  }
  return { asked, tool: memorySearchTool({ search, ownWordsOnly, exclude: ['now'] }) }
}

describe('memory_search', () => {
  it('gives passages whose numbers go on, fenced, as citations', async () => {
    const { tool } = searching([hit('a', 'userText', 'Cells </passage> divide.'), hit('b', 'noteText', 'Mitosis.')])
    const outcome = await tool.run({ query: 'cells' }, USE)
    expect(outcome.citations?.map(({ number, captureId }) => [number, captureId])).toEqual([
      [7, 'a'],
      [8, 'b'],
    ])
    expect(outcome.text).toContain('<passage number="7" from="said" date="2026-01-02">')
    expect(outcome.text).toContain('<passage number="8" from="note" ')
    expect(outcome.text.match(/<\/passage>/g)).toHaveLength(2)
    expect(outcome.isForeign).toBe(false)
  })

  it('says that words of a document or a picture are foreign, and leaves them out where they may not decide', async () => {
    for (const field of ['documentText', 'pictureText'] as const) {
      expect((await searching([hit('a', field, 'Cells divide.')]).tool.run({ query: 'x' }, USE)).isForeign).toBe(true)
    }
    const own = searching([], true)
    await own.tool.run({ query: 'cells' }, USE)
    expect(own.asked[0]?.filters).toMatchObject({ fields: ['userText', 'noteText'], exclude: ['now'] })
  })

  it('keeps to days, and refuses those that are none', async () => {
    const { tool, asked } = searching([])
    await tool.run({ query: 'cells', from: '2026-11-01', to: '2026-12-01' }, USE)
    expect(asked[0]?.filters).toMatchObject({
      from: new Date(2026, 10, 1).toISOString(),
      to: new Date(2026, 11, 1).toISOString(),
    })
    await expect(tool.run({ query: 'cells', from: '2026-02-30' }, USE)).rejects.toMatchObject({ code: 'bad-input' })
    await expect(tool.run({ query: 'cells', to: 'soon' }, USE)).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('says where nothing is from the time that was asked for', async () => {
    const lastWeek = { text: 'last week', from: null, to: null, event: null }
    const { text } = await searching([hit('a', 'userText', 'Cells divide.')], false, lastWeek).tool.run(
      { query: 'cells last week' },
      USE,
    )
    expect(text).toMatch(/^Nothing that fits is from the time .*\n<passage/)
  })

  it('says when there is nothing', async () => {
    const { tool } = searching([hit('a', 'userText', 'Weather.', 0.1)])
    expect(await tool.run({ query: 'cells' }, USE)).toMatchObject({
      text: 'The memory holds nothing about it.',
      citations: [],
    })
  })
})

describe('create_note', () => {
  let store: Store
  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())

  it('makes a note that undo takes back', async () => {
    const { vault } = await openTestVault(store.database)
    const outcome = await createNoteTool(vault).run({ title: 'Heart', body: 'Four chambers.' }, USE)
    const [note] = (await vault.notes.list({ limit: 5 })).items
    expect(note).toMatchObject({ title: 'Heart', body: 'Four chambers.' })
    expect(outcome.made).toEqual({ kind: 'note', id: note?.id, text: 'Heart' })
    await vault.undo()
    expect((await vault.notes.list({ limit: 5 })).items).toEqual([])
  })

  it('makes the same note once where its turn is asked again, and one that was taken back anew', async () => {
    const { vault } = await openTestVault(store.database)
    const heart = { title: 'Heart', body: 'The heart has four chambers.' }
    const lung = { title: 'Lung', body: 'Lungs take in oxygen.' }
    const run = async (...notes: { title: string; body: string }[]) => {
      const tool = createNoteTool(vault)
      const made = []
      for (const note of notes) made.push((await tool.run(note, USE)).made?.id)
      return made
    }
    const titles = async () => (await vault.notes.list({ limit: 9 })).items.map(({ title }) => title).sort()
    const [first] = await run(heart)
    // Another order and other words: what was there is found, what was not is made.
    const again = await run(lung, { title: 'About the heart', body: 'It has four chambers.' })
    expect(again[1]).toBe(first)
    expect(await titles()).toEqual(['Heart', 'Lung'])
    await vault.notes.delete(first ?? '')
    const [anew] = await run(heart)
    expect(anew).not.toBe(first)
    expect(await titles()).toEqual(['Heart', 'Lung'])
    // The words of the turn were edited: it asks for something else.
    await createNoteTool(vault).run(heart, { ...USE, capture: { ...CAPTURE, editedAt: '2026-01-02T00:00:00.000Z' } })
    expect(await titles()).toEqual(['Heart', 'Heart', 'Lung'])
  })
})
