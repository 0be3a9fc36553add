import { expect, it } from 'vitest'
import type { Queries } from '../store/index.ts'
import { KnownChunkWords } from './chunk-words.ts'
import { TermIds } from './lexical/term-ids.ts'
import type { ResidentChunks } from './resident-chunks.ts'

it('numbers terms as in the words that it gives, also where the chunks in memory become ready while they are read', async () => {
  const ids = new TermIds()
  // In memory, other words came first.
  for (const term of ['bread', 'fridge', 'hot']) ids.idOf(term)
  let isReady = false
  const resident = { isReady: () => isReady, index: { ids } } as unknown as ResidentChunks
  const queries = {
    query: async () => {
      isReady = true
      return [{ id: 'one', terms: 'hot planet', language: null, session_id: null }]
    },
  } as unknown as Queries
  const { words, numberOf } = await new KnownChunkWords(queries, 'vault', resident).of(['one'])
  expect(words.get('one')?.counted.terms).toSatisfy((terms: Int32Array) => terms.includes(numberOf('hot') ?? -1))
  expect(words.get('one')?.counted.terms).toSatisfy((terms: Int32Array) => terms.includes(numberOf('planet') ?? -1))
  expect(numberOf('bread')).toBeUndefined()
})
