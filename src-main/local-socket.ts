import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connection } from '../src-core/contract/index.ts'
import type { Closable, Random } from '../src-core/kernel/index.ts'
import { framedSocket } from './framed-socket.ts'

/** Names the socket of the core that owns the data folder. */
const ADDRESS_FILE = 'core.address'
/** What fits into the address of a Unix socket on every system, in bytes. */
const MAX_SOCKET_PATH = 100

/**
 * Lets other programs of this learner, such as the command line, talk to the core that has the data folder open. Only the owner of
 * the folder gets in: the socket stands in a folder that nobody else can enter; a Windows pipe has a random name, which only the
 * owner can read.
 */
export async function listenLocally(
  dataDir: string,
  random: Random,
  onConnection: (connection: Connection) => void,
): Promise<Closable> {
  const { path, remove } = socketPlace(dataDir, random)
  const open = new Set<Connection>()
  const server = createServer((socket) => {
    const connection = framedSocket(socket)
    open.add(connection)
    connection.onClose(() => open.delete(connection))
    onConnection(connection)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  if (process.platform !== 'win32') chmodSync(path, 0o600)
  const addressFile = join(dataDir, ADDRESS_FILE)
  writeFileSync(addressFile, path, { mode: 0o600 })
  return {
    async close() {
      rmSync(addressFile, { force: true })
      for (const connection of open) connection.close()
      await new Promise((resolve) => server.close(resolve))
      remove()
    },
  }
}

/** The core that has the folder open, or null when none does. */
export async function connectLocally(dataDir: string): Promise<Connection | null> {
  let path: string
  try {
    path = readFileSync(join(dataDir, ADDRESS_FILE), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(framedSocket(socket)))
    // A core that was killed leaves its address behind; the next one that opens the folder writes another.
    socket.once('error', () => resolve(null))
  })
}

function socketPlace(dataDir: string, random: Random): { path: string; remove: () => void } {
  const nonce = Buffer.from(random.bytes(16)).toString('hex')
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\lva-${nonce}`, remove: () => undefined }
  const near = join(dataDir, 'socket')
  const path = join(near, 'core')
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) {
    rmSync(near, { recursive: true, force: true })
    mkdirSync(near, { mode: 0o700 })
    return { path, remove: () => rmSync(near, { recursive: true, force: true }) }
  }
  const far = mkdtempSync(join(tmpdir(), 'lva-'))
  return { path: join(far, 'core'), remove: () => rmSync(far, { recursive: true, force: true }) }
}
