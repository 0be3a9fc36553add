import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BlobStore } from '../../src-core/store/index.ts'

export interface BlobFixture {
  blobs: BlobStore
  close(): Promise<void>
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const ABSENT = sha256('never stored')

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** What every `BlobStore` must do. An implementation is finished when this passes. */
export function blobSuite(name: string, open: () => Promise<BlobFixture>): void {
  describe(`blobs: ${name}`, () => {
    let fixture: BlobFixture
    let blobs: BlobStore
    beforeEach(async () => {
      fixture = await open()
      blobs = fixture.blobs
    })
    afterEach(() => fixture.close())

    const names = async () => {
      const all: string[] = []
      for await (const name of blobs.list()) all.push(name)
      return all
    }

    it('names bytes by their SHA-256 (FIPS 180-2, appendix B.1) and gives them back', async () => {
      const name = await blobs.put(new TextEncoder().encode('abc'))
      expect(name).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
      expect(new TextDecoder().decode(await blobs.get(name))).toBe('abc')
      expect(await blobs.has(name)).toBe(true)
      expect(await blobs.size(name)).toBe(3)
    })

    it('takes bytes in pieces, of any size', async () => {
      const bytes = new Uint8Array(3_000_000).map((_, index) => index % 251)
      const name = await blobs.put(inPieces(bytes, 65_537))
      expect(name).toBe(sha256(bytes))
      expect(Buffer.compare(await blobs.get(name), bytes)).toBe(0)
    })

    it('reads any part of them, and no more than there is', async () => {
      const name = await blobs.put(new Uint8Array([1, 2, 3, 4, 5]))
      expect([...(await blobs.read(name, 1, 3))]).toEqual([2, 3])
      expect([...(await blobs.read(name, 3, 99))]).toEqual([4, 5])
      expect(await blobs.read(name, 7, 99)).toHaveLength(0)
      await expect(blobs.read(ABSENT, 0, 1)).rejects.toMatchObject({ code: 'not-found' })
    })

    it('takes nothing at all', async () => {
      const name = await blobs.put(new Uint8Array())
      expect(await blobs.get(name)).toHaveLength(0)
      expect(await blobs.size(name)).toBe(0)
    })

    it('is not changed by changing what was put in or got out', async () => {
      const bytes = new Uint8Array([1, 2, 3])
      const name = await blobs.put(bytes)
      bytes[0] = 9
      const got = await blobs.get(name)
      got[1] = 9
      expect([...(await blobs.get(name))]).toEqual([1, 2, 3])
    })

    it('keeps the same bytes once, also when they come twice at the same time', async () => {
      const bytes = new Uint8Array(1_000).fill(5)
      const [a, b] = await Promise.all([blobs.put(bytes), blobs.put(inPieces(bytes, 10))])
      expect(a).toBe(b)
      expect(await names()).toEqual([a])
    })

    it('lists all names in order', async () => {
      const all = await Promise.all(Array.from({ length: 30 }, (_, index) => blobs.put(new Uint8Array([index]))))
      expect(await names()).toEqual(all.sort())
    })

    it('forgets what is deleted, and does nothing for what is not there', async () => {
      const name = await blobs.put(new Uint8Array([1]))
      await blobs.delete(name)
      await blobs.delete(name)
      expect(await blobs.has(name)).toBe(false)
      expect(await names()).toEqual([])
      await expect(blobs.get(name)).rejects.toMatchObject({ code: 'not-found' })
    })

    it('says that it does not have a blob', async () => {
      expect(await blobs.has(ABSENT)).toBe(false)
      expect(await blobs.size(ABSENT)).toBeUndefined()
      await expect(blobs.get(ABSENT)).rejects.toMatchObject({ code: 'not-found', params: { sha256: ABSENT } })
    })

    it('refuses what is no name, and never leaves its place', async () => {
      for (const name of [
        '',
        '../../etc/passwd',
        ABSENT.toUpperCase(),
        ABSENT.slice(1),
        `${ABSENT}/..`,
        `${ABSENT}\n`,
      ]) {
        for (const ask of ['get', 'has', 'size', 'delete'] as const) {
          await expect(blobs[ask](name)).rejects.toMatchObject({ code: 'bad-input' })
        }
      }
    })

    it('leaves nothing of what breaks off on the way', async () => {
      const broken = (async function* () {
        yield new Uint8Array(100_000)
        throw new Error('the line broke')
      })()
      await expect(blobs.put(broken)).rejects.toThrow('the line broke')
      expect(await names()).toEqual([])
    })
  })
}
