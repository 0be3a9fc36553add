import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fetchAddress } from './fetch-address.ts'

describe('fetching a page', () => {
  let server: Server
  let base: string
  let asked: string[]
  const answers: Record<string, (response: ServerResponse) => void> = {
    '/page': (response) => response.end('<p>Words</p>'),
    '/moved': (response) => response.writeHead(302, { location: '/page' }).end(),
    '/round': (response) => response.writeHead(302, { location: '/round' }).end(),
    '/inside': (response) => response.writeHead(302, { location: 'http://10.0.0.1/secrets' }).end(),
    '/metadata': (response) => response.writeHead(307, { location: 'http://[::ffff:169.254.169.254]/' }).end(),
    '/byname': (response) =>
      response.writeHead(301, { location: `http://localhost:${(server.address() as AddressInfo).port}/page` }).end(),
    '/file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/named': (response) => response.writeHead(302, { location: 'http://user:word@127.0.0.1/' }).end(),
    '/gone': (response) => response.writeHead(404).end('no'),
    '/slow': () => undefined,
    '/cut': (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('part')
      response.socket?.destroy()
    },
    '/endless': (response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        response.once('drain', more)
      }
      more()
    },
  }

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      expect(request.headers.cookie).toBeUndefined()
      answers[request.url ?? '']?.(response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    asked = []
  })

  /** Only addresses that are written as the test's own server pass; names are held for those of a closed network. */
  const fetched = (path: string, addressTimeoutMs = 20_000, signal?: AbortSignal) => {
    let connections = 0
    const isOwn = (ip: string) => ip === '127.0.0.1' && (path !== '/byname' || ++connections === 1)
    return fetchAddress(`${base}${path}`, { fileMb: 1, addressTimeoutMs }, signal, isOwn)
  }

  it('follows redirects, and tells where it was in the end', async () => {
    const { bytes, address } = await fetched('/moved')
    expect(new TextDecoder().decode(bytes)).toBe('<p>Words</p>')
    expect(address).toBe(`${base}/page`)
  })

  it.each(['/inside', '/metadata', '/byname', '/file', '/named'])(
    'does not follow a redirect into a private network or to a file: %s',
    async (path) => {
      await expect(fetched(path)).rejects.toMatchObject({ code: 'address-refused' })
      expect(asked).toEqual([path])
    },
  )

  it.each(['/round', '/gone', '/cut'])('says that an address cannot be reached: %s', (path) =>
    expect(fetched(path)).rejects.toMatchObject({ code: 'address-unreachable' }),
  )

  it('stops at the size and the time that are allowed, and when it is asked to', async () => {
    await expect(fetched('/endless')).rejects.toMatchObject({ code: 'document-too-large' })
    await expect(fetched('/slow', 50)).rejects.toMatchObject({ code: 'timeout' })
    await expect(fetched('/slow', 20_000, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('does not connect to this machine by itself', async () => {
    await expect(fetchAddress(`${base}/page`, { fileMb: 1, addressTimeoutMs: 20_000 })).rejects.toMatchObject({
      code: 'address-refused',
    })
    expect(asked).toEqual([])
  })
})
