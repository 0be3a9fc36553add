import { describe, expect, it } from 'vitest'
import { LvaError } from '../../kernel/index.ts'
import type { ConceptGraph } from '../../memory/index.ts'
import type { Vault } from '../../vault/index.ts'
import { memoryFilters } from './document-filter.ts'

/** Two pages of documents with a label. */
const library = {
  async list(filter: { tag?: string }, { cursor }: { cursor: string | null }) {
    if (filter.tag === 'none') return { items: [], next: null }
    return cursor === null ? { items: [{ id: 'd1' }], next: 'more' } : { items: [{ id: 'd2' }], next: null }
  },
} as unknown as Vault['library']

const concepts = {
  async find(name: string) {
    if (name !== 'cells') throw new LvaError('not-found', 'This concept does not exist, or not any more.')
    return { id: 'c1' } as Awaited<ReturnType<ConceptGraph['find']>>
  },
  mentionedIn: async () => ['capture', 'd2'],
}

const within = async (filters: Parameters<typeof memoryFilters>[2]) =>
  (await memoryFilters({ library }, concepts, filters))?.within

describe('memoryFilters', () => {
  it('leaves alone what memory knows', async () => {
    const filters = { sessionId: 's', languages: ['de'] }
    expect(await memoryFilters({ library }, concepts, filters)).toEqual(filters)
    expect(await memoryFilters({ library }, concepts, undefined)).toBeUndefined()
  })

  it('makes ids of labels and concepts, and narrows by all of them', async () => {
    expect(await within({ tag: 'exam' })).toEqual(['d1', 'd2'])
    expect(await within({ concept: 'cells' })).toEqual(['capture', 'd2'])
    expect(await within({ concept: 'cells', tag: 'exam' })).toEqual(['d2'])
    expect(await within({ concept: 'cells', documentId: 'd1' })).toEqual([])
    expect(await within({ tag: 'none' })).toEqual([])
  })

  it('keeps the other filters', async () => {
    expect(await memoryFilters({ library }, concepts, { concept: 'cells', sources: ['voice'] })).toEqual({
      sources: ['voice'],
      within: ['capture', 'd2'],
    })
  })

  it('refuses a concept that there is not', async () => {
    await expect(within({ concept: 'nothing' })).rejects.toMatchObject({ code: 'not-found' })
  })
})
