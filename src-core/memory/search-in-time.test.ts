import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import { type Clock, silentLog, systemClock } from '../kernel/index.ts'
import { hashEmbedder } from '../models/index.ts'
import type { Store } from '../store/index.ts'
import type { OpenVault } from '../vault/index.ts'
import { createMemory, type Memory } from './index.ts'

const DAY_MS = 24 * 3_600_000
const SAID = [
  ['cells first', 'Cells have a membrane.', 1],
  ['exam', 'My biology exam is on 16 November.', 0],
  ['cells later', 'Cells divide by mitosis, and the membrane divides with them.', 9],
  ['lecture', 'In the lecture on genetics we drew a square.', 1],
  ['cells last', 'Cells of plants also have a wall around their membrane.', 2],
  ['bread', 'Bread needs yeast, the least of it in the past, and a mouth.', 1],
  ['history', 'Many cities revolted in 1848.', 0],
  ['asked', 'What do I know of yeast in 2019? And of bread?', 0],
] as const

describe('a search in time', () => {
  let store: Store
  let vault: OpenVault
  let memory: Memory
  const nameOf = new Map<string, string>()
  let now = 0

  beforeAll(async () => {
    store = await openTestStore()
    const world = await openTestVault(store.database)
    vault = world.vault
    // A Monday.
    now = new Date(2026, 10, 9, 10).getTime()
    world.clock.advance(now - world.clock.now())
    for (const [name, userText, daysLater] of SAID) {
      world.clock.advance(daysLater * DAY_MS)
      nameOf.set((await vault.captures.add({ sessionId: name, source: 'text', userText })).id, name)
    }
    now = world.clock.now()
    const clock: Clock = Object.assign(Object.create(systemClock), { now: () => now })
    memory = await createMemory({
      database: store.database,
      vault,
      embedder: hashEmbedder(),
      config: { limits: { queryLength: 2_000 } },
      clock,
      log: silentLog,
    })
    await memory.index.idle()
  })
  afterAll(async () => {
    await memory?.close()
    await vault?.close()
    await store?.close()
  })

  const ask = async (query: string, more: object = {}) => {
    const { hits, understood } = await memory.search({ query, ...more })
    return { names: hits.map(({ captureId }) => nameOf.get(captureId)), understood }
  }

  it('resolves an event by what memory tells of it, and says from where', async () => {
    const before = await ask('what did I say about cells before the exam?')
    expect(before.names).toContain('cells first')
    expect(before.names).not.toContain('cells later')
    const { period } = before.understood
    expect(period).toMatchObject({ text: 'before the exam', from: null, event: { name: 'exam' } })
    expect(nameOf.get(period?.event?.captureId ?? '')).toBe('exam')
    expect(new Date(period?.event?.day ?? '')).toEqual(new Date(2026, 10, 16))
    const after = await ask('what did I say about cells after the lecture on genetics?')
    expect(after.names[0]).toBe('cells last')
    expect(after.names).not.toContain('cells first')
  })

  it('names an event that nobody has told the day of, and searches all the same', async () => {
    const { names, understood } = await ask('cells before the chemistry test')
    expect(understood).toMatchObject({ undated: 'chemistry test', period: null })
    expect(names).toContain('cells later')
  })

  it('brings the newest first only where the newest is asked for', async () => {
    const plain = await ask('what did I say about cells and their membrane?')
    expect(plain.understood.order).toBe('relevance')
    const newest = await ask('what did I last say about cells and their membrane?')
    expect(newest.understood.order).toBe('newest')
    expect(newest.names.slice(0, 3)).toEqual(['cells last', 'cells later', 'cells first'])
  })

  it('lists what is from a time when nothing else is asked', async () => {
    const { names, understood } = await ask('what did I say yesterday?')
    expect(names).toEqual(['cells last'])
    expect(understood.order).toBe('newest')
    expect((await ask('what did I say this month?')).names).toEqual(SAID.map(([name]) => name).reverse())
    expect((await ask('in 2019')).names).toEqual([])
  })

  it('says which time nothing is from, where what is found is from other times', async () => {
    const { names, understood } = await ask('cells and their membrane in March')
    expect(names).toContain('cells first')
    expect(understood).toMatchObject({ period: null, emptyPeriod: { text: 'in March', event: null } })
    expect(new Date(understood.emptyPeriod?.from ?? '')).toEqual(new Date(2026, 2, 1))
    expect((await ask('cells since yesterday')).understood.emptyPeriod).toBeNull()
    expect((await ask('cells in March', { ignorePeriod: true })).understood.emptyPeriod).toBeNull()
  })

  it('takes a time that memory tells of for the matter, where nothing is from then', async () => {
    const { names, understood } = await ask('the biology exam in November 2025')
    expect(names[0]).toBe('exam')
    expect(understood.emptyPeriod).toMatchObject({ text: 'in November 2025' })
    expect((await ask('What do I know of yeast in 2019?')).understood.emptyPeriod).toMatchObject({ text: 'in 2019' })
    expect((await ask('who revolted in 1848?')).understood).toMatchObject({ period: null, emptyPeriod: null })
  })

  it('leaves the words of time to be words on request', async () => {
    const { understood } = await ask('cells yesterday', { ignorePeriod: true })
    expect(understood.period).toBeNull()
  })

  it('reads no time between quotation marks', async () => {
    const { understood } = await ask('cells "since yesterday"')
    expect(understood).toMatchObject({ period: null, phrases: ['since yesterday'] })
  })

  it('reads no time in prose', async () => {
    const prose = `yesterday ${'the cells divide and their membrane too '.repeat(6)}`
    expect((await ask(prose)).understood.period).toBeNull()
  })

  it('says whether anything holds what was asked', async () => {
    expect((await memory.search({ query: 'cells membrane', mode: 'lexical' })).known).toBe(true)
    expect((await memory.search({ query: 'volcanoes of Iceland', mode: 'lexical' })).known).toBe(false)
  })

  it('takes no word of time for a slip', async () => {
    for (const query of ['membrane last', 'month membrane']) {
      expect((await ask(query, { mode: 'lexical' })).understood.corrections).toEqual([])
    }
  })

  it('corrects a slip, unless words are to be taken as they are', async () => {
    const { understood } = await ask('membrnae', { mode: 'lexical' })
    expect((await memory.search({ query: 'membrnae', mode: 'lexical' })).known).toBe(true)
    expect(understood.corrections).toEqual([{ typed: 'membrnae', read: expect.arrayContaining(['membrane']) }])
    expect(await ask('membrnae', { mode: 'lexical', ignoreCorrections: true })).toMatchObject({
      names: [],
      understood: { corrections: [] },
    })
  })
})
