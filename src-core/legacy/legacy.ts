import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Clock, LvaError } from '../kernel/index.ts'
import type { Store } from '../store/index.ts'
import type { OpenVault } from '../vault/index.ts'
import { execute } from './execute.ts'
import { ImportRecords } from './import-records.ts'
import { inspect } from './inspect.ts'
import { APOLOGIES, type ApologyFlag } from './mapping.ts'
import { withPlace } from './opened.ts'
import { countBrought, rollBack } from './rollback.ts'
import type {
  DerivedAudit,
  ImportRecord,
  ImportReport,
  InspectionReport,
  OnProgress,
  RollbackReport,
  V1Place,
  VerifyReport,
} from './types.ts'
import { verify } from './verify.ts'
import type { Workshop } from './workshop.ts'

export interface LegacyOptions {
  vault: OpenVault
  store: Pick<Store, 'database' | 'dump' | 'folder'>
  derived: DerivedAudit
  clock: Clock
  /** Longest text of a capture, in UTF-16 code units. */
  textLength: number
  /** v1's failure replies by SHA-256; tests hand in their own. */
  apologies?: ReadonlyMap<string, ApologyFlag>
}

/**
 * Brings over what v1 kept, checks it, and takes it back (docs/import-v1.md). Aborting a signal stops between two batches with `cancelled`; what
 * was written stays, and the next call goes on.
 * All throw LvaError legacy-not-found, legacy-not-v1, legacy-damaged, legacy-changed, legacy-archive-refused, legacy-redis-unreadable,
 * disk-full, cancelled.
 */
export interface Legacy {
  /** Reads everything and writes nothing. */
  inspect(place: V1Place, onProgress: OnProgress, signal?: AbortSignal): Promise<InspectionReport>
  /** @throws LvaError legacy-busy */
  execute(place: V1Place, onProgress: OnProgress, signal?: AbortSignal): Promise<ImportReport>
  verify(place: V1Place, onProgress: OnProgress, signal?: AbortSignal): Promise<VerifyReport>
  /** @throws LvaError legacy-busy, not-found */
  rollBack(importId: string, onProgress: OnProgress, signal?: AbortSignal): Promise<RollbackReport>
  /** The name of the import that this place is, whether or not it was executed. */
  importIdOf(place: V1Place, signal?: AbortSignal): Promise<string>
  /** The newest first. */
  list(): Promise<ImportRecord[]>
}

export function createLegacy(options: LegacyOptions): Legacy {
  const { vault, store, derived, clock } = options
  const records = new ImportRecords(vault)
  const workshop: Workshop = {
    db: store.database,
    vault,
    vaultId: vault.id,
    clock,
    records,
    textLength: options.textLength,
    apologies: options.apologies ?? APOLOGIES,
    takeDump: async () => {
      const file = await store.dump('before-import-v1')
      return file === null ? null : basename(file)
    },
    hasDump: (name) => existsSync(join(store.folder.dumps, name)),
    async freeBytes() {
      const { bavail, bsize } = await statfs(store.folder.root)
      return bavail * bsize
    },
  }
  let running: { ended: Promise<unknown>; signal: AbortSignal | undefined } | undefined
  const alone = async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    // What was told to stop ends after its batch; whoever stopped it may go on at once.
    while (running?.signal?.aborted) await running.ended
    if (running) {
      throw new LvaError('legacy-busy', 'An import, or the rollback of one, is running already.', {
        advice: 'Wait until it has ended, or stop it.',
      })
    }
    const working = work()
    const turn = { ended: working.catch(() => undefined), signal }
    running = turn
    try {
      return await working
    } finally {
      running = undefined
    }
  }
  return {
    inspect: (place, onProgress, signal) =>
      withPlace(place, signal, async (opened) => (await inspect(workshop, opened, onProgress, signal)).report),
    execute: (place, onProgress, signal) =>
      alone(signal, () => withPlace(place, signal, (opened) => execute(workshop, opened, onProgress, signal))),
    verify: (place, onProgress, signal) =>
      withPlace(place, signal, (opened) => verify(workshop, derived, opened, onProgress, signal)),
    rollBack: (importId, onProgress, signal) => alone(signal, () => rollBack(workshop, importId, onProgress, signal)),
    importIdOf: (place, signal) => withPlace(place, signal, async ({ importId }) => importId),
    async list() {
      const listed: ImportRecord[] = []
      for (const { dump: _, ...record } of await records.list()) {
        listed.push({ ...record, captures: await countBrought(workshop, record.id) })
      }
      return listed
    },
  }
}
