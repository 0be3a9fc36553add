import { statfs } from 'node:fs/promises'
import type { InstallationService, ProviderService } from '../../src-core/contract/server/index.ts'
import type { Clock } from '../../src-core/kernel/index.ts'
import type { IndexProgress } from '../../src-core/memory/index.ts'
import type { LocalModels } from '../../src-core/models/index.ts'
import type { Store } from '../../src-core/store/index.ts'
import { appVersion } from '../version.ts'
import { runChecks } from './doctor.ts'
import { folderSize } from './folder-size.ts'
import type { ProviderKeys } from './provider-keys.ts'

export interface InstallationParts {
  store: Store
  vaultId: string
  models: LocalModels
  providers: ProviderService
  keys: ProviderKeys
  indexProgress: () => IndexProgress | Promise<IndexProgress>
  clock: Clock
}

/** What this installation is, how much room it takes, and whether it is sound. */
export function createInstallation(parts: InstallationParts): InstallationService {
  const { store, vaultId, models, keys } = parts
  const { folder } = store
  return {
    info: async (host) => ({
      version: appVersion(),
      host,
      dataDir: folder.root,
      vaultId,
      keyStorage: await keys.storage(),
      embedder: models.embedder.info.id,
      transcriber: models.transcriber.id,
    }),
    async dataSize() {
      const [database, recordings, dumps, total, disk] = await Promise.all([
        folderSize(folder.database),
        folderSize(folder.blobs),
        folderSize(folder.dumps),
        folderSize(folder.root),
        statfs(folder.root),
      ])
      return { database, recordings, dumps, total, free: disk.bavail * disk.bsize }
    },
    doctor: (signal) => runChecks(parts, signal),
  }
}
