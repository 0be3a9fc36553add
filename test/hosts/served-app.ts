import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import WebSocketClient from 'ws'
import { type Carrier, type Client, createClient, webSocketCarrier } from '../../src-core/contract/index.ts'
import { COMPILE_CACHE, MODEL_CACHE } from '../model-cache.ts'
import { builtProgram } from './built-program.ts'

const START_MS = 60_000

/** Variables for tests that start programs: nothing of this machine's own settings, nothing opened, models converted and sources compiled once. */
export function testEnvironment(dataDir: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(LVA_|ANTHROPIC_|OPENAI_)/.test(name))
  const ours = { LVA_DATA_DIR: dataDir, LVA_CACHE_DIR: MODEL_CACHE, NODE_COMPILE_CACHE: COMPILE_CACHE }
  return { ...Object.fromEntries(kept), CI: 'true', ...ours }
}

/** The browser host as a process of its own, as it is built. */
export interface ServedApp {
  dataDir: string
  address: string
  process: ChildProcess
  printed(): string
  /** Resolves with the exit code, or the signal's name. */
  exit: Promise<number | string | null>
  /** A client as the page has one: with the cookie that the address sets. */
  connect(): Promise<{ client: Client; carrier: Carrier }>
  /** Ctrl-C, and everything removed that it wrote. */
  stop(): Promise<number | string | null>
}

export async function serveApp(
  options: { dataDir?: string; environment?: Record<string, string> } = {},
): Promise<ServedApp> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'lva-served-'))
  const child = spawn(process.execPath, [await builtProgram('serve')], {
    env: { ...testEnvironment(dataDir), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { address, printed, exit } = await printedAddress(child)
  return {
    dataDir,
    address,
    process: child,
    printed,
    exit,
    connect: () => connectTo(address),
    async stop() {
      child.kill('SIGINT')
      const code = await exit
      rmSync(dataDir, { recursive: true, force: true })
      return code
    },
  }
}

/** Waits for the address on a program's output. @throws Error with all that it printed when it ends or is too late */
async function printedAddress(child: ChildProcess) {
  let output = ''
  const exit = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal)),
  )
  const address = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address was printed:\n${output}`)), START_MS)
    const read = (chunk: Buffer) => {
      output += chunk
      const found = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/.exec(output)
      if (!found) return
      clearTimeout(timer)
      resolve(found[0])
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    void exit.then((code) => {
      clearTimeout(timer)
      reject(new Error(`it ended with ${code}:\n${output}`))
    })
  })
  return { address, exit, printed: () => output }
}

/** A client of a running app, as its page has one. */
export async function connectTo(address: string): Promise<{ client: Client; carrier: Carrier }> {
  const opened = await fetch(address)
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  const origin = new URL(address).origin
  const carrier = webSocketCarrier({
    url: `${origin.replace('http', 'ws')}/rpc`,
    open: (url) => {
      const socket = new WebSocketClient(url, { headers: { cookie, origin }, perMessageDeflate: false })
      socket.on('error', () => undefined)
      return socket as unknown as WebSocket
    },
    probe: async () => (await fetch(`${origin}/rpc`, { headers: { cookie } })).status,
  })
  return { client: createClient(carrier), carrier }
}
