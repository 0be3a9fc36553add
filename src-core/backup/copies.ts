import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LvaError } from '../kernel/index.ts'
import {
  askForSwap,
  BEFORE_RESTORE,
  type DataFolder,
  lastSwap,
  RESTORED,
  replaceFile,
  withFileErrors,
} from '../store/index.ts'
import { SUFFIX } from './format.ts'
import type { CopyContent, DataCopy } from './types.ts'

/** Whole data folders beside the present one: restored, and put aside by a swap (docs/backup.md §8). */

/** Says what a copy is. Written last: without it a restored copy is not whole. */
const ABOUT_FILE = 'about.json'
const whole = z.number().int().nonnegative()
const aboutSchema = z.object({
  backup: z.string().nullable(),
  at: z.iso.datetime(),
  content: z.object({ captures: whole, notes: whole, sessions: whole, recordings: whole }),
})
type About = z.output<typeof aboutSchema>

export async function copiesIn(folder: DataFolder): Promise<DataCopy[]> {
  const last = lastSwap(folder)
  const copies: DataCopy[] = []
  for (const [kind, parent] of [
    ['restored', RESTORED],
    ['before', BEFORE_RESTORE],
  ] as const) {
    for (const name of await namesIn(join(folder.root, parent))) {
      const id = `${parent}/${name}`
      const about = await readAbout(join(folder.root, id))
      if (about && holdsData(join(folder.root, id))) copies.push({ id, kind, undoes: last?.aside === id, ...about })
    }
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

/** Makes a restored folder a copy that can be swapped in. */
export async function markRestored(folder: DataFolder, id: string, about: About): Promise<void> {
  await writeAbout(join(folder.root, id), about)
}

/** Has a copy exchanged for the present data at the next start. `present` is what that holds. @throws LvaError not-found */
export async function askForCopy(folder: DataFolder, id: string, at: string, present: CopyContent): Promise<void> {
  await findCopy(folder, id)
  const aside = `${BEFORE_RESTORE}/${at.replaceAll(':', '-')}`
  await mkdir(join(folder.root, aside), { recursive: true, mode: 0o700 })
  await writeAbout(join(folder.root, aside), { backup: null, at, content: present })
  askForSwap(folder, { from: id, aside, at })
}

/** Removes a copy for good. @throws LvaError not-found */
export async function discardCopy(folder: DataFolder, id: string): Promise<void> {
  await findCopy(folder, id)
  await rm(join(folder.root, id), { recursive: true, force: true })
}

/** Removes copies that a crash left half made, and the folders of swaps that were never asked for. */
export async function removeHalfCopies(folder: DataFolder): Promise<void> {
  for (const parent of [RESTORED, BEFORE_RESTORE]) {
    for (const name of await namesIn(join(folder.root, parent))) {
      const path = join(folder.root, parent, name)
      // What was put aside is the learner's, whatever is written about it.
      const isWhole = holdsData(path) && (parent === BEFORE_RESTORE || (await readAbout(path)))
      if (!isWhole) await rm(path, { recursive: true, force: true })
    }
  }
}

async function findCopy(folder: DataFolder, id: string): Promise<void> {
  if ((await copiesIn(folder)).some((copy) => copy.id === id)) return
  throw new LvaError('not-found', 'There is no such copy of the data.')
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort() // no such folder yet
}

async function readAbout(folder: string): Promise<About | undefined> {
  try {
    return aboutSchema.parse(JSON.parse(await readFile(join(folder, ABOUT_FILE), 'utf8')))
  } catch {
    return undefined
  }
}

async function writeAbout(folder: string, about: About): Promise<void> {
  await withFileErrors(folder, () => replaceFile(join(folder, ABOUT_FILE), JSON.stringify(about)))
}

function holdsData(folder: string): boolean {
  return existsSync(join(folder, 'pg', 'PG_VERSION'))
}
