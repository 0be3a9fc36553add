import { statfs } from 'node:fs/promises'
import { createRemoteReader, Pictures, Retention, StudyTimeline } from '../../src-core/capture/index.ts'
import type { Closables } from '../../src-core/kernel/index.ts'
import type { Store } from '../../src-core/store/index.ts'
import type { OpenVault } from '../../src-core/vault/index.ts'
import type { CoreOptions } from './core.ts'

/** The study timeline and how long things are kept. Frames are read in a process of their own, so that no picture of a turn waits for them. */
export function composeTimeline(
  owned: Closables,
  { options, store, vault }: { options: CoreOptions; store: Store; vault: OpenVault },
): { timeline: StudyTimeline; retention: Retention } {
  const { clock, log, surroundings, spawnDocuments, kind } = options
  const { config } = surroundings
  const { database: db, blobs, folder } = store
  const reader = owned.add(
    createRemoteReader({ spawn: spawnDocuments, limits: config.documents, logLevel: config.log.level, clock, log }),
  )
  const language = async () => {
    const { pictureLanguage } = await vault.settings.get()
    return pictureLanguage === 'configured' ? config.documents.pictureLanguage : pictureLanguage
  }
  const parts = { db, vault, blobs, language, clock, log }
  const pictures = owned.add(new Pictures({ ...parts, look: reader.look, limits: config.pictures }))
  const settings = () => vault.settings.get()
  const timeline = owned.add(
    new StudyTimeline({ db, vault, pictures, settings, language, limits: config.screen, clock, log }),
  )
  const retention = owned.add(
    new Retention({
      ...{ db, vault, blobs, timeline, settings, clock, log },
      limits: config.screen,
      free: async () => {
        const disk = await statfs(folder.root)
        return disk.bavail * disk.bsize
      },
    }),
  )
  // A command is over before anything could be due.
  if (kind !== 'cli') retention.start()
  return { timeline, retention }
}
