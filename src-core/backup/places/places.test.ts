import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { S3_KEY, type ScriptedS3, type ScriptedS3Options, startScriptedS3 } from '../../../test/scripted-s3/server.ts'
import { backupPlaceSuite } from '../../../test/suites/backup-place-suite.ts'
import { type Clock, seededRandom, systemClock } from '../../kernel/index.ts'
import { folderPlace } from './folder.ts'
import { s3Place } from './s3.ts'
import type { BackupPlace } from './types.ts'

const NAME = 'lva-20261103-091500.lvabackup'
const PART = 1_000

backupPlaceSuite('a folder', async () => {
  const root = mkdtempSync(join(tmpdir(), 'lva-place-'))
  const folder = join(root, 'made by the first backup')
  return {
    place: folderPlace(folder),
    putStranger: async (name) => writeFileSync(join(folder, name), 'mine'),
    everything: async () => readdirSync(folder),
    close: async () => rmSync(root, { recursive: true }),
  }
})

for (const ignoresRanges of [false, true])
  backupPlaceSuite(`S3-compatible storage${ignoresRanges ? ' that knows no ranges' : ''}`, async () => {
    const server = await startScriptedS3({ pageSize: 2, ignoresRanges })
    return {
      place: placeOf(server, { prefix: 'ada & co/böck' }),
      putStranger: async (name) => void server.objects.set(`ada & co/böck/${name}`, Buffer.from('mine')),
      everything: async () => [...server.objects.keys(), ...server.uploads.keys()],
      close: server.close,
    }
  })

function placeOf(
  server: ScriptedS3,
  more: { prefix?: string; secretAccessKey?: string; clock?: Clock } = {},
): BackupPlace {
  return s3Place({
    endpoint: server.url,
    bucket: 'vault',
    prefix: '',
    clock: { ...systemClock, sleep: async () => undefined },
    random: seededRandom(1),
    partBytes: PART,
    ...S3_KEY,
    ...more,
  })
}

async function* piece(length: number): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(length).fill(7)
}

describe('a folder that is known to hold backups', () => {
  it('is missed when it is gone, and not made anew: its disk was taken out', async () => {
    const root = mkdtempSync(join(tmpdir(), 'lva-place-'))
    const folder = join(root, 'stick')
    const place = folderPlace(folder, { mustExist: true })
    const code = 'backup-place-gone'
    await expect(place.list()).rejects.toMatchObject({ code })
    await expect(place.write(NAME, piece(5))).rejects.toMatchObject({ code })
    expect(readdirSync(root)).toEqual([])
    rmSync(root, { recursive: true })
  })
})

describe('a folder', () => {
  it('loses what a crash left of a file when that file is deleted', async () => {
    const root = mkdtempSync(join(tmpdir(), 'lva-place-'))
    writeFileSync(join(root, `${NAME}.partial`), 'half')
    await folderPlace(root).delete(NAME)
    expect(readdirSync(root)).toEqual([])
    rmSync(root, { recursive: true })
  })
})

describe('S3-compatible storage', () => {
  let server: ScriptedS3
  const start = async (options?: ScriptedS3Options) => {
    server = await startScriptedS3(options)
    return server
  }
  afterEach(() => server.close())

  it('is asked for all pages of a list, and sees only its own folder', async () => {
    await start({ pageSize: 3 })
    const place = placeOf(server, { prefix: '/backups/' })
    const names = Array.from({ length: 10 }, (_, day) => `lva-202611${10 + day}-091500.lvabackup`)
    for (const name of names) server.objects.set(`backups/${name}`, Buffer.from('x'))
    server.objects.set(`backups/deeper/${NAME}`, Buffer.from('x'))
    server.objects.set(`backups-of-another/${NAME}`, Buffer.from('x'))
    server.objects.set(NAME, Buffer.from('x'))
    expect((await place.list()).map(({ name }) => name)).toEqual(names)
    expect(server.requests).toHaveLength(4)
  })

  it('gets large files in parts and small ones at once', async () => {
    await start()
    await placeOf(server).write(NAME, piece(PART))
    expect(server.requests.map(({ method }) => method)).toEqual(['PUT'])
    server.requests.length = 0
    await placeOf(server).write(NAME, piece(3 * PART + 1))
    expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'PUT', 'PUT', 'PUT', 'PUT', 'POST'])
    expect(server.objects.get(NAME)).toHaveLength(3 * PART + 1)
  })

  it.each([
    { status: 500, code: 'InternalError' },
    { status: 503, code: 'SlowDown' },
    { status: 429, code: 'TooManyRequests' },
    { status: 409, code: 'OperationAborted' },
    { status: 400, code: 'RequestTimeout' },
    { cut: 'before' as const },
    { cut: 'during' as const },
    { cut: 'after' as const },
  ])('is tried again after %o, with pauses that grow and differ', async (trouble) => {
    await start()
    const pauses: number[] = []
    const clock = { ...systemClock, sleep: async (ms: number) => void pauses.push(ms) }
    const place = placeOf(server, { clock })
    const methods = ['POST', 'PUT', 'GET', 'DELETE']
    for (const method of methods) server.script(new RegExp(`^${method} `), trouble, trouble)
    await place.write(NAME, piece(2_500))
    expect(await place.list()).toEqual([{ name: NAME, bytes: 2_500 }])
    expect(await place.read(NAME, 0, 2_500)).toHaveLength(2_500)
    await place.delete(NAME)
    expect(server.objects.size).toBe(0)
    expect(pauses).toHaveLength(2 * methods.length)
    for (let at = 0; at < pauses.length; at += 2) {
      expect(pauses[at]).toBeGreaterThanOrEqual(200)
      expect(pauses[at + 1]).toBeGreaterThanOrEqual(400)
      expect(pauses[at + 1]).toBeLessThanOrEqual(1_200)
    }
    expect(new Set(pauses).size).toBe(pauses.length)
  })

  it('counts as having the file when only the word that it was put together was lost', async () => {
    await start()
    server.script(/^POST .*uploadId=/, { cut: 'after' })
    await placeOf(server).write(NAME, piece(2_500))
    expect(server.objects.get(NAME)).toHaveLength(2_500)
  })

  it('is given up after four tries, and nothing of an upload stays', async () => {
    await start()
    const trouble = { status: 503, code: 'SlowDown' }
    server.script(/^PUT .*partNumber=2/, trouble, trouble, trouble, trouble)
    await expect(placeOf(server).write(NAME, piece(2_500))).rejects.toMatchObject({
      code: 'backup-place-failed',
      message: expect.stringContaining('503 SlowDown'),
    })
    expect([server.objects.size, server.uploads.size]).toEqual([0, 0])
  })

  it.each([
    [{ secretAccessKey: 'another' }, {}, '403 SignatureDoesNotMatch'],
    [{}, { accessKeyId: 'AKIDOTHER' }, '403 InvalidAccessKeyId'],
    [{}, { region: 'elsewhere-1' }, '403 SignatureDoesNotMatch'],
    [{}, { bucket: 'not-that-one' }, '404 NoSuchBucket'],
  ])('that refuses is not asked twice, and its word is passed on: %o %o', async (mine, theirs, word) => {
    await start(theirs)
    const place = placeOf(server, mine)
    for (const ask of [() => place.list(), () => place.write(NAME, piece(5)), () => place.read(NAME, 0, 5)])
      await expect(ask()).rejects.toMatchObject({
        code: 'backup-place-failed',
        message: expect.stringContaining(word),
        advice: expect.stringContaining('bucket'),
      })
    expect(server.requests).toHaveLength(3)
  })

  it('that sends elsewhere is not followed with the signature', async () => {
    await start()
    server.script(/^GET/, { status: 301, code: 'PermanentRedirect' })
    await expect(placeOf(server).list()).rejects.toThrow('301 PermanentRedirect')
    expect(server.requests).toHaveLength(1)
  })

  it('that finds the clock wrong says so', async () => {
    await start({ now: () => Date.now() + 3_600_000 })
    await expect(placeOf(server).list()).rejects.toMatchObject({
      code: 'backup-clock-wrong',
      advice: expect.stringContaining('date and time'),
    })
    expect(server.requests).toHaveLength(1)
  })

  it('that says it failed only after it said 200 has failed', async () => {
    await start()
    server.script(/^POST .*uploadId=/, { status: 200, code: 'InternalError' })
    await expect(placeOf(server).write(NAME, piece(2_500))).rejects.toThrow('did not put the parts together')
    expect(server.uploads.size).toBe(0)
  })

  it('cannot be reached: a sentence, and no secret in it', async () => {
    await start()
    await server.close()
    const error = await placeOf(server)
      .list()
      .then(
        () => undefined,
        (reason: unknown) => reason,
      )
    expect(error).toMatchObject({ code: 'backup-place-failed', message: expect.stringContaining('cannot be reached') })
    expect(JSON.stringify(error)).not.toContain(S3_KEY.secretAccessKey)
    await start()
  })
})
