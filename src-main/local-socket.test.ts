import { existsSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connection, Frame } from '../src-core/contract/index.ts'
import { systemRandom } from '../src-core/kernel/index.ts'
import { connectLocally, listenLocally } from './local-socket.ts'

let place: string
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'lva-socket-'))
})
afterEach(() => rm(place, { recursive: true }))

async function echo(folder: string) {
  return listenLocally(folder, systemRandom, (connection) => connection.onFrame((frame) => void connection.send(frame)))
}

function next(connection: Connection): Promise<Frame> {
  return new Promise((resolve) => connection.onFrame(resolve))
}

async function connected(folder: string): Promise<Connection> {
  const connection = await connectLocally(folder)
  if (!connection) throw new Error('nobody listens')
  return connection
}

describe('the local socket', () => {
  it('carries text and bytes of any size, whole and in order', async () => {
    const server = await echo(place)
    const connection = await connected(place)
    const sent: Frame[] = ['', 'é"\u0000', new Uint8Array(0), new Uint8Array(3_000_000).fill(7), 'x'.repeat(2_000_000)]
    const heard: Frame[] = []
    const all = new Promise<void>((resolve) =>
      connection.onFrame((frame) => {
        heard.push(frame)
        if (heard.length === sent.length) resolve()
      }),
    )
    for (const frame of sent) await connection.send(frame)
    await all
    expect(heard).toEqual(sent)
    connection.close()
    await server.close()
  })

  it('is open to the owner alone and leaves nothing behind', async () => {
    const before = await readdir(place)
    const server = await echo(place)
    if (process.platform !== 'win32') {
      expect(statSync(join(place, 'socket')).mode & 0o777).toBe(0o700)
      expect(statSync(join(place, 'core.address')).mode & 0o777).toBe(0o600)
    }
    await server.close()
    expect(await readdir(place)).toEqual(before)
  })

  it('stands elsewhere when the path of the folder is too long for a socket', async () => {
    const deep = join(place, 'a'.repeat(120))
    await mkdir(deep)
    const server = await echo(deep)
    const connection = await connected(deep)
    const answer = next(connection)
    await connection.send('hello')
    expect(await answer).toBe('hello')
    connection.close()
    await server.close()
  })

  it('answers null where no core runs, and where one was killed', async () => {
    expect(await connectLocally(place)).toBeNull()
    await writeFile(join(place, 'core.address'), join(place, 'socket', 'core'))
    expect(await connectLocally(place)).toBeNull()
    const server = await echo(place)
    ;(await connected(place)).close()
    await server.close()
  })

  it('tells both sides when the other goes', async () => {
    const gone = Promise.withResolvers<void>()
    const server = await listenLocally(place, systemRandom, (connection) => connection.onClose(gone.resolve))
    ;(await connected(place)).close()
    await gone.promise
    const second = await connected(place)
    const closed = new Promise<void>((resolve) => second.onClose(resolve))
    await server.close()
    await closed
  })

  it('cuts off who announces a frame beyond the limit', async () => {
    const server = await echo(place)
    const raw = connect(join(place, 'socket', 'core'))
    const closed = new Promise((resolve) => raw.once('close', resolve))
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0]))
    await closed
    await server.close()
    expect(existsSync(join(place, 'socket'))).toBe(false)
  })
})
