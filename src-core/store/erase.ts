import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DataFolder } from './folder.ts'

/** "Delete everything" (docs/backup.md §10): asked for while the folder is open, done at the next start. */
const ASKED = 'delete-everything.json'
/** The window's own folder. The window is open while this is done, and removes it itself at its next start. */
const WINDOW = 'window'
/** In the window's folder: remove it before anything else. */
export const WINDOW_GOES = 'delete-everything'

/** What the program puts into its folders. A folder that the learner chose may hold other things, which stay. */
const OURS_IN_DATA =
  /^(pg(\.new|\.old)?|blobs|dumps|scratch|restored|before-restore|graph|incoming|outgoing|socket|core\.address|config\.json|secrets\..*|(swap|swapped|backup)\.json(\.new)?)$/
const OURS_IN_CACHE = /^(all-MiniLM-.*|vault-.*\.tar\.gz.*|models?)$/
const STAYS_OPEN = /^(lva\.lock.*|delete-everything\.json|window)$/

export function askForErasure(folder: DataFolder): void {
  writeFileSync(join(folder.root, ASKED), '{}', { mode: 0o600 })
}

/** Names in the data folder that are not of this program, and which erasing leaves. */
export function strangersIn(folder: Pick<DataFolder, 'root'>): string[] {
  return readdirSync(folder.root).filter((name) => !OURS_IN_DATA.test(name) && !STAYS_OPEN.test(name))
}

/**
 * Removes all that is ours from the data folder and the cache folder, if that was asked for. The request goes last, so that a crash on
 * the way is finished. For the holder of the lock, before anything is opened.
 */
export function finishErasure(folder: DataFolder, cacheDir: string): void {
  const { root } = folder
  if (!existsSync(join(root, ASKED))) return
  removeMatching(root, OURS_IN_DATA)
  if (existsSync(cacheDir)) removeMatching(cacheDir, OURS_IN_CACHE)
  if (existsSync(join(root, WINDOW))) writeFileSync(join(root, WINDOW, WINDOW_GOES), '')
  rmSync(join(root, ASKED))
}

function removeMatching(folder: string, pattern: RegExp): void {
  for (const name of readdirSync(folder))
    if (pattern.test(name)) rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 })
}
