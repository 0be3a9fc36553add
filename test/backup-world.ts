import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type BackupPlace,
  BackupWriter,
  backupName,
  folderPlace,
  type OpenedBackup,
  openBackup,
  type RestoreParts,
} from '../src-core/backup/index.ts'
import { idMaker, ManualClock, type Random, seededRandom, silentLog } from '../src-core/kernel/index.ts'
import { keyFromPhrase, newPhrase } from '../src-core/keys/index.ts'
import { recordSpending, type Store } from '../src-core/store/index.ts'
import { type OpenVault, openVault } from '../src-core/vault/index.ts'
import { openTestStore, SMALL, TEMPLATE_CACHE } from './vault-world.ts'

/** What the tests of backups share: a vault with recordings and spending, a folder for backups, and a key. */

export const PHRASE = newPhrase(seededRandom(24))
export const KEY = keyFromPhrase(PHRASE, 'backup')
export const OTHER_KEY = keyFromPhrase(newPhrase(seededRandom(25)), 'backup')

export interface BackupWorld {
  store: Store
  vault: OpenVault
  clock: ManualClock
  random: Random
  place: BackupPlace
  /** A folder that goes away with the world. */
  root: string
  backups: string
  parts: RestoreParts
  /** Makes a backup that builds on `base`, if any, and opens it. A second passes. */
  backUp(base?: OpenedBackup): Promise<OpenedBackup>
  close(): Promise<void>
}

export async function openBackupWorld(): Promise<BackupWorld> {
  const root = mkdtempSync(join(tmpdir(), 'lva-backup-'))
  const backups = join(root, 'backups')
  const place = folderPlace(backups)
  const clock = new ManualClock(Date.UTC(2026, 10, 3, 9, 15))
  const random = seededRandom(6)
  const newId = idMaker(clock, random)
  const store = await openTestStore()
  const limits = { textLength: 100_000 }
  const vault = await openVault({ db: store.database, clock, newId, log: silentLog, limits, tuning: SMALL })
  const parts = { cacheDir: TEMPLATE_CACHE, clock, newId, log: silentLog, limits, statementTimeoutMs: 60_000 }
  return {
    store,
    vault,
    clock,
    random,
    place,
    root,
    backups,
    parts,
    async backUp(base) {
      clock.advance(1_000)
      const name = backupName(clock.now())
      const snapshot = await vault.snapshot()
      try {
        const writer = new BackupWriter(
          { db: store.database, vaultId: vault.id, snapshot, blobs: store.blobs },
          {
            name,
            at: clock.now(),
            backupKey: KEY,
            appVersion: '0.0.0',
            random,
            ...(base && { base: { manifest: base.manifest, bytes: base.bytes } }),
          },
        )
        await place.write(name, writer.bytes())
      } finally {
        await snapshot.close()
      }
      return openBackup(place, name, KEY)
    },
    async close() {
      await vault.close()
      await store.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Fills a vault with sessions, notes, a deleted capture, a setting, recordings and spending. */
export async function fill({ vault, store, random, clock, parts }: BackupWorld): Promise<void> {
  for (let n = 0; n < 12; n++) {
    const audioSha256 = n % 4 === 0 ? await store.blobs.put(random.bytes(3_000_000 + n)) : null
    await vault.captures.add({
      sessionId: `s${n % 3}`,
      source: 'voice',
      userText: `Word ${n} of what I learned. ${'ä\u{1f9e0} '.repeat(n * 50)}`,
      audioSha256,
      metadata: { n },
    })
  }
  const [first] = (await vault.captures.list({}, { limit: 1 })).items
  await vault.captures.delete([first?.id ?? ''])
  await vault.sessions.rename('s1', 'Renamed')
  await vault.notes.create({ title: 'A note', body: 'text '.repeat(2_000) })
  await vault.settings.set({ theme: 'dark' })
  for (let n = 0; n < 3; n++) {
    const entry = { at: clock.now(), provider: 'openai', model: 'm', inputTokens: n, outputTokens: 2, costMicroUsd: 3 }
    await recordSpending(store.database, vault.id, entry, parts.newId)
  }
}
