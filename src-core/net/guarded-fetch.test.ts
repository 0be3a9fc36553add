import type { lookup } from 'node:dns'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock, systemClock } from '../kernel/index.ts'
import { createGuardedFetch, type GuardedRequest } from './guarded-fetch.ts'

const KB = 1_024
const LIMIT = 64 * KB
const html = { 'content-type': 'text/html; charset=utf-8' }
const bomb = gzipSync('w'.repeat(50 * 2 ** 20))

describe('fetching from the open web', () => {
  let server: Server
  let base: string
  let port: number
  let asked: IncomingMessage[]
  let onAsked: () => void

  const answers: Record<string, (response: ServerResponse) => void> = {
    '/page': (response) => response.writeHead(200, html).end('<p>Words</p>'),
    '/moved': (response) => response.writeHead(302, { location: '/page' }).end(),
    '/five': (response) => response.writeHead(302, { location: '/five/4' }).end(),
    '/six': (response) => response.writeHead(302, { location: '/five' }).end(),
    '/round': (response) => response.writeHead(302, { location: '/round' }).end(),
    '/nowhere': (response) => response.writeHead(304).end(),
    '/private': (response) => response.writeHead(302, { location: 'http://10.0.0.1/secrets' }).end(),
    '/metadata': (response) => response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    '/mapped': (response) => response.writeHead(307, { location: 'http://[::ffff:169.254.169.254]/' }).end(),
    '/decimal': (response) => response.writeHead(301, { location: `http://2130706434:${port}/page` }).end(),
    '/byname': (response) => response.writeHead(301, { location: `http://localhost:${port}/page` }).end(),
    '/file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/named': (response) => response.writeHead(302, { location: 'http://user:word@127.0.0.1/' }).end(),
    '/mail': (response) => response.writeHead(302, { location: 'http://127.0.0.1:25/' }).end(),
    '/gone': (response) => response.writeHead(404, html).end('no'),
    '/busy': (response) => response.writeHead(429, { ...html, 'retry-after': '7' }).end('later'),
    '/hang': () => onAsked(),
    '/drip': (response) => {
      response.writeHead(200, html).write('drop')
      onAsked()
    },
    '/cut': (response) => {
      response.writeHead(200, { ...html, 'content-length': '100' }).write('part')
      response.socket?.destroy()
    },
    '/endless': (response) => {
      response.writeHead(200, html)
      const more = () => {
        while (!response.destroyed && response.write('w'.repeat(65_536)));
        response.once('drain', more)
      }
      more()
    },
    '/announced': (response) => response.writeHead(200, { ...html, 'content-length': String(50 * 2 ** 20) }).write('w'),
    '/bomb': (response) => response.writeHead(200, { ...html, 'content-encoding': 'gzip' }).end(bomb),
    '/gzip': (response) => response.writeHead(200, { ...html, 'content-encoding': 'gzip' }).end(gzipSync('packed')),
    '/deflate': (response) =>
      response.writeHead(200, { ...html, 'content-encoding': 'deflate' }).end(deflateSync('packed')),
    '/br': (response) =>
      response.writeHead(200, { ...html, 'content-encoding': 'br' }).end(brotliCompressSync('packed')),
    '/twice': (response) => response.writeHead(200, { ...html, 'content-encoding': 'gzip, gzip' }).end('x'),
    '/broken': (response) => response.writeHead(200, { ...html, 'content-encoding': 'gzip' }).end('no gzip'),
    '/picture': (response) => response.writeHead(200, { 'content-type': 'image/png' }).end('png'),
    '/disguised': (response) => response.writeHead(200, html).end(Buffer.from([80, 75, 3, 4, 0, 0, 1])),
    '/unsaid': (response) => response.writeHead(200).end('plain words'),
    '/feed': (response) => response.writeHead(200, { 'content-type': 'application/atom+xml' }).end('<feed/>'),
  }
  for (const step of [4, 3, 2, 1]) {
    answers[`/five/${step}`] = (response) =>
      response.writeHead(302, { location: step === 1 ? '/page' : `/five/${step - 1}` }).end()
  }

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request)
      answers[request.url ?? '']?.(response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
    base = `http://127.0.0.1:${port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    asked = []
    onAsked = () => undefined
  })

  const paths = () => asked.map(({ url }) => url)
  /** Of closed addresses only the server's own passes. */
  const isAllowed = (ip: string) => ip === '127.0.0.1'
  const open = createGuardedFetch({ clock: systemClock, isAllowed })
  const fetched = (path: string, more: Partial<GuardedRequest> = {}) =>
    open({ address: `${base}${path}`, limitBytes: LIMIT, timeoutMs: 20_000, textOnly: true, ...more })
  const textOf = async (path: string, more?: Partial<GuardedRequest>) =>
    new TextDecoder().decode((await fetched(path, more)).bytes)

  it('follows redirects, and tells where it was in the end', async () => {
    await expect(fetched('/moved')).resolves.toMatchObject({ status: 200, address: `${base}/page`, type: 'text/html' })
    expect(await textOf('/five')).toBe('<p>Words</p>')
  })

  it('names the program and nothing of the learner', async () => {
    await fetched('/page')
    const { headers } = asked[0] as IncomingMessage
    expect(headers['user-agent']).toMatch(/^LearningVoiceAgent\//)
    expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent'])
  })

  it.each(['/private', '/metadata', '/mapped', '/decimal', '/byname', '/file', '/named', '/mail'])(
    'does not follow a redirect into a private network, to a file or to another service: %s',
    async (path) => {
      await expect(fetched(path)).rejects.toMatchObject({ code: 'address-refused' })
      expect(paths()).toEqual([path])
    },
  )

  it('follows five redirects and no sixth', async () => {
    await expect(fetched('/six')).rejects.toMatchObject({ code: 'address-unreachable', params: { status: 310 } })
    await expect(fetched('/round')).rejects.toMatchObject({ code: 'address-unreachable' })
    expect(paths().filter((path) => path === '/round')).toHaveLength(6)
  })

  it.each(['/nowhere', '/cut', '/broken'])('says that an address cannot be reached: %s', (path) =>
    expect(fetched(path)).rejects.toMatchObject({ code: 'address-unreachable' }),
  )

  it('gives what a server says in place of an answer', async () => {
    await expect(fetched('/gone')).resolves.toMatchObject({ status: 404 })
    await expect(fetched('/busy')).resolves.toMatchObject({ status: 429, retryAfterSeconds: 7 })
  })

  it.each(['/endless', '/announced', '/bomb'])('stops at the size that is allowed: %s', async (path) => {
    await expect(fetched(path)).rejects.toMatchObject({ code: 'answer-too-large', params: { limit: 64 } })
  })

  it('unpacks what came packed', async () => {
    for (const packing of ['/gzip', '/deflate', '/br']) expect(await textOf(packing)).toBe('packed')
  })

  it.each(['/picture', '/disguised', '/twice'])('takes text alone where text is wanted: %s', (path) =>
    expect(fetched(path)).rejects.toMatchObject({ code: 'answer-not-text' }),
  )

  it('takes feeds, text without a type, and pictures where anything is wanted', async () => {
    expect(await textOf('/feed')).toBe('<feed/>')
    expect(await textOf('/unsaid')).toBe('plain words')
    expect(await textOf('/picture', { textOnly: false })).toBe('png')
  })

  it.each(['/hang', '/drip'])('waits no longer than it may: %s', async (path) => {
    const clock = new ManualClock()
    const heard = new Promise<void>((resolve) => {
      onAsked = resolve
    })
    const answer = createGuardedFetch({ clock, isAllowed })({
      address: `${base}${path}`,
      limitBytes: LIMIT,
      timeoutMs: 8_000,
    })
    const failed = expect(answer).rejects.toMatchObject({ code: 'timeout' })
    await heard
    clock.advance(8_000)
    await failed
  })

  it('stops when it is asked to, before and while it waits', async () => {
    await expect(fetched('/page', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
    expect(asked).toEqual([])
    const stop = new AbortController()
    onAsked = () => stop.abort()
    await expect(fetched('/hang', { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('does not connect to this machine, but for the server that the learner typed in', async () => {
    const guarded = createGuardedFetch({ clock: systemClock })
    const request = { address: `${base}/page`, limitBytes: LIMIT, timeoutMs: 20_000 }
    await expect(guarded(request)).rejects.toMatchObject({ code: 'address-refused' })
    expect(asked).toEqual([])
    await expect(guarded({ ...request, trustedOrigin: base })).resolves.toMatchObject({ status: 200 })
    await expect(guarded({ ...request, address: `${base}/decimal`, trustedOrigin: base })).rejects.toMatchObject({
      code: 'address-refused',
    })
  })

  it('connects to the address that was checked, and checks a name that has moved', async () => {
    const leads = ['127.0.0.1', '127.0.0.2', '127.0.0.1']
    const asking: string[] = []
    const moving = ((name: string, _: unknown, answer: (error: null, found: object[]) => void) => {
      asking.push(name)
      answer(null, [{ address: leads.shift(), family: 4 }])
    }) as unknown as typeof lookup
    const rebound = createGuardedFetch({ clock: systemClock, isAllowed, lookup: moving })
    const request = { address: `http://moving.example:${port}/page`, limitBytes: LIMIT, timeoutMs: 20_000 }
    await expect(rebound(request)).resolves.toMatchObject({ status: 200 })
    await expect(rebound(request)).rejects.toMatchObject({ code: 'address-refused' })
    expect(asking).toEqual(['moving.example', 'moving.example'])
    expect(paths()).toEqual(['/page'])
  })

  it('refuses a name of which any address is closed', async () => {
    const both = ((_: string, __: unknown, answer: (error: null, found: object[]) => void) =>
      answer(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ])) as unknown as typeof lookup
    const guarded = createGuardedFetch({ clock: systemClock, isAllowed, lookup: both })
    await expect(
      guarded({ address: `http://both.example:${port}/page`, limitBytes: LIMIT, timeoutMs: 20_000 }),
    ).rejects.toMatchObject({ code: 'address-refused' })
    expect(asked).toEqual([])
  })

  it('looks at the address of the connection itself', async () => {
    let looks = 0
    // The name passes; the connection, which is looked at last, does not.
    const guarded = createGuardedFetch({ clock: systemClock, isAllowed: () => ++looks < 3, lookup: localLookup })
    await expect(
      guarded({ address: `http://sly.example:${port}/page`, limitBytes: LIMIT, timeoutMs: 20_000 }),
    ).resolves.toMatchObject({ status: 200 })
    await expect(
      guarded({ address: `http://sly.example:${port}/page`, limitBytes: LIMIT, timeoutMs: 20_000 }),
    ).rejects.toMatchObject({ code: 'address-refused' })
  })

  it('carries keys and questions to no other server', async () => {
    const other = createServer((_, response) => response.writeHead(302, { location: `${base}/page` }).end())
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const away = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
    const request = { address: away, limitBytes: LIMIT, timeoutMs: 20_000 }
    try {
      await expect(open({ ...request, headers: { authorization: 'Bearer key' } })).rejects.toMatchObject({
        code: 'address-unreachable',
      })
      await expect(open({ ...request, method: 'POST', body: '{}' })).rejects.toMatchObject({
        code: 'address-unreachable',
      })
      expect(asked).toEqual([])
      await expect(open(request)).resolves.toMatchObject({ status: 200 })
    } finally {
      other.closeAllConnections()
      other.close()
    }
  })
})

const localLookup = ((_: string, __: unknown, answer: (error: null, found: object[]) => void) =>
  answer(null, [{ address: '127.0.0.1', family: 4 }])) as unknown as typeof lookup
