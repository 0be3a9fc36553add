import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { LvaError } from '../kernel/index.ts'
import type { DataFolder } from './folder.ts'

/**
 * Exchanges what the data folder holds for what lies in a folder inside it (docs/backup.md §8). It is asked for while the database is open,
 * and done at the next start, by renames, each of which is left out when it has been done: a crash on the way is finished at the start
 * after it.
 *
 *     <from>/pg  -> pg  -> <aside>/pg
 *     <from>/blobs -> blobs -> <aside>/blobs
 */
export interface Swap {
  /** Folders inside the data folder, such as `restored/lva-20261103-091500`. */
  from: string
  aside: string
  /** ISO 8601 */
  at: string
}

const ASKED = 'swap.json'
const DONE = 'swapped.json'
const PARTS = ['pg', 'blobs']
/** Made from the database that was exchanged; made anew from the one that came. */
const DERIVED = ['graph']
/** Where swaps take from and put aside. */
export const RESTORED = 'restored'
export const BEFORE_RESTORE = 'before-restore'
const inside = z.string().regex(/^(restored|before-restore)\/[A-Za-z0-9._-]+$/)
const swapSchema = z.object({ from: inside, aside: inside, at: z.iso.datetime() })

/** Has the exchange done at the next start. @throws LvaError not-found when there is no database to swap in */
export function askForSwap(folder: DataFolder, swap: Swap): void {
  const checked = swapSchema.parse(swap)
  if (!existsSync(join(folder.root, checked.from, 'pg', 'PG_VERSION')))
    throw new LvaError('not-found', 'The restored copy is not there any more.', {
      advice: 'Restore the backup again.',
      params: { folder: join(folder.root, checked.from) },
    })
  replaceJson(folder.root, ASKED, checked)
}

/** What was exchanged last, while what was put aside is still there. */
export function lastSwap(folder: DataFolder): Swap | undefined {
  const swap = readSwap(join(folder.root, DONE))
  return swap && existsSync(join(folder.root, swap.aside, 'pg')) ? swap : undefined
}

/** Does what was asked for, or finishes it. For the holder of the lock, before anything is opened. */
export function finishSwap(folder: DataFolder): void {
  const { root } = folder
  const swap = readSwap(join(root, ASKED))
  if (!swap) return
  const from = join(root, swap.from)
  const aside = join(root, swap.aside)
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  for (const part of PARTS) {
    if (!existsSync(join(from, part))) continue // it is in its place already
    if (existsSync(join(root, part))) renameSync(join(root, part), join(aside, part))
    renameSync(join(from, part), join(root, part))
  }
  for (const name of DERIVED) rmSync(join(root, name), { recursive: true, force: true })
  replaceJson(root, DONE, swap)
  rmSync(from, { recursive: true, force: true })
  rmSync(join(root, ASKED))
  syncFolder(root)
}

function readSwap(path: string): Swap | undefined {
  if (!existsSync(path)) return undefined
  try {
    return swapSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // Written whole or not at all; a file that somebody else wrote asks for nothing.
    return undefined
  }
}

/** Either the old or the new content stands there after a crash. */
function replaceJson(root: string, name: string, value: unknown): void {
  const draft = join(root, `${name}.new`)
  const file = openSync(draft, 'w', 0o600)
  try {
    writeSync(file, JSON.stringify(value))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, join(root, name))
  syncFolder(root)
}

/** Makes renames survive a power cut. Windows cannot open folders, and does not need it. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
