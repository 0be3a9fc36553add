import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BackupPlace } from '../../src-core/backup/index.ts'

export interface PlaceFixture {
  place: BackupPlace
  /** Puts something there that is no backup, as another program would. */
  putStranger(name: string): Promise<void>
  /** Names of everything that is there, also of what is half written. */
  everything(): Promise<string[]>
  close(): Promise<void>
}

const NAME = 'lva-20261103-091500.lvabackup'
const OTHER = 'lva-20261104-091500.lvabackup'

async function* pieces(...all: (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of all) {
    if (piece instanceof Error) throw piece
    yield piece
  }
}

function bytes(length: number, from = 0): Uint8Array {
  return new Uint8Array(length).map((_, at) => (at * 31 + from) % 251)
}

/** What every `BackupPlace` must do. An implementation is finished when this passes. */
export function backupPlaceSuite(name: string, open: () => Promise<PlaceFixture>): void {
  describe(`place for backups: ${name}`, () => {
    let fixture: PlaceFixture
    let place: BackupPlace
    beforeEach(async () => {
      fixture = await open()
      place = fixture.place
    })
    afterEach(() => fixture.close())

    it('has nothing before anything was put there', async () => {
      expect(await place.list()).toEqual([])
      await expect(place.read(NAME, 0, 10)).rejects.toMatchObject({ code: 'not-found', params: { file: NAME } })
    })

    it.each([0, 1, 999, 1_000, 1_001, 10_000])('gives back %d bytes, in pieces of any size', async (length) => {
      const whole = bytes(length)
      await place.write(NAME, pieces(whole.subarray(0, 7), whole.subarray(7, 2_500), whole.subarray(2_500)))
      expect(await place.list()).toEqual([{ name: NAME, bytes: length }])
      expect(Buffer.compare(await place.read(NAME, 0, length), whole)).toBe(0)
    })

    it('reads parts, and fewer bytes where the file ends before', async () => {
      const whole = bytes(3_000)
      await place.write(NAME, pieces(whole))
      expect(Buffer.compare(await place.read(NAME, 100, 1_200), whole.subarray(100, 1_200))).toBe(0)
      expect(Buffer.compare(await place.read(NAME, 2_990, 9_000), whole.subarray(2_990))).toBe(0)
      expect(await place.read(NAME, 3_000, 3_010)).toHaveLength(0)
      expect(await place.read(NAME, 5, 5)).toHaveLength(0)
    })

    it('replaces a file whole, and lists by name only what is named as a backup', async () => {
      await place.write(OTHER, pieces(bytes(10)))
      await place.write(NAME, pieces(bytes(2_000)))
      await place.write(NAME, pieces(bytes(5, 9)))
      await fixture.putStranger('holiday.jpg')
      expect(await place.list()).toEqual([
        { name: NAME, bytes: 5 },
        { name: OTHER, bytes: 10 },
      ])
      expect(Buffer.compare(await place.read(NAME, 0, 5), bytes(5, 9))).toBe(0)
    })

    it.each([0, 10, 5_000])('has nothing of a file whose making failed after %d bytes', async (length) => {
      const failing = place.write(NAME, pieces(bytes(length), new Error('the source is gone')))
      await expect(failing).rejects.toThrow('the source is gone')
      expect(await place.list()).toEqual([])
      expect(await fixture.everything()).toEqual([])
    })

    it('has nothing of a file whose making was stopped', async () => {
      const stop = new AbortController()
      async function* stopping() {
        yield bytes(4_000)
        stop.abort()
        yield bytes(4_000)
      }
      await expect(place.write(NAME, stopping(), stop.signal)).rejects.toThrow()
      expect(await fixture.everything()).toEqual([])
    })

    it('does nothing once it was stopped', async () => {
      await place.write(NAME, pieces(bytes(5)))
      const { signal } = { signal: AbortSignal.abort() }
      await expect(place.list(signal)).rejects.toThrow()
      await expect(place.read(NAME, 0, 5, signal)).rejects.toThrow()
      await expect(place.delete(NAME, signal)).rejects.toThrow()
      expect(await place.list()).toHaveLength(1)
    })

    it('deletes, and deletes what is not there', async () => {
      await place.write(NAME, pieces(bytes(5)))
      await place.delete(NAME)
      await place.delete(NAME)
      expect(await place.list()).toEqual([])
    })

    it('keeps an earlier file when its successor fails', async () => {
      await place.write(NAME, pieces(bytes(5)))
      await expect(place.write(NAME, pieces(bytes(3_000), new Error('gone')))).rejects.toThrow('gone')
      expect(Buffer.compare(await place.read(NAME, 0, 5), bytes(5))).toBe(0)
    })

    it('writes and reads several files at once', async () => {
      const names = [1, 2, 3].map((day) => `lva-2026110${day}-091500.lvabackup`)
      await Promise.all(names.map((each, at) => place.write(each, pieces(bytes(2_500, at)))))
      const read = await Promise.all(names.map((each) => place.read(each, 0, 2_500)))
      for (const [at, found] of read.entries()) expect(Buffer.compare(found, bytes(2_500, at))).toBe(0)
    })
  })
}
