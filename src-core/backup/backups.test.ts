import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BackupService, openBackupService, STORAGE } from '../../test/backup-service.ts'
import { type BackupWorld, openBackupWorld, PHRASE } from '../../test/backup-world.ts'
import { S3_KEY, startScriptedS3 } from '../../test/scripted-s3/server.ts'
import { fillDisk, mountSmallDisk } from '../../test/small-disk.ts'
import { type Log, LvaError, seededRandom, systemClock } from '../kernel/index.ts'
import { newPhrase } from '../keys/index.ts'
import { s3Place } from './places/s3.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const quiet = () => undefined
const refused = () => new LvaError('backup-place-failed', 'The storage for backups refused: it answered 403.')

// One vault for all, which opens slowly; a folder for backups and a state of one's own for each.
let world: BackupWorld
let service: BackupService
let folder: string
let tests = 0
/** Captures when a test begins. */
let said: number
beforeAll(async () => {
  world = await openBackupWorld()
}, 60_000)
afterAll(() => world.close())
beforeEach(async () => {
  tests += 1
  folder = join(world.root, `backups ${tests}`)
  for (const name of ['backup.json', 'restored', 'swap.json'])
    rmSync(join(world.store.folder.root, name), { recursive: true, force: true })
  rmSync(join(world.root, 'storage'), { recursive: true, force: true })
  service = openBackupService(world, { usualFolder: folder })
  await say('something that I learned')
  said = (await service.backups.present()).captures
})
afterEach(() => service.backups.close())

const say = (userText: string) => world.vault.captures.add({ sessionId: 's1', source: 'text', userText })
const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : [])
const made = () => filesIn(folder).length
const unlock = () => service.backups.unlock(PHRASE)
const problem = async () => (await service.backups.status()).problem

/** Lets time pass at once, as for a machine that slept, and waits until the schedule has done what it does and sleeps again. */
async function pass(ms: number): Promise<void> {
  world.clock.advance(ms)
  for (let calm = 0; calm < 3; ) {
    await systemClock.sleep(5)
    const { running } = await service.backups.status()
    calm = running === null && world.clock.sleeping > 0 ? calm + 1 : 0
  }
}

describe('the schedule', () => {
  it('makes a backup soon after the start and then every day; after days of sleep, one', async () => {
    await unlock()
    service.backups.startSchedule()
    await pass(MINUTE)
    expect(made()).toBe(0)
    await pass(MINUTE)
    expect(made()).toBe(1)
    await pass(23 * HOUR)
    expect(made()).toBe(1)
    await pass(HOUR)
    expect(made()).toBe(2)
    await pass(5 * DAY)
    await pass(10 * MINUTE)
    expect(made()).toBe(3)
  })

  it('makes none without a phrase, nor when it is switched off', async () => {
    service.backups.startSchedule()
    await pass(DAY)
    await unlock()
    await service.backups.configure({ automatic: false })
    await pass(3 * DAY)
    expect(made()).toBe(0)
    expect(await problem()).toBeNull()
  })

  it('tries a place that failed again after an hour, alone, and shows the failure until then', async () => {
    await unlock()
    await service.backups.configure({ s3: { ...STORAGE, secretAccessKey: 'secret' } })
    service.trouble.storage = refused()
    service.backups.startSchedule()
    await pass(2 * MINUTE)
    expect([made(), filesIn(service.storageFolder).length]).toEqual([1, 0])
    const failing = await service.backups.status()
    expect(failing).toMatchObject({
      problem: 'failing',
      places: [{ failure: null }, { failure: { code: 'backup-place-failed' } }],
    })
    service.trouble.storage = undefined
    await pass(50 * MINUTE)
    expect(filesIn(service.storageFolder)).toHaveLength(0)
    expect((await service.backups.status()).places[1]?.failingSince).toBe(failing.places[1]?.failingSince)
    await pass(20 * MINUTE)
    expect([made(), filesIn(service.storageFolder).length]).toEqual([1, 1])
    expect(await problem()).toBeNull()
  })

  it('goes on when the clock was wrong by years for a while', async () => {
    await unlock()
    world.clock.advance(3_000 * DAY)
    await service.backups.backUp(quiet)
    world.clock.advance(-3_000 * DAY)
    service.backups.startSchedule()
    await pass(2 * MINUTE)
    expect(made()).toBe(2)
  })
})

describe('the state that is shown', () => {
  it('is stale after two days without a good backup, until there is one', async () => {
    await unlock()
    world.clock.advance(DAY)
    expect(await problem()).toBeNull()
    world.clock.advance(DAY + MINUTE)
    expect(await problem()).toBe('stale')
    await service.backups.backUp(quiet)
    expect(await problem()).toBeNull()
    world.clock.advance(2 * DAY + MINUTE)
    expect((await service.backups.status()).places[0]).toMatchObject({ stale: true })
  })

  it('is failing while the disk is taken out; nothing is made elsewhere, and it is well when the disk is back', async () => {
    await unlock()
    await service.backups.backUp(quiet)
    renameSync(folder, `${folder} elsewhere`)
    await expect(service.backups.backUp(quiet)).rejects.toMatchObject({ code: 'backup-place-gone' })
    expect(existsSync(folder)).toBe(false)
    expect(await service.backups.list()).toEqual([])
    world.clock.advance(HOUR)
    expect(await problem()).toBe('failing')
    renameSync(`${folder} elsewhere`, folder)
    const [entry] = await service.backups.backUp(quiet)
    expect(entry?.content?.full).toBe(false)
    expect(await problem()).toBeNull()
  })

  it('waits for the phrase where the machine keeps no keys', async () => {
    await unlock()
    service.secrets.clear()
    expect(await problem()).toBe('key-unknown')
    await expect(service.backups.backUp(quiet)).rejects.toMatchObject({ code: 'backup-key-unknown' })
    await expect(service.backups.unlock(newPhrase(seededRandom(99)))).rejects.toMatchObject({ code: 'phrase-wrong' })
    await unlock()
    expect(await problem()).toBeNull()
  })

  it('is not told twice of the same failure, although every list meets it', async () => {
    await unlock()
    await service.backups.configure({ s3: { ...STORAGE, secretAccessKey: 'secret' } })
    service.trouble.storage = refused()
    let told = 0
    service.backups.onChange(() => {
      told += 1
    })
    for (let n = 0; n < 3; n += 1) await service.backups.list()
    expect(told).toBe(1)
  })
})

describe('a backup', () => {
  it('after 100 changes holds little more than these', async () => {
    for (let n = 0; n < 20; n += 1) await say(`${n}: ${world.random.bytes(2_000).toString()}`)
    await world.store.blobs.put(world.random.bytes(2_000_000))
    await unlock()
    const [full] = await service.backups.backUp(quiet)
    for (let n = 0; n < 100; n += 1) await say(`what I learned, number ${n}`)
    world.clock.advance(MINUTE)
    const [next] = await service.backups.backUp(quiet)
    expect(full?.content).toMatchObject({ captures: said + 20, full: true })
    expect(next?.content).toMatchObject({ captures: said + 120, full: false })
    expect(next?.bytes).toBeLessThan((full?.bytes ?? 0) / 10)
  })

  it('stops nobody from writing, and is of one instant all the same', async () => {
    for (let n = 0; n < 30; n += 1) await say(`before ${n}`)
    await unlock()
    let isOver = false
    const writing = (async () => {
      let written = 0
      for (; !isOver; written += 1) await say(`meanwhile ${written}`)
      return written
    })()
    const [entry] = await service.backups.backUp(quiet)
    isOver = true
    expect(await writing).toBeGreaterThan(5)
    expect(entry?.standing).toBe('good')
    expect(entry?.content?.captures).toBeGreaterThanOrEqual(said + 30)
  })

  it('that is cancelled leaves nothing, is no failure, and the next one works', async () => {
    await unlock()
    const stop = new AbortController()
    await expect(service.backups.backUp(() => stop.abort(), stop.signal)).rejects.toThrow()
    expect(filesIn(folder)).toEqual([])
    expect(filesIn(join(world.store.folder.root, 'scratch'))).toEqual([])
    expect(await service.backups.status()).toMatchObject({ running: null, problem: null })
    expect(await service.backups.backUp(quiet)).toHaveLength(1)
  })

  it('is made one at a time, beside no check and no restore', async () => {
    await unlock()
    const first = service.backups.backUp(quiet)
    await expect(service.backups.backUp(quiet)).rejects.toMatchObject({ code: 'backup-running' })
    const [entry] = await first
    const check = service.backups.verify(folder, entry?.name ?? '', quiet)
    await expect(service.backups.restore(folder, entry?.name ?? '', quiet)).rejects.toMatchObject({
      code: 'backup-running',
    })
    expect(await check).toMatchObject({ standing: 'good' })
  })

  it('goes whole into a folder that is chosen later, and leaves the earlier folder alone', async () => {
    await unlock()
    await service.backups.backUp(quiet)
    const other = join(world.root, 'other disk')
    await service.backups.configure({ folder: other })
    const [entry] = await service.backups.backUp(quiet)
    expect(entry).toMatchObject({ place: other, content: { full: true } })
    expect([made(), filesIn(other).length]).toEqual([1, 1])
    for (const wrong of ['relative', world.store.folder.root, join(world.store.folder.root, 'inside')])
      await expect(service.backups.configure({ folder: wrong })).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('that was changed after it was proven is no longer called good, and nothing is built on it', async () => {
    await unlock()
    const [entry] = await service.backups.backUp(quiet)
    const path = join(folder, entry?.name ?? '')
    const bytes = readFileSync(path)
    bytes[200] = (bytes[200] ?? 0) ^ 1
    writeFileSync(path, bytes)
    await expect(service.backups.verify(folder, entry?.name ?? '', quiet)).rejects.toMatchObject({
      code: 'backup-damaged',
    })
    expect((await service.backups.list()).map(({ standing }) => standing)).toEqual(['failed'])
    world.clock.advance(MINUTE)
    expect((await service.backups.backUp(quiet))[0]?.content?.full).toBe(true)
    writeFileSync(path, bytes.subarray(0, 150))
    writeFileSync(join(folder, 'mine.lvabackup'), 'not a backup')
    expect((await service.backups.list()).map(({ standing }) => standing).sort()).toEqual(['failed', 'foreign', 'good'])
  })
})

describe('storage', () => {
  it('gets backups over HTTP, and its secret is in no file, status, log or error', async () => {
    const server = await startScriptedS3()
    const secret = S3_KEY.secretAccessKey
    const lines: string[] = []
    const note = (...said: unknown[]) => void lines.push(inspect(said, { depth: 10 }))
    const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log }
    const { accessKeyId, region } = S3_KEY
    const address = { endpoint: server.url, bucket: 'vault', prefix: 'lva', accessKeyId, region }
    service = openBackupService(world, {
      usualFolder: folder,
      log,
      openS3: (given, secretAccessKey) =>
        s3Place({ ...given, secretAccessKey, clock: systemClock, random: world.random }),
    })
    try {
      await unlock()
      const wrong = service.backups.configure({ s3: { ...address, secretAccessKey: `${secret}!` } })
      const error: unknown = await wrong.catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'backup-place-failed' })
      expect((await service.backups.status()).s3).toBeNull()
      await service.backups.configure({ s3: { ...address, secretAccessKey: secret } })
      const entries = await service.backups.backUp(quiet)
      expect(entries.map(({ place, standing }) => [place, standing])).toEqual([
        [folder, 'good'],
        ['s3://vault/lva', 'good'],
      ])
      expect([...server.objects.keys()]).toEqual([`lva/${entries[1]?.name}`])
      const copy = await service.backups.restore('s3://vault/lva', entries[1]?.name ?? '', quiet)
      expect((await service.backups.status()).copies).toMatchObject([{ id: copy, content: { captures: said } }])
      expect(await service.backups.removeAll()).toEqual([])
      expect(server.objects.size).toBe(0)
      const state = readFileSync(join(world.store.folder.root, 'backup.json'), 'utf8')
      const status = JSON.stringify(await service.backups.status())
      for (const text of [state, status, lines.join(''), JSON.stringify(error), String((error as Error).stack)])
        expect(text).not.toContain(secret)
      expect(service.secrets.get('s3Secret')).toBe(secret)
    } finally {
      await service.backups.close()
      await server.close()
    }
  })
})

describe('a restore', () => {
  it('goes beside, is compared, and is exchanged at the next start; a copy can be thrown away', async () => {
    await unlock()
    const [entry] = await service.backups.backUp(quiet)
    await say('and a second thing')
    const copy = await service.backups.restore(folder, entry?.name ?? '', quiet)
    const again = await service.backups.restore(folder, entry?.name ?? '', quiet)
    expect(again).toBe(`${copy}-2`)
    expect((await service.backups.status()).copies).toMatchObject([
      { id: copy, kind: 'restored', content: { captures: said } },
      { id: again },
    ])
    expect(await service.backups.present()).toMatchObject({ captures: said + 1 })
    await service.backups.discard(again)
    await expect(service.backups.discard(again)).rejects.toMatchObject({ code: 'not-found' })
    await expect(service.backups.swapIn('restored/../..')).rejects.toMatchObject({ code: 'not-found' })
    expect(service.restarts()).toBe(0)
    await service.backups.swapIn(copy)
    expect(service.restarts()).toBe(1)
    expect(existsSync(join(world.store.folder.root, 'swap.json'))).toBe(true)
  })

  it('that a crash cut off is tidied away at the next start', async () => {
    await unlock()
    const [entry] = await service.backups.backUp(quiet)
    const copy = await service.backups.restore(folder, entry?.name ?? '', quiet)
    const { root } = world.store.folder
    renameSync(join(root, copy, 'about.json'), join(root, copy, 'elsewhere'))
    await service.backups.tidy()
    expect(filesIn(join(root, 'restored'))).toEqual([])
  })
})

it('on a full disk ends with a sentence, nothing half made, and the failure shown until there is room', async ({
  skip,
}) => {
  const disk = mountSmallDisk(8)
  if (!disk) return skip('may not mount a disk')
  try {
    const small = join(disk.folder, 'backups')
    await world.store.blobs.put(world.random.bytes(3_000_000))
    await unlock()
    await service.backups.configure({ folder: small })
    fillDisk(disk.folder)
    await expect(service.backups.backUp(quiet)).rejects.toMatchObject({ code: 'disk-full' })
    expect(filesIn(small)).toEqual([])
    expect(await problem()).toBe('failing')
    rmSync(join(disk.folder, 'filler'))
    expect(await service.backups.backUp(quiet)).toHaveLength(1)
    expect(filesIn(small)).toHaveLength(1)
    expect(await problem()).toBeNull()
  } finally {
    disk.unmount()
  }
})
