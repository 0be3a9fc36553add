import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deleteChunks, type NewChunk, writeChunks } from '../../src-core/memory/chunk-rows.ts'
import type { SearchFilters } from '../../src-core/memory/index.ts'
import { analyse, soughtTerms } from '../../src-core/memory/language/terms.ts'
import type { LexicalIndex } from '../../src-core/memory/lexical/types.ts'
import { queryText } from '../../src-core/memory/query-text.ts'
import type { Database } from '../../src-core/store/index.ts'

/** What an implementation brings: a database with the vault's tables, and the index over them. */
export interface LexicalIndexFixture {
  readonly db: Database
  readonly vaultId: string
  readonly index: LexicalIndex
  /** Closes the database and opens it again; `db` and `index` are then the new ones. */
  reopen(): Promise<void>
  close(): Promise<void>
}

const NAUGHTY = resolve(import.meta.dirname, '../../../shared/data/badinput')

/** Strings that break parsers of queries; the big list of naughty strings as well, where it lies beside the checkout. */
export function hostileQueries(): string[] {
  const list = join(NAUGHTY, 'blns.json')
  const naughty: string[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
  return [
    ...naughty,
    '',
    '   ',
    '"',
    "'",
    "' OR 1=1 --",
    'a & | ! ( ) <-> :* b',
    '"unclosed phrase',
    'NOT AND OR',
    'chunks_bm25:attention',
    '\\',
    '%_%',
    '\u0000',
    'a\u0000b',
    '\ud800 lone',
    '{}[]()*?+^$',
    'x'.repeat(3_000),
    `${'word '.repeat(20_000)}`,
    '👩‍👩‍👧‍👦',
    '学习注意力',
    '\u202eright to left',
  ]
}

export function chunkRow(number: number, text: string, place: Partial<NewChunk> = {}): NewChunk {
  return {
    id: `chunk-${String(number).padStart(5, '0')}`,
    captureId: `capture-${number}`,
    kind: 'capture',
    field: 'userText',
    ordinal: 0,
    start: 0,
    end: text.length,
    text,
    sessionId: 'one',
    source: 'text',
    createdAt: new Date('2026-03-01T12:00:00Z'),
    heading: [],
    place: null,
    ...analyse(text),
    ...place,
  }
}

/** Those of the texts here. */
const LANGUAGES = new Set(['en', 'de', 'ru', 'ja', 'th', 'zh'])

/** What every `LexicalIndex` must do. An implementation is finished when this passes. */
export function lexicalIndexSuite(name: string, setup: () => Promise<LexicalIndexFixture>): void {
  describe(`lexical index: ${name}`, () => {
    let fixture: LexicalIndexFixture

    beforeAll(async () => {
      fixture = await setup()
      await fixture.index.prepare()
    })
    afterAll(async () => fixture?.close())
    beforeEach(async () => {
      await fixture.db.query('delete from chunks')
    })

    const store = (...rows: NewChunk[]) => writeChunks(fixture.db, fixture.vaultId, rows)
    const remove = (number: number) =>
      deleteChunks(fixture.db, fixture.vaultId, [{ kind: 'capture', id: `capture-${number}` }], [])
    const numbers = async (query: string, filters?: SearchFilters, limit = 10) =>
      (await fixture.index.search(soughtTerms(query, LANGUAGES).terms, { filters, limit })).map((match) =>
        Number(match.chunkId.slice(6)),
      )

    it('finds words in any form of English, not other words', async () => {
      await store(
        chunkRow(1, 'I am learning how attention works in transformers.'),
        chunkRow(2, 'Sourdough bread needs a warm kitchen.'),
      )
      expect(await numbers('transformer')).toEqual([1])
      expect(await numbers('LEARN')).toEqual([1])
      expect(await numbers('bread kitchens')).toEqual([2])
      expect(await numbers('quantum')).toEqual([])
      expect(await numbers('the in a')).toEqual([])
    })

    it('puts the chunk with more of the words first, and scores fall', async () => {
      await store(
        chunkRow(1, 'Gradient descent walks downhill.'),
        chunkRow(2, 'The gradient of a hill.'),
        chunkRow(3, 'Descent by gradient finds a minimum of the loss; gradient descent again.'),
        chunkRow(4, 'Something else entirely.'),
      )
      const matches = await fixture.index.search(soughtTerms('gradient descent minimum', LANGUAGES).terms, {
        limit: 10,
      })
      expect(matches.map((match) => match.chunkId)).toEqual(['chunk-00003', 'chunk-00001', 'chunk-00002'])
      const scores = matches.map((match) => match.score)
      expect([...scores].sort((a, b) => b - a)).toEqual(scores)
      expect(Math.min(...scores)).toBeGreaterThan(0)
      expect(matches[0]?.captureId).toBe('capture-3')
    })

    it('follows inserts, changes and deletions in many small transactions', async () => {
      for (let number = 0; number < 120; number += 1) {
        await store(chunkRow(number, `Note ${number} about topic${number % 7} and common things.`))
        if (number % 3 === 0) await remove(number)
        if (number % 5 === 1) {
          await remove(number)
          await store(chunkRow(number, `Changed ${number} about another${number % 7}.`))
        }
      }
      const rows = await fixture.db.query<{ id: string; text: string }>('select id, text from chunks')
      for (const word of ['topic0', 'topic3', 'another1', 'another6']) {
        const expected = rows.filter(({ text }) => text.includes(`${word} `) || text.includes(`${word}.`))
        const found = await numbers(word, undefined, 100)
        expect(found.sort((a, b) => a - b)).toEqual(expected.map(({ id }) => Number(id.slice(6))).sort((a, b) => a - b))
      }
    })

    it('is there after closing and opening', async () => {
      await store(chunkRow(1, 'The mitochondria is the powerhouse of the cell.'), chunkRow(2, 'Nothing here.'))
      await remove(2)
      await fixture.reopen()
      await fixture.index.prepare()
      expect(await numbers('powerhouses')).toEqual([1])
      await store(chunkRow(3, 'A power plant.'))
      expect(await numbers('plants')).toEqual([3])
      expect(await numbers('nothing')).toEqual([])
    })

    it('filters before it counts to the limit', async () => {
      const many = Array.from({ length: 60 }, (_, number) => chunkRow(number, `Energy energy energy ${number}`))
      await store(
        ...many,
        chunkRow(100, 'energy in another session, said once', { sessionId: 'two' }),
        chunkRow(101, 'energy by voice, said once', { source: 'voice' }),
        chunkRow(102, 'energy in an answer, said once', { field: 'agentText' }),
        chunkRow(103, 'energy in April, said once', { createdAt: new Date('2026-04-01T00:00:00Z') }),
        chunkRow(104, 'energy in a note, once', { kind: 'note', field: 'noteText', source: 'note', sessionId: null }),
      )
      const found = (filters: SearchFilters) => numbers('energy', filters, 3)
      expect(await found({ sessionId: 'two' })).toEqual([100])
      expect(await found({ sources: ['voice'] })).toEqual([101])
      expect(await found({ fields: ['agentText'] })).toEqual([102])
      expect(await found({ from: '2026-04-01T00:00:00Z' })).toEqual([103])
      expect(await found({ to: '2026-03-01T12:00:00Z' })).toEqual([])
      expect(await found({ sources: ['note'] })).toEqual([104])
      expect(await found({ sources: [] })).toEqual([])
      expect(await found({ sessionId: "two' or true --" })).toEqual([])
      expect(await found({ sessionId: 'two', exclude: ['capture-100'] })).toEqual([])
      expect(await numbers('energy', {}, 100)).toHaveLength(65)
    })

    it('keeps other vaults out', async () => {
      await writeChunks(fixture.db, 'another-vault', [chunkRow(1, 'A secret of somebody else.')])
      expect(await numbers('secret')).toEqual([])
    })

    it('takes any string as a query', async () => {
      await store(chunkRow(1, 'attention'), chunkRow(2, `${'ʇunpᴉpᴉɔuᴉ '.repeat(40)} Ω≈ç√∫˜µ≤≥÷`))
      for (const query of hostileQueries()) {
        expect(Array.isArray(await numbers(queryText(query, 2_000)))).toBe(true)
      }
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (query) => {
          expect(Array.isArray(await numbers(queryText(query, 2_000)))).toBe(true)
        }),
        { numRuns: 100 },
      )
    })

    it('takes any string as a text', async () => {
      const texts = hostileQueries()
        .map((text) => queryText(text, 2_000))
        .filter((text) => text !== '')
      await store(...texts.map((text, number) => chunkRow(number, `${text} findable${number}`)))
      for (const number of texts.keys()) expect(await numbers(`findable${number}`)).toEqual([number])
    })

    it('can be made anew', async () => {
      await store(chunkRow(1, 'Kept through a repair.'))
      await fixture.index.repair()
      expect(await numbers('repairs')).toEqual([1])
    })

    it('stops when it is told to', async () => {
      const signal = AbortSignal.abort(new DOMException('Stopped.', 'AbortError'))
      await expect(fixture.index.search(['word'], { limit: 1, signal })).rejects.toMatchObject({ code: 'cancelled' })
    })
  })
}
