import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { ScriptedRedis } from './scripted-redis.ts'

/** The `redis-server` of this machine, such as that of Debian's package; undefined where there is none. */
export function foundRedis(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'redis-server'))
    .find((file) => existsSync(file))
}

/** A real Redis of the test's own, on loopback, in memory. */
export async function startRedisServer(program: string): Promise<ScriptedRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'lva-redis-'))
  const port = await freePort()
  let child: ChildProcess | undefined
  const restart = async () => {
    const started = spawn(
      program,
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    child = started
    await new Promise<void>((resolve, reject) => {
      let log = ''
      started.once('error', reject)
      started.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${log}`)))
      started.stdout.on('data', (data: Buffer) => {
        log += data.toString()
        if (log.includes('Ready to accept connections')) resolve()
      })
    })
  }
  const kill = () =>
    new Promise<void>((resolve) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })
  await restart()
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart,
    async close() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
