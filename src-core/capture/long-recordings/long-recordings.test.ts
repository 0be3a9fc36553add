import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fillDisk, mountSmallDisk } from '../../../test/small-disk.ts'
import { idMaker, LvaError, ManualClock, seededRandom, silentLog } from '../../kernel/index.ts'
import { readWav, SPEECH_RATE } from '../../models/index.ts'
import { LongRecordings } from './long-recordings.ts'

const RATE = 48_000
const tone = (seconds: number, loudness = 0.5) =>
  new Uint8Array(
    Int16Array.from({ length: seconds * RATE }, (_, n) => loudness * 0x7fff * Math.sin((2 * Math.PI * 220 * n) / RATE))
      .buffer,
  )

describe('a long recording', () => {
  let folder: string
  let clock: ManualClock
  let documents: { seconds: number; name: string; loudest: number }[]
  let failure: LvaError | undefined
  let failed: number
  let recordings: LongRecordings

  function open(fileMb = 50, where = folder) {
    return new LongRecordings({
      folder: where,
      async addDocument(wav, name) {
        if (failure) {
          failed++
          throw failure
        }
        const { samples, sampleRate } = readWav(wav, { maxSeconds: 10_000 })
        expect(sampleRate).toBe(SPEECH_RATE)
        documents.push({
          name,
          seconds: samples.length / sampleRate,
          loudest: samples.reduce((loudest, sample) => Math.max(loudest, sample), 0),
        })
        return `document ${documents.length}`
      },
      fileMb,
      clock,
      newId: idMaker(clock, seededRandom(1)),
      log: silentLog,
    })
  }

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'lva-long-')), 'recording')
    clock = new ManualClock(Date.UTC(2026, 10, 27, 9, 30))
    documents = []
    failure = undefined
    failed = 0
    recordings = open()
  })
  afterEach(async () => {
    failure = undefined
    await recordings.close()
    rmSync(join(folder, '..'), { recursive: true, force: true })
  })

  it('becomes a document, and leaves no file behind', async () => {
    const id = await recordings.start(RATE)
    for (let second = 1; second <= 5; second++) expect(await recordings.push(id, tone(1))).toBeCloseTo(second, 1)
    expect(await recordings.finish(id)).toEqual(['document 1'])
    expect(documents).toEqual([
      { name: 'Recording 2026-11-27 09.30.wav', seconds: expect.closeTo(5, 3), loudest: expect.closeTo(0.5, 1) },
    ])
    expect(readdirSync(folder)).toEqual([])
  })

  it('is whole on the disk at any moment: what a killed program left becomes a document at the next start', async () => {
    const id = await recordings.start(RATE)
    for (let second = 0; second < 3; second++) await recordings.push(id, tone(1))
    const next = open()
    await next.recover()
    expect(documents[0]?.seconds).toBeGreaterThan(2.9)
    expect(readdirSync(folder)).toEqual([])
  })

  it('goes on after a pause, also with a microphone of another rate', async () => {
    const id = await recordings.start(RATE)
    await recordings.push(id, tone(1))
    recordings.pause(id)
    clock.advance(3_600_000)
    await recordings.resume(id, 8_000)
    await recordings.push(id, tone(1).slice(0, 16_000))
    await recordings.finish(id)
    expect(documents[0]?.seconds).toBeCloseTo(2, 2)
  })

  it('is cut into parts at quiet places; each is a document while the rest is recorded', async () => {
    // A part of at most ten seconds.
    recordings = open(1)
    const id = await recordings.start(RATE)
    for (let second = 0; second < 12; second++) await recordings.push(id, tone(1))
    expect(documents).toEqual([])
    for (let quarter = 0; quarter < 4; quarter++) await recordings.push(id, tone(0.25, 0))
    await recordings.push(id, tone(2))
    await recordings.finish(id)
    expect(documents.map(({ name, seconds }) => [name, Math.round(seconds)])).toEqual([
      ['Recording 2026-11-27 09.30.wav', 13],
      ['Recording 2026-11-27 09.30 (2).wav', 2],
    ])
  })

  it('a whole lecture keeps no sound in memory', async () => {
    const id = await recordings.start(8_000)
    const minute = new Uint8Array(8_000 * 60 * 2).fill(40)
    const before = process.memoryUsage().arrayBuffers
    for (let count = 0; count < 15; count++) await recordings.push(id, minute)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40e6)
    await recordings.finish(id)
  })

  it('a recording of nothing is none', async () => {
    expect(await recordings.finish(await recordings.start(RATE))).toEqual([])
    expect(documents).toEqual([])
    expect(readdirSync(folder)).toEqual([])
  })

  it('a document that cannot be made costs nothing: the file waits for the next start', async () => {
    failure = new LvaError('disk-full', 'Full.')
    const id = await recordings.start(RATE)
    await recordings.push(id, tone(1))
    await expect(recordings.finish(id)).rejects.toMatchObject({ code: 'disk-full' })
    expect(readdirSync(folder)).toHaveLength(1)
    failure = undefined
    await open().recover()
    expect(documents).toHaveLength(1)
  })

  it('a part that becomes no document costs those after it nothing', async () => {
    // A part of at most ten seconds.
    recordings = open(1)
    failure = new LvaError('disk-full', 'Full.')
    const id = await recordings.start(RATE)
    for (let second = 0; second < 12; second++) await recordings.push(id, tone(1))
    for (let quarter = 0; quarter < 4; quarter++) await recordings.push(id, tone(0.25, 0))
    await expect.poll(() => failed).toBe(1)
    failure = undefined
    await recordings.push(id, tone(2))
    await expect(recordings.finish(id)).rejects.toMatchObject({ code: 'disk-full' })
    expect(documents.map(({ name }) => name)).toEqual(['Recording 2026-11-27 09.30 (2).wav'])
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it.each([3 * 3_600_000, -3 * 3_600_000])(
    'a clock that is set by %i ms ends nothing and loses nothing',
    async (ms) => {
      const id = await recordings.start(RATE)
      await recordings.push(id, tone(1))
      clock.advance(59_000)
      await recordings.push(id, tone(1))
      clock.setBy(ms)
      // The watch looks after a minute, a second after the last sound.
      clock.advance(1_000)
      await recordings.push(id, tone(1))
      await recordings.finish(id)
      expect(documents.map(({ seconds }) => Math.round(seconds))).toEqual([3])
    },
  )

  it('a window that is gone ends it after a minute; one that paused does not', async () => {
    const gone = await recordings.start(RATE)
    await recordings.push(gone, tone(1))
    const paused = await recordings.start(RATE)
    recordings.pause(paused)
    clock.advance(60_000)
    await expect.poll(() => documents.length).toBe(1)
    expect(() => recordings.pause(gone)).toThrow('not open any more')
    recordings.pause(paused)
  })

  const disk = mountSmallDisk(1)
  it.skipIf(!disk)('a full disk is said, and what was recorded until then is whole', async () => {
    const small = disk as NonNullable<typeof disk>
    try {
      const where = join(small.folder, 'recording')
      const full = open(50, where)
      const id = await full.start(RATE)
      await full.push(id, tone(2))
      fillDisk(small.folder)
      const pushing = (async () => {
        for (let second = 0; second < 10; second++) await full.push(id, tone(1))
      })()
      await expect(pushing).rejects.toMatchObject({ code: 'disk-full' })
      rmSync(join(small.folder, 'filler'))
      const before = await full.push(id, tone(1))
      await full.finish(id)
      expect(documents[0]?.seconds).toBeCloseTo(before, 1)
      expect(documents[0]?.seconds).toBeGreaterThan(2.9)
      // No sample is shifted by half: that would be as loud as can be.
      expect(documents[0]?.loudest).toBeCloseTo(0.5, 1)
      expect(existsSync(where)).toBe(true)
    } finally {
      small.unmount()
    }
  })
})
