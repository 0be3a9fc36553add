import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { childEnvironment, readSurroundings } from './folders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-folders-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (content: string) => writeFileSync(join(folder, 'config.json'), content)

describe('readSurroundings', () => {
  it('takes the data folder from LVA_DATA_DIR, and config.json from it', () => {
    write('{ "host": { "port": 4711 } }')
    const here = readSurroundings({ LVA_DATA_DIR: folder })
    expect(here.dataDir).toBe(folder)
    expect(here.config.host.port).toBe(4711)
    expect(readSurroundings({ LVA_DATA_DIR: folder, LVA_HOST_PORT: '12' }).config.host.port).toBe(12)
  })

  it('has a usual place, which a config.json there can move', () => {
    const home = readSurroundings({})
    expect(home.dataDir).toMatch(/learning-voice-agent/)
    expect(home.cacheDir).toMatch(/learning-voice-agent/)
    expect(home.cacheDir).not.toBe(home.dataDir)
  })

  it('gives its children the same folders', () => {
    mkdirSync(join(folder, 'cache'))
    const here = readSurroundings({ LVA_DATA_DIR: folder, LVA_CACHE_DIR: join(folder, 'cache') })
    const { dataDir, cacheDir } = readSurroundings(childEnvironment(here))
    expect({ dataDir, cacheDir }).toEqual({ dataDir: here.dataDir, cacheDir: here.cacheDir })
  })

  it.each([
    ['is not JSON', '{ "host": ', /is not JSON/],
    ['is no object', '[]', /must be an object/],
    ['has a key that nobody knows', '{ "hsot": {} }', /hsot/],
    ['has a value that does not fit', '{ "host": { "port": -1 } }', /host\.port/],
  ])('refuses a config.json that %s, and says so', (_name, content, message) => {
    write(content)
    const error = (() => {
      try {
        return readSurroundings({ LVA_DATA_DIR: folder })
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toMatchObject({ code: 'config-invalid', message: expect.stringMatching(message) })
  })
})
