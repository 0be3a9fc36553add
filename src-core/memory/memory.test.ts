import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hostileQueries } from '../../test/suites/lexical-index-suite.ts'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import { LvaError, type ManualClock, silentLog, systemClock } from '../kernel/index.ts'
import { type Embedder, hashEmbedder } from '../models/index.ts'
import { type Database, enqueueJobs, type Store } from '../store/index.ts'
import { INDEX_JOB, type OpenVault } from '../vault/index.ts'
import { createMemory, type Memory, noteText, type SearchRequest } from './index.ts'

/** An embedder that can be switched off, and tells what it was given. */
class SwitchedEmbedder implements Embedder {
  readonly info: Embedder['info']
  readonly asked: string[] = []
  failure: Error | undefined
  /** Texts with this in them are refused. */
  poison: string | undefined

  constructor(id = 'hash-a') {
    this.info = { ...hashEmbedder().info, id }
  }

  async embed(texts: readonly string[]): Promise<Float32Array[]> {
    if (this.failure) throw this.failure
    const { poison } = this
    if (poison !== undefined && texts.some((text) => text.includes(poison))) throw new Error('cannot embed this')
    this.asked.push(...texts)
    return hashEmbedder().embed(texts)
  }
}

/** An embedder that answers nothing until it is told to. */
class HeldEmbedder extends SwitchedEmbedder {
  readonly held: (() => void)[] = []

  override async embed(texts: readonly string[]): Promise<Float32Array[]> {
    await new Promise<void>((resolve) => this.held.push(resolve))
    return super.embed(texts)
  }

  /** Answers the request that has waited longest. */
  answer(): void {
    this.held.shift()?.()
  }
}

/** A database that calls `after` when a transaction is committed, before whoever asked for it goes on. */
function afterTransactions(db: Database, after: () => Promise<void>): Database {
  const transaction: Database['transaction'] = async (task) => {
    const result = await db.transaction(task)
    await after()
    return result
  }
  return new Proxy(db, {
    get(target, key) {
      if (key === 'transaction') return transaction
      const value = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const down = () => new LvaError('model-process-down', 'The models have stopped.')

describe('memory', () => {
  let store: Store
  let db: Database
  const opened: { close(): Promise<void> }[] = []

  beforeAll(async () => {
    store = await openTestStore()
    db = store.database
  })
  afterAll(() => store?.close())
  afterEach(async () => {
    for (const part of opened.splice(0).reverse()) await part.close()
  })

  /** Of a vault of its own, so that tests do not see each other. */
  async function openWorld(): Promise<{ vault: OpenVault; clock: ManualClock }> {
    const world = await openTestVault(db)
    opened.push(world.vault)
    return world
  }

  async function openMemory(
    vault: OpenVault,
    embedder: Embedder = new SwitchedEmbedder(),
    database: Database = db,
  ): Promise<Memory> {
    const memory = await createMemory({
      database,
      vault,
      embedder,
      config: { limits: { queryLength: 2_000 } },
      clock: systemClock,
      log: silentLog,
    })
    opened.push(memory)
    return memory
  }

  const said = (vault: OpenVault, userText: string, sessionId = 'session') =>
    vault.captures.add({ sessionId, source: 'text', userText })

  const lexically = async (memory: Memory, query: string) =>
    (await memory.search({ query, mode: 'lexical' })).hits.length

  const found = async (memory: Memory, request: SearchRequest) =>
    (await memory.search(request)).hits.map((hit) => hit.captureId)

  it('lets words decide where short texts do not say their language and the question is in one that the embedder has not learned', async () => {
    const { vault } = await openWorld()
    const embedder = new SwitchedEmbedder()
    const memory = await openMemory(vault, {
      info: { ...embedder.info, languages: ['en'] },
      embed: (texts) => embedder.embed(texts),
    })
    await said(vault, 'Kaffee Bohnen')
    await memory.index.idle()
    const sharesFor = async (query: string) => (await memory.search({ query, explain: true })).explanation?.shares
    const unlearned = await sharesFor('was habe ich über die Bohnen und den Kaffee gesagt')
    const learned = await sharesFor('what did I say about the Bohnen and the Kaffee')
    expect(unlearned?.words).toBeGreaterThan(learned?.words ?? 1)
  })

  it('finds what was said and written, with its exact place and why', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    const capture = await said(vault, "I'm learning how attention works in transformers.")
    const note = await vault.notes.create({ title: 'Leaves', body: 'Photosynthesis turns light into sugar.' })
    await memory.index.idle()
    const { hits, semantic, timings } = await memory.search({ query: 'transformer attention' })
    expect(semantic).toBe(true)
    expect(hits[0]).toMatchObject({
      captureId: capture.id,
      kind: 'capture',
      sessionId: 'session',
      field: 'userText',
      source: 'text',
      when: capture.createdAt,
      why: { lexicalRank: 1, semanticRank: 1, words: ['transformer', 'attention'] },
    })
    expect(hits[0]?.snippet.filter((piece) => piece.marked).map((piece) => piece.text)).toEqual([
      'attention',
      'transformers',
    ])
    for (const value of Object.values(timings)) expect(value).toBeGreaterThanOrEqual(0)
    const [leaf] = (await memory.search({ query: 'photosynthesis' })).hits
    expect(leaf).toMatchObject({ captureId: note.id, kind: 'note', sessionId: null, field: 'noteText', source: 'note' })
    expect(noteText(note).slice(leaf?.start, leaf?.end)).toBe(leaf?.text)
  })

  it('follows answers, edits, deletions and undo', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    const capture = await said(vault, 'Gradient descent is like walking downhill.')
    await vault.captures.answer(capture.id, {
      text: 'And momentum is a heavy ball.',
      provider: 'offline',
      model: 'tutor',
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
      citations: [],
      agentsUsed: [],
      ending: 'complete',
      createdAt: capture.createdAt,
    })
    await memory.index.idle()
    expect((await memory.search({ query: 'momentum' })).hits[0]).toMatchObject({ field: 'agentText' })
    expect(
      await found(memory, { query: 'momentum', filters: { fields: ['userText', 'noteText'] }, mode: 'lexical' }),
    ).toEqual([])

    await vault.captures.edit(capture.id, { userText: 'Gradient descent is like rolling into a valley.' })
    await memory.index.idle()
    expect(await found(memory, { query: 'downhill', mode: 'lexical' })).toEqual([])
    expect(await found(memory, { query: 'valleys', mode: 'lexical' })).toEqual([capture.id])

    await vault.captures.delete([capture.id])
    expect(await found(memory, { query: 'valley gradient' })).toEqual([])
    await memory.index.idle()
    expect(await memory.index.progress()).toEqual({ pending: 0, indexed: 0, failed: 0, running: false })
    await vault.captures.restore([capture.id])
    await memory.index.idle()
    expect(await found(memory, { query: 'valley' })).toEqual([capture.id])
  })

  it('shows one hit for a capture, however many of its chunks match', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    const long = await said(vault, 'Energy is conserved in a closed system. '.repeat(120))
    const short = await said(vault, 'Energy.')
    await memory.index.idle()
    expect((await memory.index.progress()).indexed).toBeGreaterThan(4)
    expect((await found(memory, { query: 'energy' })).toSorted()).toEqual([long.id, short.id].toSorted())
  })

  it('filters by time, session, source and field, and leaves out', async () => {
    const { vault, clock } = await openWorld()
    const memory = await openMemory(vault)
    const first = await said(vault, 'Tides follow the moon.', 'one')
    clock.advance(86_400_000)
    const second = await vault.captures.add({ sessionId: "two'", source: 'voice', userText: 'Tides, spoken.' })
    const note = await vault.notes.create({ title: 'Tides', body: 'Noted.' })
    await memory.index.idle()
    const ids = (filters: NonNullable<SearchRequest['filters']>) => found(memory, { query: 'tides', filters })
    expect(await ids({ to: second.createdAt })).toEqual([first.id])
    expect((await ids({ from: second.createdAt })).toSorted()).toEqual([second.id, note.id].toSorted())
    expect(await ids({ sessionId: "two'" })).toEqual([second.id])
    expect(await ids({ sources: ['note'] })).toEqual([note.id])
    expect(await ids({ sources: ['voice', 'text'], exclude: [first.id] })).toEqual([second.id])
    expect(await ids({ sessionId: 'a\0b' })).toEqual([])
  })

  it('finds a word while it is being typed', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    const capture = await said(vault, 'Photosynthesis happens in leaves.')
    await memory.index.idle()
    const { hits } = await memory.search({ query: 'leaves photosy', mode: 'lexical' })
    expect(hits[0]).toMatchObject({ captureId: capture.id, why: { words: ['leaves', 'Photosynthesis'.toLowerCase()] } })
    expect(await found(memory, { query: 'photosy ', mode: 'lexical' })).toEqual([])
  })

  it('finds what has no words by its characters', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    const party = await said(vault, 'Finished the proof 🎉 today')
    const quote = await said(vault, 'To be, or not to be')
    await memory.index.idle()
    expect(await found(memory, { query: '🎉' })).toEqual([party.id])
    expect(await found(memory, { query: 'not to be', mode: 'lexical' })).toEqual([quote.id])
    expect(await found(memory, { query: '%' })).toEqual([])
  })

  it('takes any string as what is said, as a session and as a query', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    const strings = hostileQueries().map((text) => text.slice(0, 300))
    const saidTexts = strings.filter((text) => text.trim() !== '')
    for (const [number, text] of saidTexts.entries())
      await said(vault, `${text} findable${number}`, `session ${number % 9}`)
    await memory.index.idle()
    expect(await memory.index.progress()).toMatchObject({ pending: 0, failed: 0 })
    // Each index meets all of them in its own suite; here a part goes the whole way.
    for (const query of strings.filter((_, number) => number % 3 === 0)) {
      const { hits } = await memory.search({ query })
      expect(hits.length === 0 || query.trim() !== '').toBe(true)
      await memory.search({ query: 'findable1', filters: { sessionId: query }, mode: 'lexical' })
    }
    for (const number of [0, 5, saidTexts.length - 1]) {
      expect(await found(memory, { query: `findable${number}`, mode: 'lexical' })).toHaveLength(1)
    }
    expect(await found(memory, { query: '' })).toEqual([])
    expect(await found(memory, { query: ' \0 \t ' })).toEqual([])
    expect(await found(memory, { query: `findable3 ${'zq '.repeat(50_000)}`, mode: 'lexical' })).toHaveLength(1)
  })

  it('lets words say more the more of the question they found together', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    await said(vault, 'The hottest planet is Venus, because its clouds keep the warmth in.')
    await said(vault, 'Bread keeps longer in a box than in the fridge.')
    await memory.index.idle()
    const wordsShare = async (query: string) =>
      (await memory.search({ query, explain: true })).explanation?.shares.words ?? 0
    const all = await wordsShare('hottest planet')
    const half = await wordsShare('hottest quasar')
    const few = await wordsShare('hottest quasar pulsar nebula magnetar')
    expect(all).toBeGreaterThan(half)
    expect(half).toBeGreaterThan(few)
    expect(few).toBeGreaterThan(0)
  })

  it('finds by words while the models are down, and by meaning once they are back', async () => {
    const { vault } = await openWorld()
    const embedder = new SwitchedEmbedder()
    embedder.failure = down()
    const memory = await openMemory(vault, embedder)
    const capture = await said(vault, 'Entropy never falls in a closed system.')
    await until(async () => (await found(memory, { query: 'entropy' })).length > 0)
    expect(await memory.search({ query: 'entropy' })).toMatchObject({ semantic: false })
    expect(await memory.search({ query: 'entropy', mode: 'semantic' })).toMatchObject({ semantic: false, hits: [] })
    expect(await memory.index.progress()).toMatchObject({ pending: 1, indexed: 0, failed: 0 })
    embedder.failure = undefined
    memory.index.wake()
    await memory.index.idle()
    const { hits, semantic } = await memory.search({ query: 'closed system', mode: 'semantic' })
    expect([hits[0]?.captureId, semantic]).toEqual([capture.id, true])
  })

  it('begins a search that is about to come, and embeds its query once', async () => {
    const { vault } = await openWorld()
    const embedder = new SwitchedEmbedder()
    const memory = await openMemory(vault, embedder)
    for (const query of ['', ' ?! ', ' What is entropy? ']) memory.anticipate(query)
    expect(embedder.asked).toEqual(['What is entropy?'])
    await memory.search({ query: ' What is entropy? ' })
    const [vector] = await memory.queryEmbedder.embed(['What is entropy? '])
    expect(vector).toHaveLength(memory.queryEmbedder.info.dimensions)
    expect(embedder.asked).toEqual(['What is entropy?'])
  })

  it('puts off only the text that cannot be embedded', async () => {
    const { vault } = await openWorld()
    const embedder = new SwitchedEmbedder()
    embedder.poison = 'poison'
    const memory = await openMemory(vault, embedder)
    const good = [await said(vault, 'One thing.'), await said(vault, 'Another thing.')]
    await said(vault, 'A poison thing.')
    await until(async () => (await memory.index.progress()).indexed === 2)
    expect((await memory.index.progress()).pending).toBe(1)
    expect((await found(memory, { query: 'thing', mode: 'semantic' })).toSorted()).toEqual(
      good.map(({ id }) => id).toSorted(),
    )
    embedder.poison = undefined
    await memory.index.idle()
    expect(await memory.index.progress()).toMatchObject({ indexed: 3, pending: 0, failed: 0 })
  })

  it('goes on where it was stopped, and does nothing twice', async () => {
    const { vault } = await openWorld()
    const embedder = new SwitchedEmbedder()
    for (let number = 0; number < 40; number += 1) await said(vault, `Thought number ${number}.`)
    const first = await openMemory(vault, embedder)
    await until(async () => (await first.index.progress()).indexed > 0)
    await first.close()
    const again = await openMemory(vault, embedder)
    await again.index.idle()
    expect((await again.index.progress()).indexed).toBe(40)
    expect(new Set(embedder.asked).size).toBe(40)
    const asked = embedder.asked.length
    await again.close()
    const third = await openMemory(vault, embedder)
    await third.index.idle()
    expect(embedder.asked.length).toBe(asked)
  })

  it('closes between two parts of a long text, and goes on from there', async () => {
    const { vault } = await openWorld()
    const note = await vault.notes.create({ title: 'Long', body: 'Short.' })
    const body = Array.from({ length: 200 }, (_, leaf) => `Of leaf number ${leaf}. ${'It grows. '.repeat(60)}`)
    // The test's vault takes short texts only; the table is what the indexer reads.
    await db.query('update notes set body = $3 where vault_id = $1 and id = $2', [vault.id, note.id, body.join('\n\n')])
    const countChunks = async () =>
      (await db.query<{ count: number }>('select count(*) as count from chunks where vault_id = $1', [vault.id]))[0]
        ?.count ?? 0
    let closing: Promise<void> | undefined
    const stopped = afterTransactions(db, async () => {
      if ((await countChunks()) > 0) closing ??= first.close()
    })
    const first = await openMemory(vault, new SwitchedEmbedder(), stopped)
    await until(async () => closing !== undefined)
    await closing
    const begun = await countChunks()
    const second = await openMemory(vault)
    await second.index.idle()
    const all = await countChunks()
    // Rows of one transaction.
    expect(begun).toBe(64)
    expect(all).toBeGreaterThan(2 * begun)
    expect((await second.index.progress()).indexed).toBe(all)
  })

  it('has the next request with the models while they compute, and makes chunks of what comes meanwhile', async () => {
    const { vault } = await openWorld()
    const embedder = new HeldEmbedder()
    for (let number = 0; number < 90; number += 1) await said(vault, `Thought number ${number}.`)
    const memory = await openMemory(vault, embedder)
    // Sixteen texts a request.
    for (const asked of [0, 16, 32]) {
      await until(async () => embedder.held.length === 2)
      expect(embedder.asked).toHaveLength(asked)
      embedder.answer()
    }
    await said(vault, 'A late arrival.')
    await until(async () => (await lexically(memory, 'arrival')) > 0)
    const idle = memory.index.idle()
    while ((await Promise.race([idle, pause()])) === 'pause') embedder.answer()
    expect((await memory.index.progress()).indexed).toBe(91)
    expect(embedder.asked).toHaveLength(91)
  })

  it('embeds the beginning of a long text while its end is written, and each part once', async () => {
    const { vault } = await openWorld()
    const note = await vault.notes.create({ title: 'Long', body: 'Short.' })
    const paragraphs = Array.from(
      { length: 400 },
      (_, number) => `Of leaf number ${number}. ${'It grows. '.repeat(60)}`,
    )
    // The test's vault takes short texts only; the table is what the indexer reads.
    await db.query('update notes set body = $3 where vault_id = $1 and id = $2', [
      vault.id,
      note.id,
      paragraphs.join('\n\n'),
    ])
    const embedder = new HeldEmbedder()
    const memory = await openMemory(vault, embedder)
    const countChunks = async () =>
      (await db.query<{ count: number }>('select count(*) as count from chunks where vault_id = $1', [vault.id]))[0]
        ?.count ?? 0
    await until(async () => embedder.held.length > 0)
    const first = await countChunks()
    const idle = memory.index.idle()
    while ((await Promise.race([idle, pause()])) === 'pause') embedder.answer()
    const all = await countChunks()
    expect(first).toBeLessThan(all)
    expect((await memory.index.progress()).indexed).toBe(all)
    expect(embedder.asked).toHaveLength(all)
    // Tables that are made anew find every vector again, also while the text is only half written.
    await db.query('delete from chunks where vault_id = $1', [vault.id])
    await enqueueJobs(db, vault.id, INDEX_JOB, [`note:${note.id}`], systemClock)
    memory.index.wake()
    await memory.index.idle()
    expect(await countChunks()).toBe(all)
    expect(embedder.asked).toHaveLength(all)
    expect((await memory.index.progress()).indexed).toBe(all)
  })

  it('is busy from the moment that something is queued until all of it is done', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    await memory.index.idle()
    let rests = 0
    memory.index.onRest(() => {
      rests += 1
      expect(memory.index.isBusy()).toBe(false)
    })
    expect(memory.index.isBusy()).toBe(false)
    await said(vault, 'Entropy never falls.')
    expect(memory.index.isBusy()).toBe(true)
    await memory.index.idle()
    expect([memory.index.isBusy(), rests]).toEqual([false, 1])
    memory.index.wake()
    expect(memory.index.isBusy()).toBe(true)
    await memory.index.idle()
    expect([memory.index.isBusy(), rests]).toEqual([false, 2])
  })

  it('lets words be forgotten while much waits for the models', async () => {
    const { vault } = await openWorld()
    const embedder = new HeldEmbedder()
    for (let number = 0; number < 150; number += 1) await said(vault, `Thought number ${number}.`)
    const memory = await openMemory(vault, embedder)
    await until(async () => embedder.held.length === 2)
    const forgetting = memory.index.forgetWords()
    while ((await Promise.race([forgetting, pause()])) === 'pause') embedder.answer()
    expect(embedder.asked.length).toBeLessThan(150)
    const idle = memory.index.idle()
    while ((await Promise.race([idle, pause()])) === 'pause') embedder.answer()
    expect((await memory.index.progress()).indexed).toBe(150)
  })

  it('leaves the models within a few requests to who waits for the turn, and goes on from there', async () => {
    const { vault } = await openWorld()
    const embedder = new HeldEmbedder()
    for (let number = 0; number < 300; number += 1) await said(vault, `Thought number ${number}.`)
    const memory = await openMemory(vault, embedder)
    await until(async () => embedder.held.length === 2)
    const forgetting = memory.index.forgetWords()
    while ((await Promise.race([forgetting, pause()])) === 'pause') embedder.answer()
    // Sixteen texts each: those that were with the models, and at most one more for each that asks them.
    expect(embedder.asked.length).toBeLessThanOrEqual(6 * 16)
    const idle = memory.index.idle()
    while ((await Promise.race([idle, pause()])) === 'pause') embedder.answer()
    expect((await memory.index.progress()).indexed).toBe(300)
    expect(embedder.asked).toHaveLength(300)
  })

  it('makes all vectors anew for another model, and forgets the old ones', async () => {
    const { vault } = await openWorld()
    for (let number = 0; number < 5; number += 1) await said(vault, `Idea number ${number}.`)
    const first = await openMemory(vault, new SwitchedEmbedder('model-a'))
    await first.index.idle()
    await first.close()
    const second = await openMemory(vault, new SwitchedEmbedder('model-b'))
    expect(await found(second, { query: 'idea' })).toHaveLength(5)
    await second.index.idle()
    expect((await second.index.progress()).indexed).toBe(5)
    await second.close()
    await (await openMemory(vault, new SwitchedEmbedder('model-b'))).index.idle()
    const models = await db.query('select distinct model_id from chunk_vectors where vault_id = $1', [vault.id])
    expect(models).toEqual([{ model_id: 'model-b' }])
  })

  it('makes everything anew on request, and counts', async () => {
    const { vault } = await openWorld()
    const embedder = new SwitchedEmbedder()
    const memory = await openMemory(vault, embedder)
    for (let number = 0; number < 6; number += 1) await said(vault, `Fact number ${number}.`)
    await vault.notes.create({ title: 'A note', body: 'with a body' })
    await memory.index.idle()
    await db.query(`update chunks set text = 'spoilt' where vault_id = $1`, [vault.id])
    await vault.rebuild()
    const steps: string[] = []
    await memory.index.rebuild((done, total) => steps.push(`${done}/${total}`))
    expect(steps[0]).toBe('0/7')
    expect(steps.at(-1)).toBe('7/7')
    expect(await found(memory, { query: 'facts', mode: 'lexical' })).toHaveLength(6)
    expect(await found(memory, { query: 'spoilt', mode: 'lexical' })).toEqual([])
    expect(await memory.index.progress()).toMatchObject({ indexed: 7, pending: 0 })
    expect(embedder.asked.filter((text) => text === 'Fact number 3.')).toHaveLength(2)
  })

  it('stops waiting for a rebuild when it is told to', async () => {
    const { vault } = await openWorld()
    const embedder = new SwitchedEmbedder()
    embedder.failure = down()
    const memory = await openMemory(vault, embedder)
    await said(vault, 'A fact.')
    const stop = new AbortController()
    const rebuilt = memory.index.rebuild(() => undefined, stop.signal)
    stop.abort()
    await expect(rebuilt).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('tells progress to those who listen', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    const heard: number[] = []
    memory.index.onProgress(({ indexed }) => heard.push(indexed))
    await said(vault, 'A thing to be indexed.')
    await until(async () => heard.includes(1))
  })

  it('makes the lexical index anew when it is broken, without anybody noticing', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    const capture = await said(vault, 'A robust memory.')
    await memory.index.idle()
    await db.exec('drop index chunks_terms_bm25')
    expect(await found(memory, { query: 'robust', mode: 'lexical' })).toEqual([capture.id])
  })

  it('indexes 3 MB that were said at once', async () => {
    const { vault: small } = await openWorld()
    const sentence = 'The boundary layer grows along the plate and then separates. '
    const text = `${sentence.repeat(2_000)} needle ${sentence.repeat(2_000)}`
    // The test's vault takes short texts only; the table is what the indexer reads.
    const capture = await said(small, 'short')
    await db.query('update captures set user_text = $3 where vault_id = $1 and id = $2', [small.id, capture.id, text])
    const memory = await openMemory(small)
    await memory.index.idle()
    expect((await memory.index.progress()).indexed).toBeGreaterThan(200)
    const [hit] = (await memory.search({ query: 'needle', mode: 'lexical' })).hits
    expect(text.slice(hit?.start, hit?.end)).toBe(hit?.text)
    expect(hit?.text).toContain('needle')
  })

  it('stops a search when it is told to', async () => {
    const { vault } = await openWorld()
    const memory = await openMemory(vault)
    const stop = AbortSignal.abort(new DOMException('Stopped.', 'AbortError'))
    await expect(memory.search({ query: 'word', signal: stop })).rejects.toMatchObject({ name: 'AbortError' })
  })
})

/** Waits for something that happens in the background. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 600; turn += 1) {
    if (await holds()) return
    await systemClock.sleep(25)
  }
  throw new Error('it did not happen within 15 seconds')
}

const pause = async () => {
  await systemClock.sleep(5)
  return 'pause'
}
