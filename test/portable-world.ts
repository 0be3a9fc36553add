import { join } from 'node:path'
import { idMaker, seededRandom } from '../src-core/kernel/index.ts'
import { createPortable, type Portable } from '../src-core/portable/index.ts'
import { type BlobStore, memoryBlobs, type Store } from '../src-core/store/index.ts'
import type { OpenVault } from '../src-core/vault/index.ts'
import { openTestVault } from './vault-world.ts'

/** A vault with the floor of export and import on it. */
export interface PortableWorld {
  vault: OpenVault
  blobs: BlobStore
  portable: Portable
  /** Takes everything out as one archive or folder. */
  exportTo(format: 'jsonl' | 'markdown', target: string): ReturnType<Portable['exportTo']>
  importFrom(path: string): ReturnType<Portable['import']>
  inspect(path: string): ReturnType<Portable['inspect']>
}

export const LONGEST_TEXT = 10_000
const quiet = () => undefined

/** @param folder in which files wait, and which the caller removes */
export async function openPortableWorld(
  store: Store,
  folder: string,
  seed: number,
  blobs: BlobStore = memoryBlobs(),
): Promise<PortableWorld> {
  const { vault, clock } = await openTestVault(store.database)
  const portable = await createPortable({
    ...{ vault, blobs, clock, longestText: LONGEST_TEXT },
    folder: join(folder, `data-${seed}`),
    newId: idMaker(clock, seededRandom(seed)),
  })
  const { signal } = new AbortController()
  return {
    ...{ vault, blobs, portable },
    exportTo: (format, target) =>
      portable.exportTo(
        { format, packing: target.endsWith('.zip') ? 'zip' : 'folder', filter: {}, target },
        quiet,
        signal,
      ),
    importFrom: (path) => portable.import({ path }, undefined, quiet, signal),
    inspect: (path) => portable.inspect({ path }, undefined, quiet, signal),
  }
}

/** Everything that a learner has, as it is read. */
export async function contentOf({ vault }: Pick<PortableWorld, 'vault'>) {
  const page = { limit: 1_000 }
  const byId = <T extends { id: string }>(items: T[]) => items.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return {
    captures: (await vault.captures.list({ order: 'oldest' }, page)).items,
    sessions: byId((await vault.sessions.list(page)).items),
    notes: byId((await vault.notes.list(page)).items),
    documents: byId((await vault.library.list({}, page)).items),
    collections: byId(await vault.library.listCollections()),
  }
}
