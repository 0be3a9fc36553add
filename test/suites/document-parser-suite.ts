import { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import { parseDocument } from '../../src-core/capture/documents/parse.ts'
import type {
  DocumentFormat,
  DocumentLimits,
  DocumentSource,
  ParsedDocument,
} from '../../src-core/capture/documents/types.ts'
import { configSchema, isLvaError } from '../../src-core/kernel/index.ts'

/** What a learner is told of a file that cannot be read. */
const REFUSALS = [
  'document-damaged',
  'document-locked',
  'document-no-text',
  'document-not-supported',
  'document-password-wrong',
  'document-too-complex',
  'document-too-large',
  'document-too-many-pages',
  'document-unsafe',
]

/** Names that no honest file has; they decide nothing once the kind is known. */
const HOSTILE_NAMES = [
  '../../../etc/passwd',
  'C:\\Windows\\system32\\x.exe',
  'a\nb\u0000c',
  '\u202Efdp.exe',
  '__proto__',
  'x'.repeat(600),
]

export type ExpectedBlock = { kind: string; text: string; level?: number; place?: Record<string, unknown> }

export interface ParserSpec {
  format: DocumentFormat
  /** A file with all the structure that the kind has. */
  bytes: Uint8Array
  pages: number | null
  title?: string
  blocks: ExpectedBlock[]
  /** A file of this kind that would run or fetch something, and words that must be read of it all the same; none when it is refused. */
  hostile: { bytes: Uint8Array; words?: string }
  /** A file over a limit, the limit, and what is said. */
  over: { bytes: Uint8Array; limits: Partial<DocumentLimits>; code: string }
  /** Bytes of this kind behind a password, where there is such a thing. */
  locked?: Uint8Array
}

const DEFAULTS = configSchema.parse({}).documents

export function parseWith(
  source: DocumentSource,
  limits: Partial<DocumentLimits> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<ParsedDocument> {
  return parseDocument(source, { limits: { ...DEFAULTS, ...limits }, onProgress: () => undefined, signal })
}

/** Every block and line stands where it says, in order and without overlap. */
export function expectExactPlaces({ text, blocks }: ParsedDocument): void {
  let before = 0
  for (const { start, end, lines = [] } of blocks) {
    expect(start).toBeGreaterThanOrEqual(before)
    expect(end).toBeGreaterThan(start)
    expect(text.slice(before, start).trim()).toBe('')
    for (const [from, to, page, left, top, width, height] of lines) {
      expect(from).toBeGreaterThanOrEqual(start)
      expect(to).toBeLessThanOrEqual(end)
      expect(page).toBeGreaterThanOrEqual(1)
      for (const part of [left, top, width, height]) {
        expect(part).toBeGreaterThanOrEqual(0)
        expect(part).toBeLessThanOrEqual(1)
      }
    }
    before = end
  }
  expect(before).toBe(text.length)
}

/** What every parser must do. */
export function documentParserSuite(spec: ParserSpec): void {
  const { format, bytes, blocks, hostile, over, locked } = spec
  const source = (given: Uint8Array): DocumentSource => ({
    bytes: new Uint8Array(given),
    format,
    name: `file.${format}`,
  })
  /** The text, or the code of what the learner is told; anything else is a fault. */
  const outcome = async (given: Uint8Array) => {
    try {
      return (await parseWith(source(given))).text
    } catch (error) {
      if (!isLvaError(error)) throw error
      expect(REFUSALS).toContain(error.code)
      expect(error.advice).toBeTruthy()
      return error.code
    }
  }

  describe(`the parser of ${format}`, () => {
    let connected: MockInstance
    let fetched: MockInstance
    beforeEach(() => {
      connected = vi.spyOn(Socket.prototype, 'connect')
      fetched = vi.spyOn(globalThis, 'fetch')
    })
    afterEach(() => {
      expect(connected).not.toHaveBeenCalled()
      expect(fetched).not.toHaveBeenCalled()
      vi.restoreAllMocks()
      Reflect.deleteProperty(globalThis, 'ranFromDocument')
    })

    it('keeps the structure, and tells the exact place of every block', async () => {
      const given = source(bytes)
      const parsed = await parseWith(given)
      expectExactPlaces(parsed)
      expect(
        parsed.blocks.map(({ kind, start, end, level, place }, index) => ({
          kind,
          text: parsed.text.slice(start, end),
          ...(blocks[index]?.level === undefined ? {} : { level }),
          ...(blocks[index]?.place === undefined ? {} : { place }),
        })),
      ).toEqual(
        blocks.map((block) => (block.place ? { ...block, place: expect.objectContaining(block.place) } : block)),
      )
      expect(parsed.pages).toBe(spec.pages)
      if (spec.title !== undefined) expect(parsed.title).toBe(spec.title)
      expect(Buffer.from(given.bytes).equals(bytes)).toBe(true)
    })

    it('reads the same under any name', async () => {
      const { text } = await parseWith(source(bytes))
      for (const name of HOSTILE_NAMES) expect((await parseWith({ ...source(bytes), name })).text).toBe(text)
    })

    it('runs nothing and fetches nothing', async () => {
      const text = await outcome(hostile.bytes)
      if (hostile.words === undefined) expect(REFUSALS).toContain(text)
      else expect(text).toContain(hostile.words)
      expect(globalThis).not.toHaveProperty('ranFromDocument')
    })

    it('keeps to its limits', async () => {
      await expect(parseWith(source(over.bytes), over.limits)).rejects.toMatchObject({ code: over.code })
    })

    it('stops when it is asked to', async () => {
      const reason = new Error('stopped')
      await expect(parseWith(source(bytes), {}, AbortSignal.abort(reason))).rejects.toBe(reason)
    })

    it('says so when there is nothing in it', async () => {
      expect(['document-damaged', 'document-no-text']).toContain(await outcome(new Uint8Array()))
    })

    it('has words for a file that is cut off, or is of another kind', async () => {
      for (const part of [0.1, 0.35, 0.6, 0.9, 0.99]) await outcome(bytes.subarray(0, Math.floor(bytes.length * part)))
      await outcome(Buffer.from('PK\u0003\u0004 but no archive'))
      await outcome(Uint8Array.from({ length: 3_000 }, (_, index) => (index * 7_919 + (index >> 3)) % 256))
    })

    it.runIf(locked)('asks for the password of a file that has one', async () => {
      expect(await outcome(locked ?? new Uint8Array())).toBe('document-locked')
    })
  })
}
