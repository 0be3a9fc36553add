import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSeconds, residentMb } from './process-cost.ts'

const SETTLE_MS = 4_000

/** A server as a process of its own, with what the system says of it. */
export interface ServerProcess {
  /** Resident megabytes, after a collection of garbage and a while in which nothing is asked of it. */
  settledMb(): Promise<number>
  /** Of the processor, user and system, so far. */
  cpuSeconds(): number
  stop(): Promise<void>
}

const COLLECT = "data:text/javascript,process.on('SIGUSR2',()=>globalThis.gc())"

/** Starts `node file` and waits for its first line. @returns the line too */
export async function startServer(
  file: string,
  environment: Record<string, string>,
): Promise<ServerProcess & { line: string }> {
  const child: ChildProcess = spawn(process.execPath, ['--expose-gc', '--import', COLLECT, file], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (data: Buffer) => resolve(data.toString()))
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
  const pid = child.pid ?? 0
  return {
    line,
    async settledMb() {
      child.kill('SIGUSR2')
      await sleep(SETTLE_MS)
      return residentMb(pid)
    },
    cpuSeconds: () => cpuSeconds(pid),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}
