import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Client } from '../../../src-core/contract/index.ts'
import type { CommandContext } from '../command.ts'
import { type AddOptions, add } from './add.ts'

const FILES = 300
const MS_FOR_ONE = 50
const MS_FOR_MANY = 3_000
const OPENING_MS = 30_000
/** At the queue, until the last document is read, which takes long. */
const LOOKS = FILES + 100

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-add-'))
  for (let file = 0; file < FILES; file++) writeFileSync(join(folder, `${file}.txt`), `Note ${file}.`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The command over a core in which each file takes its time, to be added and to be read. */
function addFolder(onAdd: (count: number) => void = () => undefined, paused = false, options: AddOptions = {}) {
  let now = 0
  let added = 0
  let looks = 0
  /** How many were left to be read when it was asked which one is. */
  const leftWhenAsked: number[] = []
  let pending = FILES
  const remarks: { at: number; text: string }[] = []
  const lines: string[] = []
  const calls: number[] = []
  const placings: unknown[] = []
  const collections = [{ id: 'p', name: 'Physics' }]
  const stop = new AbortController()
  const documents = {
    addMany: async ({ files, ...placing }: { files: { name: string }[] }) => {
      placings.push(placing)
      const results = files.map(({ name }) => {
        added += 1
        now += MS_FOR_ONE
        onAdd(added)
        if (name === '9.txt') return { error: { code: 'document-not-supported', params: { what: 'txt' } } }
        return { document: { id: name, state: 'waiting' }, isNew: true }
      })
      calls.push(results.length)
      return { results }
    },
    queue: async () => {
      now += MS_FOR_ONE
      looks += 1
      if (!paused && (pending > 1 || looks > LOOKS)) pending = Math.max(0, pending - 1)
      return { pending, failed: 0, paused }
    },
    list: async () => {
      leftWhenAsked.push(pending)
      return {
        items: [{ title: 'A lecture', progress: { done: FILES - pending, total: FILES } }],
        next: null,
      }
    },
    getMany: async ({ ids }: { ids: string[] }) => {
      now += MS_FOR_MANY
      return {
        items: ids.map((id) =>
          id === '8.txt'
            ? { id, state: 'failed', error: { code: 'document-too-many-pages', params: { pages: 9, limit: 5 } } }
            : { id, state: 'ready', error: null },
        ),
      }
    },
  }
  const onCollections = {
    list: async () => ({ collections }),
    create: async ({ name }: { name: string }) => {
      collections.push({ id: `made ${name}`, name })
      return collections.at(-1)
    },
  }
  const context = {
    terminal: {
      remark: (text: string) => void remarks.push({ at: now, text }),
      line: (text = '') => void lines.push(text),
    },
    json: false,
    signal: stop.signal,
    client: async () => {
      while (now < OPENING_MS) await new Promise(setImmediate)
      return { documents, collections: onCollections } as unknown as Client
    },
  } as unknown as CommandContext
  const clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms: number) => {
      await new Promise(setImmediate)
      now += ms
    },
  }
  return {
    adding: add(context, [folder], options, clock),
    remarks,
    lines,
    calls,
    placings,
    collections,
    stop,
    count: () => added,
    leftWhenAsked,
    end: () => now,
  }
}

it('says every few seconds how far it is with a large folder', async () => {
  const { adding, remarks, lines, end } = addFolder()
  await adding
  expect(lines).toHaveLength(FILES)
  expect(remarks.some(({ text }) => /^\d+ files so far/.test(text))).toBe(true)
  expect(remarks.some(({ text }) => /^Reading \d+ documents \.\.\.$/.test(text))).toBe(true)
  expect(remarks.some(({ text }) => /^Looking what became of them: 250 files of 300 \.\.\.$/.test(text))).toBe(true)
  expect(remarks.some(({ text }) => /^Reading 1 document \(A lecture: \d+ %\) \.\.\.$/.test(text))).toBe(true)
  const times = [0, ...remarks.map(({ at }) => at), end()]
  for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeLessThan(10_000)
  // And no line for each of them.
  expect(remarks.length).toBeLessThan(FILES / 4)
})

it('does not look through all documents for the one that is being read while one after the other is done', async () => {
  const { adding, remarks, leftWhenAsked } = addFolder()
  await adding
  const progress = remarks.filter(({ text }) => /^Reading \d+ documents /.test(text))
  expect(progress.length).toBeGreaterThan(3)
  expect(new Set(leftWhenAsked)).toEqual(new Set([1]))
})

it('a file that cannot be taken does not keep the others out', async () => {
  truncateSync(join(folder, '7.txt'), 101 * 2 ** 20)
  const { adding, lines, remarks } = addFolder()
  await adding
  expect(lines.filter((line) => !line.includes('  ready  ')).sort()).toEqual([
    '-  document-not-supported  9.txt',
    '-  document-too-large  7.txt',
    '8.txt  document-too-many-pages  8.txt',
  ])
  expect(lines).toHaveLength(FILES)
  const said = remarks.map(({ text }) => text).filter((text) => text.includes('.txt: '))
  expect(said.sort()).toEqual([
    expect.stringMatching(/^7\.txt: The file is larger than \d+ MB\. ./),
    expect.stringMatching(/^8\.txt: The file has 9 pages; the most is 5\. ./),
    expect.stringMatching(/^9\.txt: This kind of file cannot be read\. ./),
  ])
})

it('gives files by the hundred, and large ones a few at a time', async () => {
  const small = addFolder()
  await small.adding
  expect(small.calls).toEqual([100, 100, 100])
  for (const file of [1, 2, 3, 4, 5]) truncateSync(join(folder, `${file}.txt`), 15 * 2 ** 20)
  const large = addFolder()
  await large.adding
  expect(large.count()).toBe(FILES)
  expect(large.calls.length).toBeGreaterThan(4)
})

it('stops with the files that are on their way when it is asked to', async () => {
  const run = addFolder((count) => {
    if (count === 50) run.stop.abort(new Error('Ctrl-C'))
  })
  await expect(run.adding).rejects.toThrow('Ctrl-C')
  expect(run.count()).toBe(100)
})

it('says what is kept when it is stopped, and how to go on', async () => {
  const run = addFolder((count) => {
    if (count === 150) run.stop.abort(new Error('Ctrl-C'))
  })
  await expect(run.adding).rejects.toThrow('Ctrl-C')
  const said = run.remarks.map(({ text }) => text).slice(-2)
  // One of all cannot be taken.
  expect(said[0]).toMatch(/^(?:199|200) files are kept; /)
  expect(said[1]).toBe('The same command takes in the rest.')

  const late = addFolder((count) => {
    if (count === FILES) late.stop.abort(new Error('Ctrl-C'))
  })
  await expect(late.adding).rejects.toThrow('Ctrl-C')
  expect(late.remarks.at(-2)?.text).toMatch(new RegExp(`^${FILES - 1} files are kept; `))
})

it('says that it opens the data folder before it does, and every few seconds meanwhile', async () => {
  const { adding, remarks } = addFolder()
  await adding
  const said = remarks.filter(({ text }) => text === 'Opening the data folder ...')
  expect(said.slice(0, 4).map(({ at }) => at)).toEqual([0, 3_000, 6_000, 9_000])
  expect(said.at(-1)?.at).toBeGreaterThanOrEqual(OPENING_MS - 3_000)
  expect(said.at(-1)?.at).toBeLessThanOrEqual(OPENING_MS)
})

it('puts documents into a collection, which is made when there is none, and gives them tags', async () => {
  const known = addFolder(undefined, false, { collection: 'physics', tag: ['term', 'exam'] })
  await known.adding
  expect(known.placings).toEqual(Array(3).fill({ collectionId: 'p', tags: ['term', 'exam'] }))
  expect(known.collections).toHaveLength(1)
  const made = addFolder(undefined, false, { collection: 'Biology' })
  await made.adding
  expect(made.placings).toEqual(Array(3).fill({ collectionId: 'made Biology' }))
  expect(made.remarks.map(({ text }) => text)).toContain('Made the collection Biology.')
})

it('does not wait for reading that is paused', async () => {
  const { adding, remarks, lines } = addFolder(undefined, true)
  await adding
  expect(remarks.map(({ text }) => text)).toContain(`Reading is paused; ${FILES} documents wait for it.`)
  expect(lines).toHaveLength(FILES)
})

it('says so when there is nothing in the folder', async () => {
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
  const { adding, remarks, lines } = addFolder()
  await adding
  expect(lines).toEqual([])
  expect(remarks.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^There are no files in it/))
})
