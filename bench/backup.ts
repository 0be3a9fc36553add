import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { Backups, folderPlace, openBackup, restoreBackup } from '../src-core/backup/index.ts'
import { configSchema, idMaker, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { keyFromPhrase, newPhrase } from '../src-core/keys/index.ts'
import { openStore } from '../src-core/store/index.ts'
import { openVault } from '../src-core/vault/index.ts'
import { TEMPLATE_CACHE } from '../test/vault-world.ts'
import { bench, rounded } from './harness.ts'
import { peakOf } from './peak-memory.ts'
import { sentences } from './sentences.ts'

const CAPTURES = 5_000
const RECORDINGS = 20
const RECORDING_BYTES = 2_000_000
const ADDED = 100
const MB = 1_000_000
const CONFIG = configSchema.parse({})
const quiet = () => undefined

/** `tar` of the system into zstd of node:zlib, at its usual level. @returns bytes */
async function tarAndZstd(folder: string, file: string): Promise<number> {
  const tar = spawn('tar', ['-cf', '-', '-C', folder, '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
  await pipeline(tar.stdout, createZstdCompress(), createWriteStream(file))
  return statSync(file).size
}

await bench({
  name: 'backup',
  about:
    'Time, size and peak memory of a proven backup against `tar | zstd` of the same data folder, of the next one after 100 captures, and of a restore.',
  options: {
    captures: `captures in the vault (default ${CAPTURES})`,
    recordings: `recordings of ${RECORDING_BYTES / MB} MB that cannot be packed (default ${RECORDINGS})`,
  },
  async run({ options }) {
    const captures = Number(options.captures ?? CAPTURES)
    const recordings = Number(options.recordings ?? RECORDINGS)
    const root = mkdtempSync(join(tmpdir(), 'lva-bench-backup-'))
    const random = seededRandom(6)
    const newId = idMaker(systemClock, random)
    const parts = { clock: systemClock, newId, log: silentLog, limits: CONFIG.limits }
    const restoring = { ...parts, cacheDir: TEMPLATE_CACHE, statementTimeoutMs: 120_000 }
    const store = await openStore({ ...restoring, dataDir: join(root, 'data'), host: 'cli' })
    const vault = await openVault({ ...parts, db: store.database })
    const phrase = newPhrase(random)
    const secrets = new Map<string, string>()
    const backups = new Backups({
      ...restoring,
      store,
      vault,
      random,
      secrets: {
        get: async (name) => secrets.get(name),
        set: async (name, value) => void secrets.set(name, value),
        remove: async (name) => void secrets.delete(name),
        storage: async () => 'session',
      },
      config: CONFIG.backup,
      usualFolder: join(root, 'backups'),
      appVersion: 'bench',
      openS3: () => {
        throw new Error('the bench has no storage')
      },
      restart: quiet,
    })
    try {
      const waiting = sentences(captures + ADDED)
      const say = async (count: number) => {
        for (const userText of waiting.splice(0, count))
          await vault.captures.add({ sessionId: `s${waiting.length % 50}`, source: 'text', userText })
      }
      await say(captures)
      for (let n = 0; n < recordings; n += 1) await store.blobs.put(random.bytes(RECORDING_BYTES))
      await backups.unlock(phrase)

      const peer = await peakOf(() => tarAndZstd(store.folder.root, join(root, 'peer.tar.zst')))
      let writtenAt = 0
      const begun = performance.now()
      const full = await peakOf(() =>
        backups.backUp(({ phase }) => {
          if (phase === 'writing') writtenAt = performance.now()
        }),
      )
      const writeSeconds = (writtenAt - begun) / 1_000
      await say(ADDED)
      const next = await peakOf(() => backups.backUp(quiet))
      const [made] = next.result
      const place = folderPlace(join(root, 'backups'))
      const restored = await peakOf(async () => {
        const backup = await openBackup(place, made?.name ?? '', keyFromPhrase(phrase, 'backup'))
        return restoreBackup(backup, join(root, 'restored'), { parts: restoring, onProgress: quiet, signal: undefined })
      })
      if (restored.result.counts.captures !== captures + ADDED) throw new Error('the restore is not whole')

      const fullBytes = full.result[0]?.bytes ?? 0
      const figures = {
        fullMb: rounded(fullBytes / MB, 2),
        tarMb: rounded(peer.result / MB, 2),
        sizeRatio: rounded(fullBytes / peer.result, 3),
        fullSeconds: rounded(full.seconds, 2),
        writeSeconds: rounded(writeSeconds, 2),
        tarSeconds: rounded(peer.seconds, 2),
        nextKb: rounded((made?.bytes ?? 0) / 1_000, 0),
        nextSeconds: rounded(next.seconds, 2),
        nextRatio: rounded((made?.bytes ?? 0) / fullBytes, 4),
        restoreSeconds: rounded(restored.seconds, 2),
        fullPeakMb: rounded(full.peakMb, 0),
        restorePeakMb: rounded(restored.peakMb, 0),
      }
      const row = (what: string, bytes: number | string, seconds: number, peakMb: number) => ({
        what,
        MB: typeof bytes === 'number' ? rounded(bytes / MB, 2) : bytes,
        seconds: rounded(seconds, 2),
        'peak MB': rounded(peakMb, 0),
      })
      return {
        figures,
        table: [
          row('tar | zstd of the folder', peer.result, peer.seconds, peer.peakMb),
          row('full backup, written', fullBytes, writeSeconds, full.peakMb),
          row('full backup, written and proven', fullBytes, full.seconds, full.peakMb),
          row(`next one, after ${ADDED} captures`, made?.bytes ?? 0, next.seconds, next.peakMb),
          row('restore', '', restored.seconds, restored.peakMb),
        ],
        targets: [
          { figure: 'sizeRatio', atMost: 1 },
          { figure: 'nextRatio', atMost: 0.05 },
        ],
      }
    } finally {
      await backups.close()
      await vault.close()
      await store.close()
      rmSync(root, { recursive: true, force: true })
    }
  },
})
