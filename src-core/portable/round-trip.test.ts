import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contentOf, openPortableWorld, type PortableWorld } from '../../test/portable-world.ts'
import { propertyRuns } from '../../test/vault-commands.ts'
import { openTestStore } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'
import {
  type Analysis,
  type Answer,
  type Capture,
  type CapturePicture,
  type DeliveredDocument,
  DIFFICULTIES,
  ENTITY_KINDS,
  INTENTS,
  type Note,
  SENTIMENTS,
} from '../vault/index.ts'
import type { ExportFormat, Packing, Portable } from './index.ts'

let store: Store
let folder: string
const still = new AbortController().signal
const quiet = () => undefined
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-portable-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

let worlds = 0
function openWorld(): Promise<PortableWorld> {
  worlds += 1
  return openPortableWorld(store, folder, worlds)
}

async function carry(from: PortableWorld, to: PortableWorld, format: ExportFormat, packing: Packing) {
  const ending = { file: `.${format}`, zip: '.zip', folder: '' }[packing]
  const target = join(folder, `export-${worlds}${ending}`)
  const result = await from.portable.exportTo({ format, packing, filter: {}, target }, quiet, still)
  const report = await to.portable.import({ path: target }, undefined, quiet, still)
  return { target, result, report }
}

const awkward = fc.string({
  unit: fc.constantFrom(
    'a',
    ' ',
    '\n',
    '\r\n',
    '\r',
    '\\',
    '<!-- lva:end -->',
    '<!-- lva:answer {"text":1} -->',
    '---',
    '"',
    '# ',
    '[[x|y]]',
    '-->',
    '\u2028',
    '😀',
    'é',
    '=1+1',
    '\ufeff',
  ),
  maxLength: 8,
})
const text = awkward.map((value) => `x${value}`)
const instant = fc.integer({ min: Date.UTC(2019, 0), max: Date.UTC(2026, 10) }).map((at) => new Date(at).toISOString())
const metadata = fc.dictionary(
  fc.string({ maxLength: 4 }).filter((key) => key !== '__proto__' && !key.includes('\u0000')),
  fc.oneof(awkward, fc.integer(), fc.boolean(), fc.constant(null), fc.array(awkward, { maxLength: 2 })),
  { maxKeys: 3, noNullPrototype: true },
)
const asked = fc.array(
  fc.record({
    to: awkward,
    sends: awkward,
    outcome: fc.constantFrom('answered' as const, 'kept' as const, 'refused' as const, 'late' as const),
  }),
  { maxLength: 2 },
)
const analysis: fc.Arbitrary<Analysis> = fc.record({
  by: fc.constantFrom('device' as const, 'model' as const),
  intent: fc.constantFrom(...INTENTS),
  sentiment: fc.constantFrom(...SENTIMENTS),
  difficulty: fc.option(fc.constantFrom(...DIFFICULTIES)),
  concepts: fc.array(awkward, { maxLength: 2 }),
  entities: fc.array(fc.record({ kind: fc.constantFrom(...ENTITY_KINDS), text: awkward }), { maxLength: 2 }),
  keywords: fc.array(awkward, { maxLength: 2 }),
  openQuestions: fc.array(awkward, { maxLength: 2 }),
})
const answer: fc.Arbitrary<Answer> = fc.record(
  {
    text: awkward,
    provider: fc.constantFrom('offline', 'anthropic'),
    model: awkward,
    inputTokens: fc.nat(),
    outputTokens: fc.nat(),
    costUsd: fc.option(fc.constantFrom(0, 0.25)),
    citations: fc.array(
      fc.record({
        number: fc.nat({ max: 9 }),
        captureId: fc.constantFrom('c0', 'c1', 'n0', 'd0', 'gone'),
        kind: fc.constantFrom('capture' as const, 'note' as const, 'document' as const),
        field: fc.constantFrom('userText' as const, 'agentText' as const, 'noteText' as const, 'documentText' as const),
        start: fc.nat(),
        end: fc.nat(),
        text: awkward,
        when: instant,
      }),
      { maxLength: 2 },
    ),
    agentsUsed: fc.array(
      fc.record({ agent: fc.constant('conversation'), ms: fc.nat(), asked }, { requiredKeys: ['agent', 'ms'] }),
      { maxLength: 1 },
    ),
    ending: fc.constantFrom('complete' as const, 'stopped' as const, 'length' as const),
    createdAt: instant,
    analysis,
  },
  {
    requiredKeys: [
      'text',
      'provider',
      'model',
      'inputTokens',
      'outputTokens',
      'costUsd',
      'citations',
      'agentsUsed',
      'ending',
      'createdAt',
    ],
  },
)
const pictures: fc.Arbitrary<CapturePicture[]> = fc
  .array(
    fc.record({
      sha256: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
      mediaType: fc.constantFrom('image/png' as const, 'image/jpeg' as const),
      width: fc.integer({ min: 1, max: 9_000 }),
      height: fc.integer({ min: 1, max: 9_000 }),
      reading: text.map((words) => ({
        text: words,
        blocks: [{ kind: 'paragraph' as const, start: 0, end: words.length, place: { page: 1 } }],
        language: 'eng',
        at: '2026-11-01T10:00:00.000Z',
      })),
      description: text.map((words) => ({ text: words, model: 'm', at: '2026-11-01T10:00:00.000Z' })),
    }),
    { maxLength: 2 },
  )
  .map((all) => all.filter(({ sha256 }, index) => all.findIndex((one) => one.sha256 === sha256) === index))
const capture: fc.Arbitrary<Omit<Capture, 'id'>> = fc
  .record({
    sessionId: fc.constantFrom('s', 'a/b', 'é:😀', 'con'),
    createdAt: instant,
    editedAt: fc.option(instant),
    source: fc.constantFrom('text' as const, 'voice' as const, 'import' as const, 'cli' as const),
    userText: awkward,
    answer: fc.option(answer),
    audioSha256: fc.constant(null),
    metadata,
  })
  .chain((rest) => pictures.map((own) => (own.length > 0 ? { ...rest, pictures: own } : rest)))
const note: fc.Arbitrary<Omit<Note, 'id'>> = fc.record({
  title: awkward,
  body: awkward,
  createdAt: instant,
  updatedAt: instant,
  metadata: metadata.map((value) => ({ ...value, tags: ['a b', 'c'] })),
})
const document: fc.Arbitrary<Omit<DeliveredDocument, 'id' | 'sha256'>> = fc.record({
  title: awkward,
  format: fc.constantFrom('pdf', 'html', 'markdown', 'text'),
  size: fc.nat(),
  origins: fc.array(
    fc.record({
      kind: fc.constantFrom('file' as const, 'address' as const),
      name: fc.oneof(awkward, fc.constantFrom('a.md', 'b.txt', 'c.PDF')),
      address: fc.option(awkward),
      at: instant,
    }),
    { maxLength: 1 },
  ),
  tags: fc.uniqueArray(
    text.map((value) => `t${value}`.trim()),
    { maxLength: 2 },
  ),
  collections: fc.constantFrom([], [{ id: 'k', name: 'Physics: "waves"', createdAt: '2024-01-01T00:00:00.000Z' }]),
  createdAt: instant,
  updatedAt: instant,
  sound: fc.option(
    fc.record({ sha256: fc.constant('5'.repeat(64)), size: fc.nat(), at: instant, days: fc.constantFrom(30, 365) }),
    { nil: undefined },
  ),
  keepsSound: fc.constantFrom(undefined, true),
})
const vaultContent = fc.record({
  captures: fc.array(capture, { maxLength: 5 }),
  notes: fc.array(note, { maxLength: 3 }),
  titles: fc.array(text, { maxLength: 2 }),
  documents: fc.array(document, { maxLength: 2 }),
})

describe.each([
  ['jsonl', 'file'],
  ['jsonl', 'zip'],
  ['markdown', 'folder'],
  ['markdown', 'zip'],
] as const)('%s as a %s', (format, packing) => {
  it('brings any vault back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(vaultContent, async ({ captures, notes, titles, documents }) => {
        const [from, to] = [await openWorld(), await openWorld()]
        const id = await from.vault.deliveries.begin({ kind: 'test', name: '', bytes: 0 })
        await from.vault.deliveries.add(id, {
          sessions: titles.map((title, index) => ({
            id: ['s', 'empty'][index] ?? '',
            title,
            createdAt: '2020-01-01T00:00:00.000Z',
          })),
          captures: captures.map((value, index) => ({ id: `c${index}`, ...value })),
          notes: notes.map((value, index) => ({ id: `n${index}`, ...value })),
          documents: await Promise.all(
            documents.map(async (value, index) => {
              const bytes = new TextEncoder().encode(`file ${index}`)
              // One file has no attachments: its documents come where their bytes are already.
              if (packing === 'file') await to.blobs.put(bytes)
              return { id: `d${index}`, sha256: await from.blobs.put(bytes), ...value }
            }),
          ),
        })
        const { report, result } = await carry(from, to, format, packing)
        expect(report.problems).toEqual([])
        expect(await contentOf(to)).toEqual(await contentOf(from))
        const brought = { captures: captures.length, notes: notes.length, documents: documents.length }
        expect(result).toMatchObject(brought)
        expect(report.counts).toMatchObject({ ...brought, present: 0 })
      }),
      { ...propertyRuns(12), endOnFailure: true },
    )
  }, 120_000)
})

async function learned(world: PortableWorld) {
  const { vault, blobs } = world
  const audioSha256 = await blobs.put(new TextEncoder().encode('RIFF, imagine sound'))
  const picture = await blobs.put(new TextEncoder().encode('a picture'))
  const first = await vault.captures.add({
    sessionId: 's',
    source: 'voice',
    userText: 'What is attention?',
    audioSha256,
  })
  await vault.captures.answer(first.id, {
    text: 'You said it [1].',
    provider: 'offline',
    model: 'tutor',
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    citations: [
      {
        number: 1,
        captureId: first.id,
        kind: 'capture',
        field: 'userText',
        start: 0,
        end: 4,
        text: 'What',
        when: first.createdAt,
      },
    ],
    agentsUsed: [],
    ending: 'complete',
    createdAt: first.createdAt,
  })
  const gone = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'a secret that was deleted' })
  await vault.captures.delete([gone.id])
  await vault.sessions.rename('s', 'CON: a/b?')
  await vault.settings.set({ theme: 'dark', provider: 'compatible', compatibleUrl: 'http://evil.example/v1' })
  const id = await vault.deliveries.begin({ kind: 'test', name: '', bytes: 0 })
  await vault.deliveries.add(id, {
    sessions: [],
    captures: [],
    notes: [
      {
        id: 'n',
        title: 'Kirchhoff',
        body: 'in = out',
        createdAt: '2024-01-01T00:00:00.000Z',
        updatedAt: '2024-01-02T00:00:00.000Z',
        metadata: { tags: ['circuits'], attachments: [{ name: 'p.PNG', sha256: picture }] },
      },
    ],
    documents: [],
  })
  const { id: collection } = await vault.library.createCollection('Optics')
  const sha256 = await blobs.put(new TextEncoder().encode('a book'))
  await vault.library.add([
    {
      ...{ title: 'Lenses', sha256, format: 'epub', size: 6, tags: ['light'], collections: [collection] },
      origin: { kind: 'file', name: 'lenses.epub', address: '/home/learner/lenses.epub' },
    },
  ])
  return { first, audioSha256, picture, collection, book: sha256 }
}

describe('an export', () => {
  it.each(['jsonl', 'markdown'] as const)(
    'as %s carries recordings and attachments, and nothing that was deleted',
    async (format) => {
      const [from, to] = [await openWorld(), await openWorld()]
      const { audioSha256, picture, book } = await learned(from)
      const { result, target } = await carry(from, to, format, 'folder')
      expect(result).toMatchObject({ sessions: 1, captures: 1, notes: 1, documents: 1, attachments: 3, missing: 0 })
      expect(await contentOf(to)).toEqual(await contentOf(from))
      expect(await to.blobs.has(audioSha256)).toBe(true)
      expect(await to.blobs.has(picture)).toBe(true)
      expect(await to.blobs.has(book)).toBe(true)
      const everything = readdirSync(target, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'utf8')}`)
        .join('\n')
      expect(everything).toContain('What is attention?')
      expect(everything).not.toContain('secret')
    },
  )

  it('takes preferences along, but none that would send words elsewhere', async () => {
    const [from, to] = [await openWorld(), await openWorld()]
    await learned(from)
    const { report } = await carry(from, to, 'jsonl', 'file')
    expect(report.settings).toEqual(['theme'])
    expect(await to.vault.settings.get()).toMatchObject({ theme: 'dark', provider: 'auto', compatibleUrl: '' })
  })

  it('takes along what the learner corrected about concepts, and takes it back', async () => {
    const [from, to] = [await openWorld(), await openWorld()]
    await from.vault.concepts.rename('lens', 'Lens: "thin"')
    await from.vault.concepts.assign(['lenses'], 'lens')
    await from.vault.concepts.hide('noise', true)
    await from.vault.concepts.link('lens', 'light', 'uses', false)
    await to.vault.concepts.rename('lens', 'My own name')
    const { report, target } = await carry(from, to, 'jsonl', 'file')
    expect(report.corrections).toBe(3)
    const theirs = await from.vault.concepts.corrections()
    expect(await to.vault.concepts.corrections()).toEqual({ ...theirs, names: new Map([['lens', 'My own name']]) })
    expect(await to.inspect(target)).toMatchObject({ corrections: 0 })
    await to.vault.concepts.hide('noise', false)
    await to.vault.deliveries.rollBack((await to.portable.imports())[0]?.id ?? '')
    expect(await to.vault.concepts.corrections()).toMatchObject({
      names: new Map([['lens', 'My own name']]),
      terms: new Map(),
      links: [],
    })
  })

  it('links a citation to the block of the session file that holds it', async () => {
    const from = await openWorld()
    const { first } = await learned(from)
    const target = join(folder, 'obsidian')
    await from.portable.exportTo({ format: 'markdown', packing: 'folder', filter: {}, target }, quiet, still)
    const [name = ''] = readdirSync(join(target, 'sessions/2026'))
    expect(name).toMatch(/^2026-11-03 CON a b [0-9a-f]{8}\.md$/)
    const written = readFileSync(join(target, 'sessions/2026', name), 'utf8')
    expect(written).toContain(`1. [[${name.slice(0, -3)}#^c-${first.id}|What]]`)
    expect(written).toMatch(new RegExp(` \\^c-${first.id}$`, 'm'))
  })

  it('leaves nothing when it is stopped, and never writes over anything', async () => {
    const from = await openWorld()
    await learned(from)
    const target = join(folder, 'kept.jsonl')
    writeFileSync(target, 'mine')
    const order = { format: 'jsonl' as const, packing: 'file' as const, filter: {}, target }
    await expect(from.portable.exportTo(order, quiet, still)).rejects.toMatchObject({ code: 'bad-input' })
    expect(readFileSync(target, 'utf8')).toBe('mine')
    const before = readdirSync(folder)
    for (const [format, packing] of [
      ['jsonl', 'zip'],
      ['markdown', 'folder'],
      ['markdown', 'zip'],
      ['csv', 'file'],
    ] as const) {
      const other = { format, packing, filter: {}, target: join(folder, 'stopped') }
      await expect(from.portable.exportTo(other, quiet, AbortSignal.abort())).rejects.toThrow()
    }
    expect(readdirSync(folder)).toEqual(before)
  })

  it('holds what the filter leaves', async () => {
    const from = await openWorld()
    const { collection: collectionId } = await learned(from)
    await from.vault.captures.add({ sessionId: 't', source: 'text', userText: 'typed' })
    const counts = async (filter: Parameters<Portable['exportTo']>[0]['filter']) => {
      worlds += 1
      const target = join(folder, `filtered-${worlds}.csv`)
      const { sessions, captures, notes, documents } = await from.portable.exportTo(
        { format: 'csv', packing: 'file', filter, target },
        quiet,
        still,
      )
      return [sessions, captures, notes, documents]
    }
    expect(await counts({})).toEqual([2, 2, 1, 1])
    expect(await counts({ source: 'voice' })).toEqual([1, 1, 0, 0])
    expect(await counts({ sessionId: 't' })).toEqual([1, 1, 0, 0])
    expect(await counts({ kind: 'notes' })).toEqual([0, 0, 1, 0])
    expect(await counts({ kind: 'captures' })).toEqual([2, 2, 0, 0])
    expect(await counts({ kind: 'documents' })).toEqual([0, 0, 0, 1])
    expect(await counts({ tag: 'circuits' })).toEqual([0, 0, 1, 0])
    expect(await counts({ tag: 'light' })).toEqual([0, 0, 0, 1])
    expect(await counts({ collectionId })).toEqual([0, 0, 0, 1])
    expect(await counts({ collectionId, sessionId: 't' })).toEqual([0, 0, 0, 0])
    expect(await counts({ to: '2024-06-01T00:00:00Z' })).toEqual([0, 0, 1, 0])
    expect(await counts({ from: '2024-06-01T00:00:00Z' })).toEqual([2, 2, 0, 1])
  })
})

describe('an import', () => {
  it('says first what it would bring, brings nothing twice, and goes away as one step', async () => {
    const [from, to] = [await openWorld(), await openWorld()]
    await learned(from)
    const target = join(folder, 'e.zip')
    await from.portable.exportTo({ format: 'jsonl', packing: 'zip', filter: {}, target }, quiet, still)
    const before = await contentOf(to)
    const report = await to.portable.inspect({ path: target }, undefined, quiet, still)
    expect(report).toMatchObject({
      kind: 'json-lines',
      counts: { captures: 1, notes: 1, documents: 1, present: 0 },
      attachments: 3,
      settings: ['theme'],
    })
    expect(await contentOf(to)).toEqual(before)
    const first = await to.portable.import({ path: target }, undefined, quiet, still)
    const again = await to.portable.import({ path: target }, undefined, quiet, still)
    expect(again.counts).toMatchObject({ captures: 0, notes: 0, documents: 0, present: 3 })
    expect(await to.portable.rollBack(first.id, quiet, still)).toEqual({ removed: 3, kept: 0, keptItems: [] })
    expect(await contentOf(to)).toEqual(before)
    expect((await to.vault.settings.get()).theme).toBe('system')
  })

  it('of a file that was cut brings what is whole and says so', async () => {
    const [from, to] = [await openWorld(), await openWorld()]
    await learned(from)
    const target = join(folder, 'cut.jsonl')
    await from.portable.exportTo({ format: 'jsonl', packing: 'file', filter: {}, target }, quiet, still)
    const whole = readFileSync(target)
    writeFileSync(target, whole.subarray(0, whole.indexOf('"type":"note"') + 30))
    const report = await to.portable.import({ path: target }, undefined, quiet, still)
    expect(report.counts).toMatchObject({ captures: 1, notes: 0 })
    expect(report.problems.map(({ code }) => code)).toEqual(['malformed', 'cut-off'])
  })
})
