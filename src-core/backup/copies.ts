import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LvaError } from '../kernel/index.ts'
import { askForSwap, BEFORE_RESTORE, type DataFolder, lastSwap, RESTORED, withFileErrors } from '../store/index.ts'
import { SUFFIX } from './format.ts'
import type { DataCopy } from './types.ts'

/** Whole data folders beside the present one: restored, and put aside by a swap (docs/backup.md §8). */

const RESTORED_FILE = 'restored.json'

export async function copiesIn(folder: DataFolder): Promise<DataCopy[]> {
  const last = lastSwap(folder)
  const copies: DataCopy[] = []
  for (const name of await namesIn(join(folder.root, RESTORED))) {
    const about = await readRestored(join(folder.root, RESTORED, name))
    if (about) copies.push({ id: `${RESTORED}/${name}`, kind: 'restored', undoes: false, ...about })
  }
  for (const name of await namesIn(join(folder.root, BEFORE_RESTORE))) {
    const id = `${BEFORE_RESTORE}/${name}`
    const at = name.replace(/T(\d{2})-(\d{2})-/, 'T$1:$2:')
    copies.push({ id, kind: 'before', at, backup: null, undoes: last?.aside === id })
  }
  return copies
}

/** A free name for a copy of that backup. */
export async function newCopyId(folder: DataFolder, backup: string): Promise<string> {
  const taken = new Set(await namesIn(join(folder.root, RESTORED)))
  const stem = backup.slice(0, -SUFFIX.length)
  let name = stem
  for (let n = 2; taken.has(name); n += 1) name = `${stem}-${n}`
  return `${RESTORED}/${name}`
}

/** Without this mark, written last, a restored copy is not whole. */
export async function markRestored(
  folder: DataFolder,
  id: string,
  about: { backup: string; at: string },
): Promise<void> {
  const path = join(folder.root, id)
  await withFileErrors(path, () => writeFile(join(path, RESTORED_FILE), JSON.stringify(about), { mode: 0o600 }))
}

/** Has a copy exchanged for the present data at the next start. @throws LvaError not-found */
export async function askForCopy(folder: DataFolder, id: string, at: string): Promise<void> {
  await findCopy(folder, id)
  askForSwap(folder, { from: id, aside: `${BEFORE_RESTORE}/${at.replaceAll(':', '-')}`, at })
}

/** Removes a copy for good. @throws LvaError not-found */
export async function discardCopy(folder: DataFolder, id: string): Promise<void> {
  await findCopy(folder, id)
  await rm(join(folder.root, id), { recursive: true, force: true })
}

/** Removes copies that a crash left half made. */
export async function removeHalfCopies(folder: DataFolder): Promise<void> {
  for (const name of await namesIn(join(folder.root, RESTORED))) {
    const path = join(folder.root, RESTORED, name)
    if (!(await readRestored(path))) await rm(path, { recursive: true, force: true })
  }
}

async function findCopy(folder: DataFolder, id: string): Promise<void> {
  if ((await copiesIn(folder)).some((copy) => copy.id === id)) return
  throw new LvaError('not-found', 'There is no such copy of the data.')
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort() // no such folder yet
}

async function readRestored(folder: string): Promise<{ backup: string; at: string } | undefined> {
  try {
    const { backup, at } = JSON.parse(await readFile(join(folder, RESTORED_FILE), 'utf8')) as Record<string, unknown>
    return typeof backup === 'string' && typeof at === 'string' ? { backup, at } : undefined
  } catch {
    return undefined // written last: without it the copy is not whole
  }
}
