import {
  createRemoteReader,
  createSoundReader,
  type DecodeSound,
  DocumentQueue,
  Documents,
  fetchAddress,
  Pictures,
  type ReadDocument,
  type Retention,
  type StudyTimeline,
  WatchedFolders,
} from '../../src-core/capture/index.ts'
import type { Closables, NewId } from '../../src-core/kernel/index.ts'
import type { GuardedFetch } from '../../src-core/net/index.ts'
import type { Store } from '../../src-core/store/index.ts'
import type { OpenVault } from '../../src-core/vault/index.ts'
import type { CoreOptions } from './core.ts'
import type { Ear } from './ear.ts'
import { composeTimeline } from './timeline.ts'

interface DocumentsRest {
  options: CoreOptions
  store: Store
  vault: OpenVault
  newId: NewId
  ear: Ear
  fetch: GuardedFetch
  /** Called when a text was stored and its chunks are to be made. */
  onRead(): void
}

/** Documents and watched folders over the parts below them; closed with `owned`, folders first. */
export async function composeDocuments(
  owned: Closables,
  { options, store, vault, newId, ear, fetch, onRead }: DocumentsRest,
): Promise<{
  read: ReadDocument
  decode: DecodeSound
  documents: Documents
  folders: WatchedFolders
  pictures: Pictures
  timeline: StudyTimeline
  retention: Retention
}> {
  const { clock, log, surroundings, spawnDocuments } = options
  const { config, dataDir } = surroundings
  const limits = config.documents
  const { database: db, blobs } = store
  const reader = owned.add(
    createRemoteReader({ spawn: spawnDocuments, limits, logLevel: config.log.level, clock, log }),
  )
  const readSound = createSoundReader(ear, reader.decode, config.limits.audioSeconds)
  const queue = new DocumentQueue({
    db,
    vault,
    blobs,
    read: async (source, how) => {
      if (source.format === 'audio') return readSound(source, how)
      const { pictureLanguage } = await vault.settings.get()
      return reader.read(pictureLanguage === 'configured' ? source : { ...source, pictureLanguage }, how)
    },
    onRead,
    clock,
    log,
  })
  const documents = owned.add(
    new Documents({
      db,
      vault,
      blobs,
      queue,
      fetchAddress: (address, signal) => fetchAddress(fetch, address, limits, signal),
      limits,
      log,
    }),
  )
  const folders = owned.add(
    new WatchedFolders({ db, vault, documents, dataDir, fileMb: limits.fileMb, clock, newId, log }),
  )
  await folders.start()
  // A process of their own, begun with the first: a picture of a turn does not wait for the documents that are being read.
  const pictureReader = owned.add(
    createRemoteReader({ spawn: spawnDocuments, limits, logLevel: config.log.level, clock, log }),
  )
  const pictures = owned.add(
    new Pictures({
      db,
      vault,
      blobs,
      look: pictureReader.look,
      language: async () => {
        const { pictureLanguage } = await vault.settings.get()
        return pictureLanguage === 'configured' ? limits.pictureLanguage : pictureLanguage
      },
      limits: config.pictures,
      clock,
      log,
    }),
  )
  const { timeline, retention } = composeTimeline(owned, { options, store, vault })
  // Beside the start, which does not wait for it.
  pictures
    .catchUp()
    .catch((error: unknown) => log.warn({ error }, 'pictures that wait to be read do so until the next start'))
  return { read: reader.read, decode: reader.decode, documents, folders, pictures, timeline, retention }
}
