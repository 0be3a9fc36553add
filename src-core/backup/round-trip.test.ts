import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BackupWorld, fill, KEY, OTHER_KEY, openBackupWorld } from '../../test/backup-world.ts'
import { mountSmallDisk } from '../../test/small-disk.ts'
import { shadowsOf } from '../../test/vault-world.ts'
import { silentLog } from '../kernel/index.ts'
import { openStore } from '../store/index.ts'
import { openVault } from '../vault/index.ts'
import { openBackup } from './open-backup.ts'
import { proveBackup, restoreBackup } from './restore.ts'

let world: BackupWorld
beforeAll(async () => {
  world = await openBackupWorld()
  await fill(world)
}, 60_000)
afterAll(() => world.close())

const quietly = () => ({ parts: world.parts, onProgress: () => undefined, signal: undefined })
const sizeOf = (name: string) => statSync(join(world.backups, name)).size

/** Reads every byte of a backup. */
async function readAll(name: string): Promise<void> {
  const backup = await openBackup(world.place, name, KEY)
  const { updates, tables, blobs } = backup.manifest
  for (const part of [...[updates, ...Object.values(tables)].map(backup.stream), ...blobs.map(backup.blob)])
    for await (const _ of part);
}

/** What a data folder shows, once it is opened as the app opens it. */
async function contentOf(folder: string) {
  const store = await openStore({ ...world.parts, dataDir: folder, host: 'cli', log: silentLog })
  const vault = await openVault({ ...world.parts, db: store.database })
  try {
    const blobs: string[] = []
    for await (const name of store.blobs.list()) blobs.push(name)
    const spending = await store.database.query('select * from spending order by id')
    return { id: vault.id, shadows: await shadowsOf(store.database, vault.id), blobs, spending }
  } finally {
    await vault.close()
    await store.close()
  }
}

describe('a backup', () => {
  it('comes back whole: documents, tables, recordings, spending, the id of the vault', async () => {
    const backup = await world.backUp()
    const folder = join(world.root, 'restored-1')
    const report = await restoreBackup(backup, folder, quietly())
    expect(report.counts).toMatchObject({ captures: 11, notes: 1, settings: 1 })
    const { id, shadows, blobs, spending } = await contentOf(folder)
    expect(id).toBe(world.vault.id)
    expect(shadows).toEqual(await shadowsOf(world.store.database, world.vault.id))
    expect(blobs).toHaveLength(3)
    expect(spending).toEqual(await world.store.database.query('select * from spending order by id'))
  })

  it('holds what is known of the learner and their cards, and a later one nothing that was forgotten since', async () => {
    const { memories, cards } = world.vault
    const secret = await memories.add({ text: 'I live in Bonn', kind: 'fact', about: 'home' })
    await memories.add({ text: 'I prefer tea', kind: 'preference' })
    await cards.add({ front: 'What is a fifth?', back: 'Seven semitones.' })
    const before = await world.backUp()
    await memories.forget([secret.id])
    const after = await world.backUp(before)
    const stored = async (backup: typeof before, name: string) => {
      const folder = join(world.root, name)
      await restoreBackup(backup, folder, quietly())
      const store = await openStore({ ...world.parts, dataDir: folder, host: 'cli', log: silentLog })
      const rows = await store.database.query<{ update: Uint8Array }>(
        `select "update" from doc_updates where doc in ('memories', 'deck')`,
      )
      const shadows = await shadowsOf(store.database, world.vault.id)
      await store.close()
      const bytes = Buffer.concat(rows.map(({ update }) => update)).toString('latin1')
      return { bytes, texts: (shadows.memories ?? []).map(({ text }) => text).sort(), cards: shadows.cards }
    }
    const earlier = await stored(before, 'restored-before-forgetting')
    expect(earlier.texts).toEqual(['I live in Bonn', 'I prefer tea'])
    expect(earlier.cards).toMatchObject([{ front: 'What is a fifth?' }])
    const later = await stored(after, 'restored-after-forgetting')
    expect(later.texts).toEqual(['I prefer tea'])
    expect(later.bytes).toContain('I prefer tea')
    expect(later.bytes).not.toContain('Bonn')
  })

  it('can be read by nobody without the key', async () => {
    const { name } = await world.backUp()
    const bytes = readFileSync(join(world.backups, name))
    for (const clear of ['what I learned', 'Renamed', 'spending', world.vault.id])
      expect(bytes.includes(clear)).toBe(false)
    await expect(openBackup(world.place, name, OTHER_KEY)).rejects.toMatchObject({ code: 'phrase-wrong' })
  })

  it('holds what is new since the one before, and is whole all the same', async () => {
    const first = await world.backUp()
    expect(sizeOf(first.name)).toBeGreaterThan(9_000_000)
    await world.vault.captures.add({ sessionId: 's9', source: 'text', userText: 'something new' })
    const second = await world.backUp(first)
    expect(sizeOf(second.name)).toBeLessThan(300_000)
    expect(second.manifest.fullAt).toBe(first.manifest.createdAt)
    const third = await world.backUp(second)
    expect(third.manifest.files.map(({ name }) => name)).toContain(first.name)
    const folder = join(world.root, 'restored-2')
    await restoreBackup(third, folder, quietly())
    expect((await contentOf(folder)).shadows).toEqual(await shadowsOf(world.store.database, world.vault.id))
  })

  it('is of one instant, while others go on writing and documents grow', async () => {
    const snapshot = await world.vault.snapshot()
    const before = await shadowsOf(world.store.database, world.vault.id)
    // Enough to compact every journal several times over, were it not for the snapshot.
    for (let n = 0; n < 30; n++)
      await world.vault.captures.add({ sessionId: 'later', source: 'text', userText: `later ${n}` })
    const rows: string[] = []
    for await (const { doc, seq } of snapshot.updates()) rows.push(`${doc} ${seq}`)
    expect(rows).toHaveLength(snapshot.counts.updates)
    expect(snapshot.counts.captures).toBe(before.captures?.length)
    await snapshot.close()
    await world.vault.captures.add({ sessionId: 'later', source: 'text', userText: 'after' })
    const [counted] = await world.store.database.query<{ rows: number }>('select count(*) as rows from doc_updates')
    await world.vault.captures.add({ sessionId: 'later', source: 'text', userText: 'and compacted' })
    const [compacted] = await world.store.database.query<{ rows: number }>('select count(*) as rows from doc_updates')
    expect(compacted?.rows).toBeLessThanOrEqual((counted?.rows ?? 0) + 1)
  })

  it('is proven in a scratch folder that leaves nothing', async () => {
    const scratch = join(world.root, 'scratch')
    const report = await proveBackup(await world.backUp(), scratch, quietly())
    expect(report).toMatchObject({ blobs: 3, missingBlobs: 0 })
    expect(existsSync(scratch)).toBe(false)
  })

  it('says which recordings are missing, and takes them from the backup before when it can', async () => {
    const first = await world.backUp()
    const [gone] = first.manifest.blobs
    const content = await world.store.blobs.get(gone?.[0] ?? '')
    await world.store.blobs.delete(gone?.[0] ?? '')
    const alone = await world.backUp()
    expect(alone.manifest.missingBlobs).toEqual([gone?.[0]])
    const second = await world.backUp(first)
    expect(second.manifest.missingBlobs).toEqual([])
    expect(second.manifest.blobs).toEqual(expect.arrayContaining([[gone?.[0], gone?.[1], expect.anything()]]))
    await proveBackup(second, join(world.root, 'scratch'), quietly())
    await world.store.blobs.put(content)
  })
})

describe('a backup that is not right', () => {
  it('is refused whichever byte is changed', async () => {
    const { name } = await world.backUp()
    const path = join(world.backups, name)
    const good = readFileSync(path)
    const places = [0, 9, 13, 40, 61, 66, good.length - 1, good.length - 10, good.length - 20]
    for (let n = 0; n < 40; n++) places.push(Math.floor(world.random.fraction() * good.length))
    for (const at of places) {
      const bad = Buffer.from(good)
      bad[at] = (bad[at] as number) ^ 0x10
      writeFileSync(path, bad)
      const reading = readAll(name)
      await expect(reading, `byte ${at}`).rejects.toMatchObject({
        code: expect.stringMatching(/^(backup-(unreadable|damaged|newer)|phrase-wrong)$/),
      })
    }
  }, 60_000)

  it('is refused when it was cut anywhere', async () => {
    const { name, bytes } = await world.backUp()
    for (const length of [bytes - 1, bytes - 100, 1_000_000, 70, 60, 30, 0]) {
      truncateSync(join(world.backups, name), length)
      await expect(openBackup(world.place, name, KEY), `${length} bytes`).rejects.toMatchObject({
        code: expect.stringMatching(/^backup-(unreadable|damaged)$/),
      })
    }
  })

  it('of a newer format is refused before anything of it is read', async () => {
    const { name } = await world.backUp()
    const bytes = readFileSync(join(world.backups, name))
    bytes.writeUInt16BE(2, 8)
    writeFileSync(join(world.backups, name), bytes)
    await expect(openBackup(world.place, name, KEY)).rejects.toMatchObject({
      code: 'backup-newer',
      advice: expect.stringContaining('newest version'),
    })
  })

  it('is refused under another name, and when it is no backup', async () => {
    const { name } = await world.backUp()
    const other = 'lva-20270101-000000.lvabackup'
    writeFileSync(join(world.backups, other), readFileSync(join(world.backups, name)))
    await expect(openBackup(world.place, other, KEY)).rejects.toMatchObject({ code: 'backup-damaged' })
    writeFileSync(join(world.backups, other), 'a letter to my aunt. '.repeat(100))
    await expect(openBackup(world.place, other, KEY)).rejects.toMatchObject({ code: 'backup-unreadable' })
    await expect(openBackup(world.place, 'lva-20280101-000000.lvabackup', KEY)).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('names the file that it needs and that is not there, or is another', async () => {
    const first = await world.backUp()
    const second = await world.backUp(first)
    writeFileSync(join(world.backups, first.name), readFileSync(join(world.backups, first.name)).subarray(1))
    await expect(openBackup(world.place, second.name, KEY)).rejects.toMatchObject({ code: 'backup-damaged' })
    rmSync(join(world.backups, first.name))
    await expect(openBackup(world.place, second.name, KEY)).rejects.toMatchObject({
      code: 'backup-incomplete',
      params: { missing: first.name },
    })
  })

  it('restores nothing, and a folder that holds something is left alone', async () => {
    const backup = await world.backUp()
    const path = join(world.backups, backup.name)
    const bytes = readFileSync(path)
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] as number) ^ 1
    writeFileSync(path, bytes)
    const folder = join(world.root, 'restored-3')
    await expect(
      restoreBackup(await openBackup(world.place, backup.name, KEY), folder, quietly()),
    ).rejects.toMatchObject({
      code: 'backup-damaged',
    })
    expect(existsSync(folder)).toBe(false)
    writeFileSync(join(world.root, 'mine'), 'mine')
    await expect(restoreBackup(backup, world.root, quietly())).rejects.toMatchObject({ code: 'folder-not-empty' })
    expect(readdirSync(world.root)).toContain('mine')
  })

  it('is stopped when asked, with nothing left', async () => {
    const backup = await world.backUp()
    const stop = new AbortController()
    const folder = join(world.root, 'restored-4')
    const restoring = restoreBackup(backup, folder, {
      parts: world.parts,
      onProgress: () => stop.abort(),
      signal: stop.signal,
    })
    await expect(restoring).rejects.toMatchObject({ name: 'AbortError' })
    expect(existsSync(folder)).toBe(false)
  })
})

describe('a restore onto a full disk', () => {
  // A new database takes 27 MB: only the last has room for it, and not for the recordings.
  for (const megabytes of [4, 20, 30]) {
    it(`of ${megabytes} MB ends with a sentence, and nothing half made`, async ({ skip }) => {
      const disk = mountSmallDisk(megabytes)
      if (!disk) return skip('may not mount a disk')
      try {
        const folder = join(disk.folder, 'restored')
        const restoring = restoreBackup(await world.backUp(), folder, quietly())
        await expect(restoring).rejects.toMatchObject({ code: 'disk-full' })
        expect(existsSync(folder)).toBe(false)
      } finally {
        disk.unmount()
      }
    })
  }
})
