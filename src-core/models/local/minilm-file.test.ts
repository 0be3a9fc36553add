import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Log, silentLog } from '../../kernel/index.ts'
import { loadMiniLmFile, MINILM_SHA256, minilmCacheFile } from './minilm-file.ts'
import { sha256, sha256OfFile } from './package-files.ts'

let folder: string
let warnings: string[]
const log: Log = { ...silentLog, warn: (_fields, message) => void warnings.push(message) }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lva-model-'))
  warnings = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('converts the weights into exactly the pinned file, once, leaving nothing beside it', async () => {
  const cache = join(folder, 'made', 'by', 'itself')
  const first = await loadMiniLmFile(cache, log)
  expect(first).toBeInstanceOf(Uint8Array)
  expect(sha256(first as Uint8Array)).toBe(MINILM_SHA256)
  const file = minilmCacheFile(cache)
  expect(await sha256OfFile(file)).toBe(MINILM_SHA256)
  expect(await readdir(dirname(file))).toHaveLength(1)
  expect(await loadMiniLmFile(cache, log)).toBe(file)
  expect(warnings).toEqual([])
})

it('makes a damaged or half file again', async () => {
  const file = minilmCacheFile(folder)
  for (const damage of [
    () => writeFile(file, 'not a model'),
    () => truncate(file, 1_000_000),
    async () => {
      const bytes = await readFile(file)
      bytes[20_000_000] = (bytes[20_000_000] ?? 0) ^ 1
      await writeFile(file, bytes)
    },
  ]) {
    await damage()
    await loadMiniLmFile(folder, log)
    expect(await sha256OfFile(file)).toBe(MINILM_SHA256)
  }
  expect(warnings).toHaveLength(3)
})

it('works without a cache that can be written', async () => {
  const blocked = join(folder, 'a-file')
  await writeFile(blocked, '')
  const model = await loadMiniLmFile(join(blocked, 'below'), log)
  expect(sha256(model as Uint8Array)).toBe(MINILM_SHA256)
  expect(warnings.at(-1)).toMatch(/cannot be kept/)
})

it('works beside something else of the same name', async () => {
  await mkdir(minilmCacheFile(folder))
  const model = await loadMiniLmFile(folder, log)
  expect(sha256(model as Uint8Array)).toBe(MINILM_SHA256)
  expect(await readdir(folder)).toHaveLength(1)
})
