import { basename } from 'node:path'
import { type Entry, getFileNameLowLevel, open, validateFileName, type ZipFile } from 'yauzl'
import { LvaError } from '../../kernel/index.ts'
import type { Problem } from '../types.ts'
import { byPath, isLeftOut, markOf } from './left-out.ts'
import type { Source, SourceFile } from './types.ts'

const MOST_ENTRIES = 200_000
const MOST_BYTES = 64 * 2 ** 30
/** Archives of text reach some twenty; beyond this it is made to fill disks. Small ones are let off. */
const MOST_EXPANSION = 250
const UNSUSPICIOUS_BYTES = 100 * 2 ** 20
const SYMBOLIC_LINK = 0o120000
const FILE_TYPE = 0o170000
/** General purpose bit 0 (APPNOTE 4.4.4). */
const ENCRYPTED = 1

/**
 * A zip archive, whose entries are read one by one and never unpacked (docs/export.md §7).
 * @throws LvaError archive-damaged, archive-unsafe
 */
export async function archiveSource(path: string, signal?: AbortSignal): Promise<Source> {
  const zip = await openZip(path)
  try {
    return await listed(zip, basename(path), signal)
  } catch (error) {
    zip.close()
    throw error
  }
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names are judged one by one below: one bad name does not spoil the rest.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true }
    open(path, options, (error, zip) => (error ? reject(damaged(error)) : resolve(zip)))
  })
}

async function listed(zip: ZipFile, name: string, signal?: AbortSignal): Promise<Source> {
  const files: SourceFile[] = []
  const entries = new Map<string, Entry>()
  const problems: Problem[] = []
  const marks = new Set<string>()
  let unpacked = 0
  let packed = 0
  if (zip.entryCount > MOST_ENTRIES) throw unsafe('It holds more than any export does.')
  let count = 0
  for await (const entry of entriesOf(zip)) {
    signal?.throwIfAborted()
    count += 1
    unpacked += entry.uncompressedSize
    packed += entry.compressedSize
    if (count > MOST_ENTRIES || unpacked > MOST_BYTES) throw unsafe('It holds more than any export does.')
    const path = nameOf(entry)
    if (path.endsWith('/')) {
      const mark = markOf(path)
      if (mark) marks.add(mark)
      continue
    }
    const fault = faultOf(entry, path, entries)
    if (fault) problems.push(fault)
    else {
      const mark = markOf(path)
      if (mark) marks.add(mark)
      if (isLeftOut(path)) continue
      entries.set(path, entry)
      files.push({ path, bytes: entry.uncompressedSize, changedAt: entry.getLastModDate().getTime() })
    }
  }
  if (packed > zip.fileSize) throw unsafe('Its entries overlap.')
  if (unpacked > UNSUSPICIOUS_BYTES && unpacked > zip.fileSize * MOST_EXPANSION) {
    throw unsafe(`It unpacks to ${Math.round(unpacked / zip.fileSize)} times its size.`)
  }
  return {
    name,
    files: files.sort(byPath),
    problems,
    marks,
    read: (file) => readEntry(zip, entries.get(file.path)),
    close: async () => zip.close(),
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      const onEntry = (found: Entry) => settle(() => resolve(found))
      const onEnd = () => settle(() => resolve(null))
      const onError = (error: Error) => settle(() => reject(damaged(error)))
      const settle = (act: () => void) => {
        zip.off('entry', onEntry).off('end', onEnd).off('error', onError)
        act()
      }
      zip.on('entry', onEntry).on('end', onEnd).on('error', onError)
      zip.readEntry()
    })
    if (!entry) return
    yield entry
  }
}

function nameOf(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
}

function faultOf(entry: Entry, path: string, known: ReadonlyMap<string, Entry>): Problem | undefined {
  const problem = (code: Problem['code'], detail: string) => ({ code, place: path.slice(0, 200), detail })
  const invalid = validateFileName(path)
  if (invalid !== null || path.includes('\u0000') || path === '')
    return problem('unsafe-name', 'The name leads out of the archive.')
  if (known.has(path)) return problem('unsafe-name', 'Another entry has the same name.')
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) return problem('encrypted', 'It is encrypted.')
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMBOLIC_LINK)
    return problem('link-outside', 'It is a link.')
  return undefined
}

async function* readEntry(zip: ZipFile, entry: Entry | undefined): AsyncGenerator<Uint8Array> {
  if (!entry) throw new LvaError('internal', 'The archive has no such entry.')
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, readable) => (error ? reject(damaged(error)) : resolve(readable)))
  })
  try {
    for await (const piece of stream) yield piece as Uint8Array
  } catch (error) {
    throw damaged(error)
  }
}

function damaged(cause: unknown): LvaError {
  return new LvaError('archive-damaged', 'The archive is damaged, or is none.', {
    advice: 'Download or export it once more.',
    cause,
  })
}

function unsafe(reason: string): LvaError {
  return new LvaError('archive-unsafe', `The archive is refused: ${reason}`, {
    advice: 'It is not what an export looks like. Unpack it yourself if you trust it, and import the folder.',
  })
}
