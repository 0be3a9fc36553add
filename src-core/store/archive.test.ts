import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packFolder, unpackFolder } from './archive.ts'

describe('an archive', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lva-archive-'))
    mkdirSync(join(root, 'from', 'empty'), { recursive: true })
    mkdirSync(join(root, 'from', 'deep', 'er'), { recursive: true })
    // Sizes around the 512 bytes of a block, and one larger than any piece that is read at a time.
    for (const size of [0, 1, 511, 512, 513, 3_000_000]) {
      writeFileSync(join(root, 'from', 'deep', 'er', `${size}`), Buffer.alloc(size, size % 255))
    }
    utimesSync(join(root, 'from', 'deep', 'er', '1'), 1_700_000_000, 1_700_000_000)
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const from = () => join(root, 'from')
  const to = () => join(root, 'to')
  const file = () => join(root, 'packed.tar.gz')
  const list = (folder: string) => (readdirSync(folder, { recursive: true }) as string[]).sort()

  it('gives back every file and folder, with its time', async () => {
    await packFolder(from(), file())
    await unpackFolder(file(), to())
    expect(list(to())).toEqual(list(from()))
    for (const name of readdirSync(join(from(), 'deep', 'er'))) {
      const path = join('deep', 'er', name)
      expect(readFileSync(join(to(), path)).equals(readFileSync(join(from(), path)))).toBe(true)
    }
    expect(statSync(join(to(), 'deep', 'er', '1')).mtimeMs).toBe(1_700_000_000_000)
  })

  it('is one that tar reads', async () => {
    await packFolder(from(), file())
    const tar = spawnSync('tar', ['-tzf', file()], { encoding: 'utf8' })
    expect(tar.stderr).toBe('')
    const names = tar.stdout
      .trim()
      .split('\n')
      .map((name) => name.replace(/\/$/, ''))
    expect(names.sort()).toEqual(list(from()))
  })

  it('is refused when it was cut short or changed', async () => {
    await packFolder(from(), file())
    const whole = readFileSync(file())
    truncateSync(file(), whole.length - 10)
    await expect(unpackFolder(file(), to())).rejects.toThrow()
    const changed = Buffer.from(whole)
    changed[changed.length - 6] = (changed[changed.length - 6] ?? 0) ^ 1
    writeFileSync(file(), changed)
    rmSync(to(), { recursive: true, force: true })
    await expect(unpackFolder(file(), to())).rejects.toThrow()
    writeFileSync(file(), gzipSync(Buffer.alloc(0)))
    rmSync(to(), { recursive: true, force: true })
    await expect(unpackFolder(file(), to())).rejects.toThrow('ends too early')
  })

  it('never writes outside of its folder', async () => {
    writeFileSync(join(from(), 'xx-escape'), 'x')
    await packFolder(from(), file())
    const tar = spawnSync('gzip', ['-dc', file()], { maxBuffer: 1e8 }).stdout
    tar.write('../escape', tar.indexOf('xx-escape'))
    writeFileSync(file(), gzipSync(tar))
    await expect(unpackFolder(file(), to())).rejects.toThrow('leaves its folder')
    expect(list(root)).not.toContain('escape')
  })
})
