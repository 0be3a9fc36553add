import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import type { SearchHit, SearchRequest, SearchResult } from '../../memory/index.ts'
import type { Store } from '../../store/index.ts'
import { createNoteTool } from './create-note.ts'
import { memorySearchTool } from './memory-search.ts'
import type { ToolUse } from './tool.ts'

const USE = { signal: new AbortController().signal, nextNumber: 7 } as ToolUse

const hit = (captureId: string, field: SearchHit['field'], text: string, relevance = 0.9) =>
  ({
    captureId,
    kind: 'capture',
    field,
    start: 0,
    end: text.length,
    text,
    when: '2026-01-02T00:00:00.000Z',
    relevance,
  }) as SearchHit

function searching(hits: SearchHit[], ownWordsOnly = false) {
  const asked: SearchRequest[] = []
  const search = async (request: SearchRequest) => {
    asked.push(request)
    return { hits } as SearchResult
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
    expect(outcome.text).toContain('<passage number="7" date="2026-01-02">')
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
})
