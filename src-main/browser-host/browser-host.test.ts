import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import WebSocketClient from 'ws'
import { createClient, webSocketCarrier } from '../../src-core/contract/index.ts'
import { silentLog, systemClock, systemRandom } from '../../src-core/kernel/index.ts'
import { fakeCoreHost } from '../../test/hosts/fake-core-host.ts'
import { type BrowserHost, openBrowserHost } from './browser-host.ts'

let page: string
let host: BrowserHost
let setup: ReturnType<typeof fakeCoreHost>

beforeAll(async () => {
  page = await mkdtemp(join(tmpdir(), 'lva-page-'))
  await mkdir(join(page, 'assets'))
  await writeFile(join(page, 'index.html'), '<title>app</title>')
  await writeFile(join(page, 'assets', 'index-abc.js'), 'export {}')
  await writeFile(`${page}.secret`, 'outside')
})
afterAll(async () => {
  await rm(page, { recursive: true })
  await rm(`${page}.secret`)
})
beforeEach(async () => {
  setup = fakeCoreHost({ recordings: { push: async () => undefined, read: async () => new Uint8Array(3_000_000) } })
  await setup.core.start()
  host = await openBrowserHost({
    core: setup.core,
    port: 0,
    random: systemRandom,
    clock: systemClock,
    log: silentLog,
    page,
  })
})
afterEach(async () => {
  await host.close()
  await setup.core.close()
})

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** A request with exactly these headers; `fetch` would not let us lie about Host. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: host.port, path, method, headers: { host: `127.0.0.1:${host.port}`, ...headers } },
      (response) => {
        let body = ''
        response.on('data', (chunk) => {
          body += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      },
    )
    outgoing.on('error', reject)
    outgoing.end()
  })
}

async function cookie(): Promise<string> {
  const { pathname, search } = new URL(host.address)
  const answer = await get(pathname + search)
  return String(answer.headers['set-cookie']?.[0]).split(';')[0] ?? ''
}

/** How the host answers the upgrade: 101, or the refusal. */
function upgrade(headers: Record<string, string>, path = '/rpc'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocketClient(`ws://127.0.0.1:${host.port}${path}`, { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, response) => {
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.on('error', () => undefined)
  })
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('the browser host', () => {
  it('listens on the loopback address alone', () => {
    expect(new URL(host.address).hostname).toBe('127.0.0.1')
  })

  it('lets in who opens the printed address, by a cookie that scripts and other sites cannot use', async () => {
    const { pathname, search } = new URL(host.address)
    const answer = await get(pathname + search)
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^lva_${host.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    )
    expect(answer.body).toContain('url=/')
    expect(answer.body).not.toContain(search.slice(7))
    expect(await get('/', { cookie: await cookie() })).toMatchObject({ status: 200, body: '<title>app</title>' })
  })

  it('takes a ticket once', async () => {
    const { pathname, search } = new URL(host.newAddress())
    expect((await get(pathname + search)).status).toBe(200)
    expect((await get(pathname + search)).status).toBe(401)
  })

  it.each([
    ['nothing', {}, 401],
    ['a wrong cookie', { cookie: 'lva_1=x' }, 401],
    ['another host name', { host: 'evil.example' }, 403],
    ['localhost as a name', { host: 'localhost' }, 403],
  ])('refuses a page request with %s, and says what to do', async (_name, headers: Record<string, string>, status) => {
    const named = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('lva_1', `lva_${host.port}`)]),
    )
    for (const path of ['/', '/assets/index-abc.js', '/open', '/open?token=', '/open?token=x', '/rpc']) {
      const answer = await get(path, named)
      expect(answer.status).toBe(status)
      expect(answer.body).toContain('the terminal printed')
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
  })

  it('refuses a foreign name even with the right cookie', async () => {
    expect((await get('/', { host: `evil.example:${host.port}`, cookie: await cookie() })).status).toBe(403)
  })

  it('opens the WebSocket only for our page with the cookie', async () => {
    const good = { cookie: await cookie(), origin: `http://127.0.0.1:${host.port}` }
    expect(await upgrade(good)).toBe(101)
    expect(await upgrade({ origin: good.origin })).toBe(401)
    expect(await upgrade({ cookie: good.cookie })).toBe(403)
    expect(await upgrade({ ...good, origin: 'http://evil.example' })).toBe(403)
    expect(await upgrade({ ...good, origin: `http://localhost:${host.port}` })).toBe(403)
    expect(await upgrade({ ...good, host: 'evil.example' })).toBe(403)
    expect(await upgrade(good, '/other')).toBe(404)
  })

  it('sends the strict headers with every answer', async () => {
    const own = ["script-src 'self'", "style-src 'self'"]
    for (const [answer, allowed] of [
      [await get('/'), []],
      [await get('/', { cookie: await cookie() }), own],
    ] as const) {
      const policy = String(answer.headers['content-security-policy']).split('; ')
      expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "frame-ancestors 'none'", ...allowed]))
      expect(policy.join()).not.toContain('unsafe')
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(answer.headers['permissions-policy']).toContain('microphone=(self)')
    }
  })

  it('serves the files of the page, the page for places inside it, and nothing else', async () => {
    const headers = { cookie: await cookie() }
    expect(await get('/assets/index-abc.js', headers)).toMatchObject({ status: 200, body: 'export {}' })
    expect(await get('/library/2026-01-01', headers)).toMatchObject({ status: 200, body: '<title>app</title>' })
    expect((await get('/', headers, 'POST')).status).toBe(405)
    const name = page.split('/').pop()
    for (const path of [
      '/assets/none.js',
      `/../${name}.secret`,
      `/%2e%2e/${name}.secret`,
      `/..%2f${name}.secret`,
      '/%00.js',
      '/%zz.js',
    ]) {
      const answer = await get(path, headers)
      expect([path, answer.status, answer.body]).toEqual([path, 404, 'Not found'])
    }
  })

  it('says so when the port is taken', async () => {
    const second = openBrowserHost({
      core: setup.core,
      port: host.port,
      random: systemRandom,
      clock: systemClock,
      log: silentLog,
      page,
    })
    await expect(second).rejects.toMatchObject({ code: 'port-taken', params: { port: host.port } })
  })

  it('carries the contract, comes back after the core was lost, and tells a client that it is no longer known', async () => {
    let known = await cookie()
    const origin = `http://127.0.0.1:${host.port}`
    const carrier = webSocketCarrier({
      url: `ws://127.0.0.1:${host.port}/rpc`,
      open: (url) => {
        const socket = new WebSocketClient(url, { headers: { cookie: known, origin } })
        socket.on('error', () => undefined)
        return socket as unknown as WebSocket
      },
      probe: async () => (await get('/rpc', { cookie: known })).status,
    })
    const states: string[] = []
    carrier.onState((state) => states.push(state))
    const client = createClient(carrier)
    const wav = await client.speech.recording({ sha256: 'a'.repeat(64) })
    expect(wav.size).toBe(3_000_000)
    setup.children[0]?.exit(null)
    await client.speech.push({ recordingId: 'r', pcm: new Blob([new Uint8Array(10)]) }).catch(() => undefined)
    await until(() => carrier.state === 'open')
    expect((await client.speech.recording({ sha256: 'a'.repeat(64) })).size).toBe(3_000_000)
    known = 'lva=forgotten'
    setup.children[1]?.exit(null)
    await until(() => carrier.state === 'unauthorized')
    await expect(client.app.dataSize()).rejects.toMatchObject({ code: 'unauthorized' })
    expect(states).toEqual(['open', 'connecting', 'open', 'connecting', 'unauthorized'])
    carrier.close()
  })
})
