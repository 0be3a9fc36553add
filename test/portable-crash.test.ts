import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { idMaker, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { createPortable } from '../src-core/portable/index.ts'
import { openStore } from '../src-core/store/index.ts'
import { openVault } from '../src-core/vault/index.ts'
import { type Files, makeFolder, readWhole } from './portable-sources.ts'
import { contentOf } from './portable-world.ts'
import { mountSmallDisk } from './small-disk.ts'
import { TEMPLATE_CACHE } from './vault-world.ts'

/** Imports and exports that are killed anywhere, or find the disk full: the vault is as before, or whole after another go. */

const KILLS = 9
const WORKER = join(import.meta.dirname, 'portable-crash-worker.ts')
const AT = '2026-01-02T03:04:05.000Z'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-portable-crash-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An export with captures, notes with attachments, and documents. @param attachmentBytes of each of 40 notes */
function makeExport(name: string, attachmentBytes: number): string {
  const files: Files = {}
  const attach = (seed: string, bytes: number, ending: string) => {
    // Bytes that no archive makes smaller.
    const content = createHash('shake256', { outputLength: bytes }).update(seed).digest()
    const sha256 = createHash('sha256').update(content).digest('hex')
    files[`attachments/${sha256}.${ending}`] = content
    return sha256
  }
  const header = { type: 'header', format: 'learning-voice-agent', version: 1, exportedAt: AT, filter: {} }
  const lines: object[] = [header]
  for (let session = 0; session < 20; session += 1) {
    lines.push({ type: 'session', id: `s${session}`, title: `Session ${session}`, createdAt: AT })
    for (let turn = 0; turn < 30; turn += 1) {
      lines.push({
        ...{ type: 'capture', id: `c${session}-${turn}`, sessionId: `s${session}`, createdAt: AT, editedAt: null },
        ...{ source: 'text', userText: `said ${session} ${turn}`, answer: null, audioSha256: null, metadata: {} },
      })
    }
  }
  for (let note = 0; note < 40; note += 1) {
    const sha256 = attach(`note ${note}`, attachmentBytes, 'png')
    const metadata = { attachments: [{ name: 'a.png', sha256 }] }
    lines.push({
      type: 'note',
      id: `n${note}`,
      title: `Note ${note}`,
      body: 'text',
      createdAt: AT,
      updatedAt: AT,
      metadata,
    })
  }
  for (let document = 0; document < 20; document += 1) {
    lines.push({
      ...{ type: 'document', id: `d${document}`, title: `Document ${document}`, format: 'text', size: 1_000 },
      sha256: attach(`document ${document}`, 1_000, 'txt'),
      origins: [{ kind: 'file', name: 'a.txt', address: null, at: AT }],
      ...{ tags: ['t'], collections: [{ id: 'k', name: 'Physics', createdAt: AT }], createdAt: AT, updatedAt: AT },
    })
  }
  lines.push({ type: 'end', sessions: 20, captures: 600, notes: 40, documents: 20 })
  files['learning-voice-agent.jsonl'] = lines.map((line) => JSON.stringify(line)).join('\n')
  return makeFolder(join(folder, name), files)
}

/** Runs the worker; kills it with -9 so many milliseconds after it began, or lets it end. @returns its last line */
function run(
  data: string,
  source: string,
  what: 'loop' | 'finish',
  seed: number,
  killAfterMs?: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const words = [WORKER, join(folder, data), source, join(folder, 'exports'), what, String(seed)]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let errors = ''
    child.stderr.on('data', (text) => {
      errors += text
    })
    child.stdout.on('data', (text) => {
      const began = out === ''
      out += text
      if (began && killAfterMs !== undefined) systemClock.sleep(killAfterMs).then(() => child.kill('SIGKILL'), reject)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0 || (signal === 'SIGKILL' && killAfterMs !== undefined))
        resolve(out.trim().split('\n').at(-1) ?? '')
      else reject(new Error(`the worker ended with ${code ?? signal}: ${errors}`))
    })
  })
}

it(`is the same vault after ${KILLS} kills while importing, exporting and taking back, and no export is half`, async () => {
  const source = makeExport('source', 2_000)
  mkdirSync(join(folder, 'exports'))
  const random = seededRandom(16)
  for (let kill = 0; kill < KILLS; kill += 1) await run('killed', source, 'loop', kill, random.fraction() * 2_500)
  const killed = JSON.parse(await run('killed', source, 'finish', KILLS))
  const clean = JSON.parse(await run('clean', source, 'finish', KILLS + 1))
  expect(killed.captures).toHaveLength(600)
  expect(killed).toEqual(clean)
  expect(killed).toMatchObject({ agrees: true, missing: [], unfinished: [] })
  const made = readdirSync(join(folder, 'exports')).filter((name) => !name.endsWith('.partial'))
  for (const name of made) {
    const { captures, notes, problems } = await readWhole(join(folder, 'exports', name))
    expect([name, captures.length, notes.length, problems]).toEqual([name, 600, 40, []])
  }
}, 180_000)

it('on a disk that becomes full says so, and is whole once there is room', async ({ skip }) => {
  const disk = mountSmallDisk(57)
  if (!disk) return skip()
  try {
    const source = makeExport('large', 2 ** 20)
    const dataDir = join(disk.folder, 'vault')
    const store = await openStore({
      ...{ dataDir, cacheDir: TEMPLATE_CACHE, host: 'cli', clock: systemClock, log: silentLog },
      statementTimeoutMs: 60_000,
    })
    const newId = idMaker(systemClock, seededRandom(1))
    const vault = await openVault({
      ...{ db: store.database, clock: systemClock, newId, log: silentLog, limits: { textLength: 100_000 } },
    })
    const portable = await createPortable({
      ...{ vault, blobs: store.blobs, folder: dataDir, longestText: 100_000, clock: systemClock, newId },
    })
    const quiet = () => undefined
    const { signal } = new AbortController()
    const importing = () => portable.import({ path: source }, undefined, quiet, signal)
    await expect(importing()).rejects.toMatchObject({ code: 'disk-full' })
    expect(readdirSync(join(dataDir, 'blobs', 'partial'))).toEqual([])
    const part = await contentOf({ vault })
    // What the last transaction would have brought is not there.
    expect(part.captures.length).toBeGreaterThan(300)
    for (const { metadata } of part.notes) {
      const [attached] = (metadata?.attachments ?? []) as { sha256: string }[]
      expect(await store.blobs.has(attached?.sha256 ?? '')).toBe(true)
    }
    spawnSync('mount', ['-o', 'remount,size=400m', disk.folder])
    const { id, counts, problems } = await importing()
    expect([counts.captures, problems]).toEqual([600 - part.captures.length, []])
    const whole = await contentOf({ vault })
    expect([whole.captures.length, whole.notes.length, whole.documents.length]).toEqual([600, 40, 20])
    expect((await portable.imports()).map((each) => each.id)).toEqual([id])

    const small = mountSmallDisk(5)
    try {
      for (const packing of ['folder', 'zip'] as const) {
        const target = join(small?.folder ?? '', `full-${packing}`)
        await expect(
          portable.exportTo({ format: 'markdown', packing, filter: {}, target }, quiet, signal),
        ).rejects.toMatchObject({ code: 'disk-full' })
      }
      expect(readdirSync(small?.folder ?? '')).toEqual([])
    } finally {
      small?.unmount()
    }
    await portable.close()
    await vault.close()
    await store.close()
  } finally {
    disk.unmount()
  }
}, 120_000)
