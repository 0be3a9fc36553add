import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createRemoteReader,
  DocumentQueue,
  Documents,
  type RemoteReader,
  WatchedFolders,
} from '../../src-core/capture/index.ts'
import { configSchema, idMaker, seededRandom, silentLog, systemClock } from '../../src-core/kernel/index.ts'
import type { Store } from '../../src-core/store/index.ts'
import { lockedPdfOf, pdfOf, pdfOfObjects, relationsTo, zipOf } from '../../test/made-documents.ts'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import { forkNode, heapLimit } from '../child-process.ts'

/** One watched folder with everything that may be wrong with a file, read by the real process and its real parsers. */

const limits = configSchema.parse({}).documents
const FEW = 400
/** Nothing is longer without progress, in milliseconds. */
const LONGEST_SILENCE_MS = 10_000

let root: string
let store: Store
let reader: RemoteReader

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lva-bad-'))
  store = await openTestStore()
  reader = createRemoteReader({
    spawn: (heapMb) => forkNode('documents', [], { PATH: process.env.PATH ?? '', ...heapLimit(heapMb) }),
    limits,
    logLevel: 'silent',
    clock: systemClock,
    log: silentLog,
  })
})
afterAll(async () => {
  await reader?.close()
  await store?.close()
  rmSync(root, { recursive: true, force: true })
})

const workbook = (strings: string | Buffer) =>
  zipOf({
    'xl/workbook.xml': '<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': relationsTo('worksheets/sheet1.xml'),
    'xl/sharedStrings.xml': strings,
    'xl/worksheets/sheet1.xml': '<worksheet><row><c t="s"><v>0</v></c></row></worksheet>',
  })
const page = (text: string) => pdfOf([[{ text, x: 72, y: 700 }]])
const laughs = Array.from({ length: 9 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`)

/** Each file with its state, or what the learner is told of it. */
const FILES: Record<string, [bytes: string | Buffer, state: string]> = {
  'a bomb of 256 MB.xlsx': [workbook(Buffer.alloc(256 * 2 ** 20, ' ')), 'document-too-complex'],
  'a name that leads outside.docx': [
    zipOf({ 'word/document.xml': '<a/>', '../../outside.xml': 'x' }),
    'document-unsafe',
  ],
  'a billion laughs.xlsx': [
    workbook(`<!DOCTYPE s [<!ENTITY l0 "ha">${laughs.join('')}]><sst><si><t>&l9;</t></si></sst>`),
    'document-unsafe',
  ],
  'ten thousand pages.pdf': [pdfOf(Array.from({ length: 10_000 }, () => [])), 'document-too-many-pages'],
  'a loop of pages.pdf': [
    pdfOfObjects([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[3 0 R]/Count 2>>',
      '<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 2>>',
    ]),
    'document-damaged',
  ],
  'a sealed one.pdf': [lockedPdfOf([[{ text: 'Within.', x: 72, y: 700 }]], 'sesame'), 'document-locked'],
  'a PDF called.docx': [page('Under a wrong name.'), 'ready'],
  'a workbook called.txt': [workbook('<sst><si><t>Also under one.</t></si></sst>'), 'ready'],
  'a letter called.pdf': ['From: a@example.org\nSubject: Hello\n\nJust words.', 'ready'],
  'nothing.txt': ['', 'document-empty'],
  'nothing.pdf': ['', 'document-empty'],
  'cut off.docx': [workbook('<sst/>').subarray(0, 200), 'document-damaged'],
}

it('each file has a clear state, nothing from behind a link comes in, and what is sound is read', async () => {
  const folder = join(root, 'folder')
  mkdirSync(folder)
  mkdirSync(join(root, 'data'))
  mkdirSync(join(root, 'outside'))
  writeFileSync(join(root, 'outside', 'secret.txt'), 'secret words')
  symlinkSync(join(root, 'outside'), join(folder, 'a folder elsewhere'))
  symlinkSync(join(root, 'outside', 'secret.txt'), join(folder, 'a file elsewhere.txt'))
  for (const [name, [bytes]] of Object.entries(FILES)) writeFileSync(join(folder, name), bytes)
  for (let note = 0; note < FEW; note += 1) writeFileSync(join(folder, `note ${note}.txt`), `Sound note ${note}.`)
  // One that never holds still.
  let length = 0
  const changing = setInterval(() => writeFileSync(join(folder, 'changing.txt'), 'x'.repeat(++length % 5_000)), 5)

  const { vault } = await openTestVault(store.database)
  let lastStep = performance.now()
  let longest = 0
  const step = () => {
    longest = Math.max(longest, performance.now() - lastStep)
    lastStep = performance.now()
  }
  const queue = new DocumentQueue({
    db: store.database,
    vault,
    blobs: store.blobs,
    read: (source, { onProgress, ...how }) =>
      reader
        .read(source, {
          ...how,
          onProgress: (done, total) => {
            step()
            onProgress(done, total)
          },
        })
        .finally(step),
    onRead: () => undefined,
    clock: systemClock,
    log: silentLog,
  })
  const documents = new Documents({
    db: store.database,
    vault,
    blobs: store.blobs,
    queue,
    fetchAddress: () => Promise.reject(new Error('nothing is fetched here')),
    limits,
    log: silentLog,
  })
  const folders = new WatchedFolders({
    db: store.database,
    vault,
    documents,
    dataDir: join(root, 'data'),
    fileMb: limits.fileMb,
    clock: systemClock,
    newId: idMaker(systemClock, seededRandom(9)),
    log: silentLog,
  })
  try {
    const { id } = await folders.add(folder, undefined)
    await folders.scan(id)
    await queue.idle()
    step()

    const states = new Map<string, string>()
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const list = await documents.list({}, { limit: 200, ...(cursor && { cursor }) })
      for (const { origins, state, error } of list.items)
        states.set(origins[0]?.name ?? '', state === 'failed' ? (error?.code ?? '') : state)
      cursor = list.next
    }
    for (const { path, error } of await folders.refused(id)) states.set(path, error.code)
    states.delete('changing.txt')
    const sound = [...states].filter(([name, state]) => /^note \d+\.txt$/.test(name) && state === 'ready')
    expect(sound).toHaveLength(FEW)
    expect(Object.fromEntries([...states].filter(([name]) => !name.startsWith('note ')))).toEqual(
      Object.fromEntries(Object.entries(FILES).map(([name, [, state]]) => [name, state])),
    )
    expect(longest).toBeLessThan(LONGEST_SILENCE_MS)
  } finally {
    clearInterval(changing)
    await folders.close()
    await documents.close()
  }
})
