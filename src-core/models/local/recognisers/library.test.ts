import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hum, smallWhisper } from '../../../../test/models/small-whisper.ts'
import { fillDisk, mountSmallDisk } from '../../../../test/small-disk.ts'
import { type Clock, ManualClock, silentLog, systemClock } from '../../../kernel/index.ts'
import { createOpenDownload } from '../../../net/index.ts'
import { sha256 } from '../package-files.ts'
import { openWhisper } from '../whisper.ts'
import { RECOGNISERS, type Recogniser, readCatalogue } from './catalogue.ts'
import { RecogniserLibrary, type RecogniserLibraryParts } from './library.ts'

type Answer = (request: IncomingMessage, response: ServerResponse, bytes: Uint8Array) => void

/** What a hub does: a whole file, or the rest of it. */
const sound: Answer = ({ headers }, response, bytes) => {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? Number.NaN)
  if (Number.isNaN(from)) return void response.writeHead(200).end(bytes)
  response.writeHead(206, { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` })
  response.end(bytes.subarray(from))
}

describe('a recogniser that is downloaded', () => {
  let files: Map<string, Uint8Array>
  let recogniser: Recogniser
  let server: Server
  let hubUrl: string
  let folder: string
  let asked: string[]
  let answer: Answer
  let library: RecogniserLibrary

  const make = (over: Partial<Pick<RecogniserLibraryParts, 'folder' | 'hubUrl' | 'freeBytes' | 'clock'>> = {}) =>
    new RecogniserLibrary({
      folder,
      catalogue: async () => [recogniser],
      hubUrl,
      open: createOpenDownload({ clock: systemClock }),
      clock: hurried,
      log: silentLog,
      ...over,
    })
  /** Nobody waits between two tries. */
  const hurried: Clock = { ...bound(systemClock), sleep: async () => undefined }

  beforeAll(async () => {
    files = await smallWhisper()
    recogniser = {
      id: 'tiny-test',
      name: 'Tiny',
      repository: 'somebody/tiny-test',
      revision: 'abc123',
      licence: 'MIT',
      languages: ['en', 'de', 'es'],
      files: [...files].map(([path, bytes]) => ({
        path: path as Recogniser['files'][number]['path'],
        bytes: bytes.length,
        sha256: sha256(bytes),
      })),
    }
    server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers.range ?? ''}`.trim())
      const path = /^\/somebody\/tiny-test\/resolve\/abc123\/(.+)$/.exec(request.url ?? '')?.[1] ?? ''
      const bytes = files.get(path)
      if (bytes) answer(request, response, bytes)
      else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lva-recognisers-'))
    asked = []
    answer = sound
    library = make()
  })
  afterEach(async () => {
    await library.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const state = async (of = library) => (await of.list())[0]
  const download = async (of = library) => {
    await of.download('tiny-test')
    await of.idle()
    return state(of)
  }
  const decoder = 'onnx/decoder_model_merged_quantized.onnx'
  const part = () => join(folder, 'tiny-test', `${decoder}.part`)
  const half = (bytes: Uint8Array) => Math.floor(bytes.length / 2)
  /** Sends half a file, and breaks when that is on the disk. */
  const breakAtHalf = (response: ServerResponse, bytes: Uint8Array) => {
    response.writeHead(200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, half(bytes)))
    const poll = setInterval(() => {
      if (!existsSync(part()) || statSync(part()).size < half(bytes)) return
      clearInterval(poll)
      response.destroy()
    }, 5)
  }
  const isDecoder = ({ url }: IncomingMessage) => url?.endsWith(decoder) === true

  it('is asked for by nobody before the learner does', async () => {
    expect(await state()).toMatchObject({ state: 'absent', have: 0, origin: `${hubUrl}/somebody/tiny-test` })
    expect(asked).toEqual([])
  })

  it('comes whole, is told on the way, and hears without the server', async () => {
    const told: number[] = []
    library.onChange(() => told.push(1))
    expect(await download()).toMatchObject({ state: 'ready', error: null })
    expect(told.length).toBeGreaterThan(1)
    const place = await make({ hubUrl: 'http://127.0.0.1:9' }).place('tiny-test')
    const { hear, close } = await openWhisper(place as NonNullable<typeof place>, { threads: 1 })
    expect(await hear(hum(5_000, 2))).toMatchObject({ language: 'es', text: 'ok alto' })
    await close()
    asked = []
    await download()
    expect(asked).toEqual([])
  })

  it('is told as far as it came where the server falls silent', async () => {
    const clock = new ManualClock()
    const slow = make({ clock })
    answer = (request, response, bytes) => {
      if (!isDecoder(request)) return sound(request, response, bytes)
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, half(bytes)))
    }
    const told: (number | undefined)[] = []
    slow.onChange(() => void slow.list().then(([only]) => told.push(only?.have)))
    await slow.download('tiny-test')
    await expect.poll(() => existsSync(part()) && statSync(part()).size).toBe(half(files.get(decoder) as Uint8Array))
    await clock.advance(1_000)
    const all = [...files.values()].reduce((sum, { length }) => sum + length, 0)
    const decoderBytes = files.get(decoder) as Uint8Array
    await expect.poll(() => told.at(-1)).toBe(all - decoderBytes.length + half(decoderBytes))
    await slow.close()
  })

  it('goes on where the connection broke, and asks only for the rest', async () => {
    answer = (request, response, bytes) => {
      if (!isDecoder(request) || request.headers.range) return sound(request, response, bytes)
      breakAtHalf(response, bytes)
    }
    expect(await download()).toMatchObject({ state: 'ready' })
    const rests = asked.filter((line) => line.includes('bytes='))
    expect(rests).toHaveLength(1)
    expect(rests[0]).toMatch(new RegExp(`bytes=${half(files.get(decoder) as Uint8Array)}-$`))
  })

  it('goes on after the program was killed, with what is on the disk', async () => {
    await download()
    const bytes = files.get(decoder) as Uint8Array
    rmSync(join(folder, 'tiny-test', 'whole.json'))
    rmSync(join(folder, 'tiny-test', decoder))
    writeFileSync(part(), bytes.subarray(0, 1_000))
    asked = []
    const next = make()
    expect(await state(next)).toMatchObject({ state: 'paused' })
    expect(await download(next)).toMatchObject({ state: 'ready' })
    expect(asked).toEqual([`/somebody/tiny-test/resolve/abc123/${decoder} bytes=1000-`])
  })

  it('begins a file anew where the server cannot send a part', async () => {
    answer = (_, response, bytes) => void response.writeHead(200).end(bytes)
    await download()
    rmSync(join(folder, 'tiny-test', decoder))
    writeFileSync(part(), 'something else')
    expect(await download()).toMatchObject({ state: 'ready' })
    expect(readFileSync(join(folder, 'tiny-test', decoder))).toEqual(Buffer.from(files.get(decoder) as Uint8Array))
  })

  it('is paused, goes on, and is removed', async () => {
    const begun = Promise.withResolvers<void>()
    answer = (request, response, bytes) => {
      if (!isDecoder(request)) return sound(request, response, bytes)
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, half(bytes)))
      begun.resolve()
    }
    await library.download('tiny-test')
    await begun.promise
    await expect.poll(() => existsSync(part()) && statSync(part()).size).toBe(half(files.get(decoder) as Uint8Array))
    expect(await state()).toMatchObject({ state: 'downloading' })
    await library.pause('tiny-test')
    const paused = await state()
    expect(paused).toMatchObject({ state: 'paused', error: null })
    expect(paused?.have).toBeGreaterThan(0)
    answer = sound
    expect(await download()).toMatchObject({ state: 'ready' })
    await library.remove('tiny-test')
    expect(await state()).toMatchObject({ state: 'absent', have: 0 })
    expect(existsSync(join(folder, 'tiny-test'))).toBe(false)
    expect(await library.place('tiny-test')).toBeUndefined()
  })

  it('is thrown away where its bytes are others', async () => {
    answer = (request, response, bytes) =>
      sound(request, response, isDecoder(request) ? bytes.map((n) => n ^ 1) : bytes)
    expect(await download()).toMatchObject({ state: 'paused', error: { code: 'model-download-damaged' } })
    expect(existsSync(part())).toBe(false)
    expect(await library.place('tiny-test')).toBeUndefined()
    answer = sound
    expect(await download()).toMatchObject({ state: 'ready', error: null })
  })

  it('is thrown away where more comes than it should be', async () => {
    answer = (request, response, bytes) =>
      sound(request, response, isDecoder(request) ? Buffer.concat([bytes, bytes]) : bytes)
    expect(await download()).toMatchObject({ error: { code: 'model-download-damaged' } })
  })

  it('says so where the server has no such file, and asks once', async () => {
    answer = (_, response) => void response.writeHead(404).end('no')
    expect(await download()).toMatchObject({ state: 'absent', error: { code: 'model-download-failed' } })
    expect(asked).toHaveLength(1)
  })

  it.each([503, 429])('gives up after some tries where the server is busy: %i', async (status) => {
    answer = (_, response) => void response.writeHead(status).end()
    expect(await download()).toMatchObject({ error: { code: 'model-download-failed' } })
    expect(asked).toHaveLength(4)
  })

  it('says so where every connection breaks at once, and keeps what came', async () => {
    answer = (request, response, bytes) => {
      if (!isDecoder(request)) return sound(request, response, bytes)
      if (request.headers.range) return void response.destroy()
      breakAtHalf(response, bytes)
    }
    expect(await download()).toMatchObject({ state: 'paused', error: { code: 'model-download-failed' } })
    expect(statSync(part()).size).toBe(half(files.get(decoder) as Uint8Array))
  })

  it.each(['http://169.254.169.254/latest/meta-data/', 'http://10.0.0.1/x', 'file:///etc/passwd'])(
    'does not follow a redirect to %s',
    async (location) => {
      answer = (_, response) => void response.writeHead(302, { location }).end()
      expect(await download()).toMatchObject({ state: 'absent', error: { code: 'address-refused' } })
      expect(asked).toHaveLength(1)
    },
  )

  it('does not come from this machine where the address is the usual one', async () => {
    const open = createOpenDownload({ clock: systemClock })
    const asking = open({ address: `${hubUrl}/x`, from: 0, idleMs: 1_000, signal: new AbortController().signal })
    await expect(asking).rejects.toMatchObject({ code: 'address-refused' })
    expect(asked).toEqual([])
  })

  it('is given up where a server sends nothing for half a minute', async () => {
    const clock = new ManualClock()
    const open = createOpenDownload({ clock })
    const begun = Promise.withResolvers<void>()
    answer = () => begun.resolve()
    const address = `${hubUrl}/somebody/tiny-test/resolve/abc123/${decoder}`
    const asking = open({
      address,
      from: 0,
      idleMs: 30_000,
      trustedOrigin: hubUrl,
      signal: new AbortController().signal,
    })
    asking.catch(() => undefined)
    await begun.promise
    clock.advance(30_000)
    await expect(asking).rejects.toMatchObject({ code: 'timeout' })
  })

  it('is not begun where it has no room', async () => {
    const before = recogniser
    recogniser = { ...before, files: before.files.map((file) => ({ ...file, bytes: 1e15 })) }
    try {
      await expect(library.download('tiny-test')).rejects.toMatchObject({
        code: 'model-no-room',
        params: { name: 'Tiny' },
      })
      expect(asked).toEqual([])
    } finally {
      recogniser = before
    }
  })

  const disk = mountSmallDisk(1)
  it.skipIf(!disk)('says that the disk is full, and goes on when there is room again', async () => {
    const small = disk as NonNullable<typeof disk>
    try {
      answer = (request, response, bytes) => {
        if (isDecoder(request) && !request.headers.range) fillDisk(small.folder)
        sound(request, response, bytes)
      }
      const full = make({ folder: join(small.folder, 'recognisers'), freeBytes: async () => 1e12 })
      expect(await download(full)).toMatchObject({ state: 'paused', error: { code: 'disk-full' } })
      rmSync(join(small.folder, 'filler'))
      answer = sound
      expect(await download(full)).toMatchObject({ state: 'ready', error: null })
    } finally {
      small.unmount()
    }
  })

  it('is not known by another name', async () => {
    for (const id of ['other', '../tiny-test', '']) {
      await expect(library.download(id)).rejects.toMatchObject({ code: 'not-found' })
      await expect(library.remove(id)).rejects.toMatchObject({ code: 'not-found' })
    }
  })
})

describe('the catalogue', () => {
  it('names each file of each model once, with its size and sum', () => {
    for (const { files, repository, revision } of RECOGNISERS) {
      expect(new Set(files.map(({ path }) => path)).size).toBe(5)
      expect(repository).toMatch(/^onnx-community\/whisper-/)
      expect(revision).toMatch(/^[0-9a-f]{40}$/)
      for (const { sha256: sum } of files) expect(sum).toMatch(/^[0-9a-f]{64}$/)
    }
  })

  it('is read from a file that is configured, and says what is wrong with one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lva-catalogue-'))
    const path = join(folder, 'list.json')
    writeFileSync(path, JSON.stringify({ recognisers: RECOGNISERS.slice(0, 1) }))
    expect(await readCatalogue(path)).toEqual(RECOGNISERS.slice(0, 1))
    expect(await readCatalogue('')).toBe(RECOGNISERS)
    for (const wrong of ['{', '[]', JSON.stringify({ recognisers: [{ ...RECOGNISERS[0], id: '../x' }] })]) {
      writeFileSync(path, wrong)
      await expect(readCatalogue(path)).rejects.toMatchObject({ code: 'config-invalid' })
    }
    await expect(readCatalogue(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'config-invalid' })
    rmSync(folder, { recursive: true })
  })
})

function bound(clock: Clock): Clock {
  return { now: () => clock.now(), monotonic: () => clock.monotonic(), sleep: (ms, signal) => clock.sleep(ms, signal) }
}
