import { statSync, writeSync } from 'node:fs'
import { mkdtemp, open, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../kernel/index.ts'
import { readAtRest, readUnchanged } from './read-unchanged.ts'

const MB = 2 ** 20
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lva-changing-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const seen = async (path: string) => {
  const { size, mtimeMs } = await stat(path)
  return { size, modifiedMs: Math.floor(mtimeMs) }
}
const read = async (path: string) => readUnchanged(path, await seen(path), 50, systemClock)
/** The letters that occur in bytes. */
const letters = (bytes: Uint8Array) => [...new Set(bytes)].map((byte) => String.fromCharCode(byte)).join('')

it('a file that is written over while it is read is the old or the new one, or none', async () => {
  const path = join(folder, 'over.txt')
  const got = new Set<string>()
  for (let round = 0; round < 30; round++) {
    await writeFile(path, Buffer.alloc(2 * MB, 'a'))
    const file = await open(path, 'r+')
    const reading = read(path)
    // As many steps of the reading later as the round says, from its end to its beginning, so that half of it may be new.
    for (let step = 0; step < round; step++) await turn()
    writeSync(file.fd, Buffer.alloc(MB, 'b'), 0, MB, MB)
    writeSync(file.fd, Buffer.alloc(MB, 'b'), 0, MB, 0)
    await file.close()
    const bytes = await reading
    got.add(bytes ? letters(bytes) : 'none')
  }
  expect([...got].filter((one) => !['a', 'b', 'none'].includes(one))).toEqual([])
  // The rounds really met the reading.
  expect(got).toContain('none')
})

it('a file that is put in the place of another, cut, or given its old time again, is another one', async () => {
  const path = join(folder, 'other.txt')
  await writeFile(path, 'aaaa')
  const before = await seen(path)
  await writeFile(`${path}.new`, 'bbbbbb')
  await rename(`${path}.new`, path)
  expect(await readUnchanged(path, before, 50, systemClock)).toBeUndefined()
  const now = await seen(path)
  await truncate(path, 2)
  await utimes(path, now.modifiedMs / 1_000, now.modifiedMs / 1_000)
  expect(await readUnchanged(path, now, 50, systemClock)).toBeUndefined()
  expect(letters((await read(path)) ?? new Uint8Array())).toBe('b')
})

it('a file that somebody names is waited for while it is written', async () => {
  const path = join(folder, 'growing.txt')
  await writeFile(path, 'a')
  let steps = 0
  // However slow the machine is, the file has changed just now.
  const now = () => Math.floor(statSync(path).ctimeMs)
  const clock = {
    now,
    sleep: async () => {
      steps += 1
      if (steps < 4) await writeFile(path, 'a'.repeat(steps + 1))
    },
  }
  expect(await readAtRest(path, 50, clock)).toEqual(new TextEncoder().encode('aaaa'))
  const restless = {
    now,
    sleep: () => {
      steps += 1
      return writeFile(path, 'b'.repeat(steps))
    },
  }
  await expect(readAtRest(path, 50, restless)).rejects.toMatchObject({ code: 'file-changing' })
})

it('says of a file that is gone, or too large, that it is so, and follows no link that took its place', async () => {
  const path = join(folder, 'large.txt')
  await writeFile(path, Buffer.alloc(MB + 1))
  await expect(readAtRest(path, 1, systemClock)).rejects.toMatchObject({ code: 'document-too-large' })
  await expect(readAtRest(join(folder, 'none.txt'), 1, systemClock)).rejects.toMatchObject({ code: 'file-unreadable' })
  const link = join(folder, 'link.txt')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await symlink(join(folder, 'secret.txt'), link)
  await expect(read(link)).rejects.toMatchObject({ code: 'file-unreadable' })
  expect(await readAtRest(link, 1, systemClock)).toEqual(new TextEncoder().encode('secret'))
})
