import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blobSuite } from '../../../test/suites/blob-suite.ts'
import { diskBlobs } from './disk.ts'
import { memoryBlobs } from './memory.ts'

blobSuite('memory', async () => ({ blobs: memoryBlobs(), close: async () => undefined }))

blobSuite('disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lva-blobs-'))
  return {
    blobs: await diskBlobs(folder),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  }
})

describe('blobs on a disk', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lva-blobs-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('are there again after a restart', async () => {
    const name = await (await diskBlobs(folder)).put(new Uint8Array([1, 2]))
    expect([...(await (await diskBlobs(folder)).get(name))]).toEqual([1, 2])
  })

  it('lie in folders by their first two digits', async () => {
    const name = await (await diskBlobs(folder)).put(new Uint8Array([1, 2]))
    expect(existsSync(join(folder, name.slice(0, 2), name))).toBe(true)
  })

  it('leave no file behind when a put fails', async () => {
    const blobs = await diskBlobs(folder)
    const broken = (async function* () {
      yield new Uint8Array(10)
      throw new Error('broken')
    })()
    await expect(blobs.put(broken)).rejects.toThrow('broken')
    expect(readdirSync(join(folder, 'partial'))).toEqual([])
  })

  it('are cleaned of what a crash left half written', async () => {
    await diskBlobs(folder)
    writeFileSync(join(folder, 'partial', 'half'), 'x')
    const blobs = await diskBlobs(folder)
    expect(readdirSync(join(folder, 'partial'))).toEqual([])
    expect((await blobs.list()[Symbol.asyncIterator]().next()).done).toBe(true)
  })

  it('are never handed out damaged', async () => {
    const blobs = await diskBlobs(folder)
    const name = await blobs.put(new Uint8Array([1, 2, 3]))
    writeFileSync(join(folder, name.slice(0, 2), name), new Uint8Array([1, 2, 4]))
    await expect(blobs.get(name)).rejects.toMatchObject({ code: 'vault-damaged', params: { sha256: name } })
    // Storing the bytes again repairs it.
    await blobs.put(new Uint8Array([1, 2, 3]))
    expect([...(await blobs.get(name))]).toEqual([1, 2, 3])
  })

  it('refuse a place that is not a folder', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await expect(diskBlobs(join(file, 'blobs'))).rejects.toMatchObject({ code: 'folder-not-writable' })
  })
})
