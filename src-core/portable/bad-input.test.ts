import { createHash, randomFillSync } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeFolder, makeZip, readWhole } from '../../test/portable-sources.ts'
import { contentOf, LONGEST_TEXT, openPortableWorld, type PortableWorld } from '../../test/portable-world.ts'
import { type RawEntry, writeRawZip } from '../../test/raw-zip.ts'
import { openTestStore } from '../../test/vault-world.ts'
import { isLvaError } from '../kernel/index.ts'
import type { Store } from '../store/index.ts'
import { openSource } from './sources/open-source.ts'

/** Whatever a source is: a clear report or a clear error, the source untouched, the vault as before or complete. */

const BAD = resolve(import.meta.dirname, '../../../shared/data/badinput')
const isMachineWithData = existsSync(BAD)

const NOTHING = Buffer.alloc(0)

let folder: string
let store: Store
let worlds = 0
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-bad-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function openWorld(): Promise<PortableWorld> {
  worlds += 1
  return openPortableWorld(store, folder, worlds)
}

/** Reads it: the codes of its problems, or the code of the error; anything but an LvaError fails the test. */
async function verdict(path: string): Promise<string[]> {
  const before = createHash('sha256').update(readFileSync(path)).digest('hex')
  try {
    const { problems, notes, captures } = await readWhole(path)
    return [...new Set(problems.map(([code]) => code)), ...(notes.length + captures.length > 0 ? ['something'] : [])]
  } catch (error) {
    if (!isLvaError(error)) throw error
    return [error.code]
  } finally {
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(before)
  }
}

describe('an archive', () => {
  const zip = () => join(folder, 'a.zip')
  const of = async (...entries: RawEntry[]) => {
    writeRawZip(zip(), entries)
    return verdict(zip())
  }
  const note = { name: 'good.md', content: Buffer.from('a good note') }

  it.each([
    ['a name that climbs out', '../../evil.md'],
    ['a name that climbs out in the middle', 'a/../../evil.md'],
    ['an absolute name', '/etc/evil.md'],
    ['a drive letter', 'C:/evil.md'],
    ['NUL in a name', 'evil.md\u0000.png'],
    ['no name', ''],
  ])('with %s is read without that entry, which is named', async (_, name) => {
    expect(await of(note, { name })).toEqual(['unsafe-name', 'something'])
  })

  it('with the same name twice keeps the first', async () => {
    writeRawZip(zip(), [note, { ...note, content: Buffer.from('another') }])
    const { notes, problems } = await readWhole(zip())
    expect([notes.map(({ body }) => body), problems]).toEqual([['a good note'], [['unsafe-name', 'good.md']]])
  })

  it('with a link or an encrypted entry is read without it', async () => {
    expect(await of(note, { name: 'link.md', content: Buffer.from('/etc/passwd'), mode: 0o120777 })).toEqual([
      'link-outside',
      'something',
    ])
    expect(await of(note, { name: 'secret.md', flags: 0x801 })).toEqual(['encrypted', 'something'])
  })

  it('that is a bomb, lies about its sizes, or shares bytes between entries is refused', async () => {
    const zeros = Buffer.alloc(110 * 2 ** 20)
    expect(await of(note, { name: 'zeros.md', content: zeros })).toEqual(['archive-unsafe'])
    expect(await of({ name: 'zeros.md', content: zeros, claimedSize: 1_000 })).toEqual(['archive-damaged'])
    const shared = Array.from({ length: 50 }, (_, index) => ({ name: `${index}.md`, sharesWith: 0 }))
    expect(await of({ name: 'kernel.md', content: randomFillSync(Buffer.alloc(5_000)) }, ...shared)).toEqual([
      'archive-unsafe',
    ])
  })

  it('of 100,000 entries is listed, and one of more than any export has is refused', async () => {
    const entries = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `${index}.md`, content: NOTHING }))
    writeRawZip(zip(), entries(100_000))
    const source = await openSource(zip())
    expect([source.files.length, source.problems]).toEqual([100_000, []])
    await source.close()
    writeRawZip(zip(), entries(200_001))
    await expect(openSource(zip())).rejects.toMatchObject({ code: 'archive-unsafe' })
  }, 60_000)

  it.runIf(isMachineWithData)('of every hostile kind gives a report or a clear error', async () => {
    const found = readdirSync(join(BAD, 'zip'), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && entry.name.endsWith('.zip'),
    )
    expect(found.length).toBeGreaterThan(30)
    for (const entry of found) {
      const codes = await verdict(join(entry.parentPath, entry.name))
      expect(codes, entry.name).toEqual(codes.filter((code) => typeof code === 'string'))
    }
    // A backslash is how some programs of Windows write a slash.
    const isBroken = ({ parentPath, name }: { parentPath: string; name: string }) =>
      parentPath.endsWith('failure') && !name.startsWith('invalid characters')
    for (const entry of found.filter(isBroken)) {
      const codes = await verdict(join(entry.parentPath, entry.name))
      expect(
        codes.some((code) => /^(archive-|import-not-understood|unsafe-name|encrypted)/.test(code)),
        `${entry.name}: ${codes}`,
      ).toBe(true)
    }
  })
})

describe('a file that is no export', () => {
  it.each<[string, () => string | Buffer]>([
    ['nothing', () => ''],
    ['a picture', () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['noise', () => createHash('sha512').update('noise').digest()],
    ['another JSON', () => '{"hello": "world"}'],
    ['a list of something else', () => '[{"id": 1}]'],
  ])('such as %s is not understood', async (_, content) => {
    const path = join(folder, 'x.bin')
    writeFileSync(path, content())
    expect(await verdict(path)).toEqual(['import-not-understood'])
  })

  it('such as an empty folder, an empty archive, or ten gigabytes of nothing is not understood, at once', async () => {
    mkdirSync(join(folder, 'empty'))
    await expect(readWhole(join(folder, 'empty'))).rejects.toMatchObject({ code: 'import-not-understood' })
    expect(await verdict(await makeZip(join(folder, 'e.zip'), {}))).toEqual(['import-not-understood'])
    const sparse = join(folder, 'sparse.jsonl')
    writeFileSync(sparse, '')
    truncateSync(sparse, 10 * 2 ** 30)
    await expect(readWhole(sparse)).rejects.toMatchObject({ code: 'import-not-understood' })
    await expect(readWhole(join(folder, 'nothing-there'))).rejects.toMatchObject({ code: 'not-found' })
  })

  it('but says that it is one of the future is refused with the version', async () => {
    const path = join(folder, 'f.jsonl')
    writeFileSync(
      path,
      '{"type":"header","format":"learning-voice-agent","version":2,"exportedAt":"2030-01-01T00:00:00Z","filter":{}}\n',
    )
    await expect(readWhole(path)).rejects.toMatchObject({
      code: 'import-not-understood',
      message: expect.stringContaining('version 2'),
    })
  })
})

describe.runIf(isMachineWithData)('every JSON that breaks parsers', () => {
  const files = isMachineWithData ? readdirSync(join(BAD, 'json')) : []

  it('is refused or reported as a conversation, a line of an export, and a list of media', async () => {
    const header =
      '{"type":"header","format":"learning-voice-agent","version":1,"exportedAt":"2026-01-01T00:00:00Z","filter":{}}\n'
    const good =
      '{"type":"session","id":"s","title":null,"createdAt":"2026-01-01T00:00:00Z"}\n{"type":"end","sessions":1,"captures":0,"notes":0}\n'
    expect(files.length).toBeGreaterThan(300)
    for (const name of files) {
      const bytes = readFileSync(join(BAD, 'json', name))
      const alone = join(folder, 'alone.json')
      writeFileSync(alone, bytes)
      expect(await verdict(alone), name).toEqual(['import-not-understood'])

      const line = join(folder, 'export.jsonl')
      writeFileSync(line, Buffer.concat([Buffer.from(header), bytes, Buffer.from(`\n${good}`)]))
      const { sessions, problems } = await readWhole(line)
      expect(sessions, name).toHaveLength(1)
      expect(problems.length, name).toBeGreaterThan(bytes.toString().trim() === '' ? -1 : 0)

      const chat = makeFolder(join(folder, 'chat'), {
        'conversations.json': Buffer.concat([
          Buffer.from(
            '[{"mapping":{"q":{"children":[],"message":{"author":{"role":"user"},"content":{"content_type":"text","parts":["kept"]}}}}},',
          ),
          bytes,
          Buffer.from(']'),
        ]),
      })
      const read = await readWhole(chat)
      expect(read.captures[0]?.userText, name).toBe('kept')
      expect(read.problems.length, name).toBeGreaterThan(0)
    }
  }, 60_000)
})

describe('an export that was cut', () => {
  async function filled(): Promise<PortableWorld> {
    const world = await openWorld()
    for (let index = 0; index < 12; index += 1) {
      const audioSha256 = await world.blobs.put(Buffer.from(`sound ${index}`))
      await world.vault.captures.add({
        sessionId: `s${index % 3}`,
        source: 'voice',
        userText: `said ${index}`,
        audioSha256,
      })
    }
    await world.vault.notes.create({ title: 'A note', body: 'its text' })
    return world
  }

  it('anywhere as lines brings what is whole, in its order, and says where', async () => {
    const from = await filled()
    const target = join(folder, 'whole.jsonl')
    await from.portable.exportTo(
      { format: 'jsonl', packing: 'file', filter: {}, target },
      () => undefined,
      new AbortController().signal,
    )
    const whole = readFileSync(target)
    const all = (await readWhole(target)).captures
    expect(all).toHaveLength(12)
    for (let share = 1; share < 20; share += 1) {
      const cut = join(folder, 'cut.jsonl')
      writeFileSync(cut, whole.subarray(0, Math.floor((whole.length * share) / 20)))
      const { captures, problems } = await readWhole(cut)
      expect(captures).toEqual(all.slice(0, captures.length))
      expect(problems.map(([code]) => code)).toContain('cut-off')
    }
  })

  it('anywhere as an archive is refused whole, and the vault stays as it was', async () => {
    const [from, to] = [await filled(), await openWorld()]
    const target = join(folder, 'whole.zip')
    await from.exportTo('markdown', target)
    const whole = readFileSync(target)
    const before = await contentOf(to)
    for (let share = 1; share < 20; share += 1) {
      const cut = join(folder, 'cut.zip')
      writeFileSync(cut, whole.subarray(0, Math.floor((whole.length * share) / 20)))
      await expect(to.importFrom(cut)).rejects.toMatchObject({ code: 'archive-damaged' })
    }
    expect(await contentOf(to)).toEqual(before)
    expect(await to.portable.imports()).toEqual([])
  })

  it('or changed inside says which entry, and brings the others', async () => {
    const from = await filled()
    const target = join(folder, 'changed')
    await from.exportTo('markdown', target)
    const year = join(target, 'sessions', readdirSync(join(target, 'sessions'))[0] as string)
    const [first = '', second = ''] = readdirSync(year)
    const cut = readFileSync(join(year, first), 'utf8')
    writeFileSync(join(year, first), cut.slice(0, cut.lastIndexOf('<!-- lva:end')))
    const text = readFileSync(join(year, second), 'utf8')
    writeFileSync(join(year, second), text.replace('"source":"voice"', '"source":"nowhere"'))
    const { captures, problems } = await readWhole(target)
    expect(captures).toHaveLength(10)
    expect(problems.map(([code]) => code).sort()).toEqual(['cut-off', 'malformed'])
  })

  it('and whose attachment was exchanged says so, and does not take it for the recording', async () => {
    const [from, to] = [await filled(), await openWorld()]
    const target = join(folder, 'exchanged')
    await from.exportTo('jsonl', target)
    const [name = ''] = readdirSync(join(target, 'attachments'))
    writeFileSync(join(target, 'attachments', name), 'something else')
    const { problems } = await to.importFrom(target)
    expect(problems.map(({ code }) => code)).toEqual(['malformed'])
    expect(await to.blobs.has(name.slice(0, 64))).toBe(false)
  })
})

const HOSTILE = [
  '\u0000',
  '\ud800',
  'a\u2028b\u2029c',
  '\r\n\r\n',
  '---',
  '---\nlva: 1\n---',
  '<!-- lva:end -->',
  '\\<!-- lva:said -->',
  '"""',
  "'",
  '=1+1',
  '@SUM(A1)',
  '\ufeffmark',
  '../../etc/passwd',
  'CON',
  'a/b\\c:d*e?f"g<h>i|j',
  '👩🏽‍🎓'.repeat(50),
  'שלום',
  '﷽',
  '__proto__',
  '[[link]]',
  '#tag',
  '%00',
  'x'.repeat(400),
]
const STRINGS: string[] = isMachineWithData
  ? [...HOSTILE, ...JSON.parse(readFileSync(join(BAD, 'blns.json'), 'utf8'))]
  : HOSTILE

it.each(['jsonl', 'markdown'] as const)(
  'naughty strings come back from %s as they went',
  async (format) => {
    const [from, to] = [await openWorld(), await openWorld()]
    const id = await from.vault.deliveries.begin({ kind: 'test', name: 'naughty', bytes: 0 })
    const at = '2026-01-01T00:00:00.000Z'
    const short = (text: string) => text.slice(0, 100).toWellFormed()
    await from.vault.deliveries.add(id, {
      sessions: STRINGS.map((text, index) => ({ id: short(text) || `s${index}`, title: text, createdAt: at })),
      captures: STRINGS.map((text, index) => ({
        ...{ id: `c${index}`, sessionId: short(text) || `s${index}`, createdAt: at, editedAt: null, source: 'text' },
        ...{ userText: text, answer: null, audioSha256: null, metadata: { [text]: text } },
      })),
      notes: STRINGS.map((text, index) => ({
        ...{ id: `n${index}`, title: text, body: text, createdAt: at, updatedAt: at, metadata: { tags: [text] } },
      })),
      documents: [],
    })
    const target = join(folder, 'naughty.zip')
    await from.exportTo(format, target)
    const { problems } = await to.importFrom(target)
    expect(problems).toEqual([])
    expect(await contentOf(to)).toEqual(await contentOf(from))
    expect((await contentOf(to)).captures).toHaveLength(STRINGS.length)
  },
  60_000,
)

it('naughty names of files become names of notes', async () => {
  const names = STRINGS.map(
    (text, index) =>
      `${text
        .toWellFormed()
        .replaceAll(/[/\\:\p{Cc}]/gu, '-')
        .slice(0, 60)
        .toWellFormed()} ${index}`,
  )
  const path = await makeZip(join(folder, 'names.zip'), Object.fromEntries(names.map((name) => [`v/${name}.md`, name])))
  const { notes, problems } = await readWhole(path)
  expect(problems).toEqual([])
  // What begins with a mark of byte order is a text with that mark.
  const visible = names.filter((name) => !name.startsWith('.')).map((name) => name.replace(/^\ufeff/, ''))
  expect(notes.map(({ body }) => body).sort()).toEqual(visible.sort())
})

it('a line that is longer than may be is left out, and memory does not hold it', async () => {
  const path = join(folder, 'long.jsonl')
  const header =
    '{"type":"header","format":"learning-voice-agent","version":1,"exportedAt":"2026-01-01T00:00:00Z","filter":{}}\n'
  const note = (body: string) =>
    `${JSON.stringify({ type: 'note', id: 'n', title: '', body, createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' })}\n`
  writeFileSync(path, header)
  writeFileSync(path, note('x'.repeat(65 * 2 ** 20)), { flag: 'a' })
  writeFileSync(path, `${note('short')}{"type":"end","sessions":0,"captures":0,"notes":2}\n`, { flag: 'a' })
  const { notes, problems } = await readWhole(path)
  expect([notes.map(({ body }) => body), problems]).toEqual([['short'], [['too-large', 'long.jsonl:2']]])
  expect(statSync(path).size).toBeGreaterThan(65 * 2 ** 20)
})

it('a text that the vault does not take is refused alone, and the rest of its batch comes in', async () => {
  const to = await openWorld()
  const path = join(folder, 'mixed.jsonl')
  const note = (id: string, body: string) =>
    JSON.stringify({
      type: 'note',
      id,
      title: id,
      body,
      createdAt: '2026-01-01T00:00:00Z',
      updatedAt: '2026-01-01T00:00:00Z',
    })
  const header =
    '{"type":"header","format":"learning-voice-agent","version":1,"exportedAt":"2026-01-01T00:00:00Z","filter":{}}'
  const end = '{"type":"end","sessions":0,"captures":0,"notes":3}'
  writeFileSync(
    path,
    [header, note('a', 'short'), note('b', 'x'.repeat(LONGEST_TEXT + 1)), note('c', 'also short'), end].join('\n'),
  )
  const looked = await to.inspect(path)
  const { counts, problems } = await to.importFrom(path)
  expect(looked).toMatchObject({ counts, problems })
  expect(counts).toMatchObject({ notes: 2 })
  expect(problems).toMatchObject([{ code: 'refused', place: 'b' }])
})
