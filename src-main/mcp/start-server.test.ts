import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../../src-core/kernel/index.ts'
import { allGone, descendants, stillRunning } from '../../test/hosts/processes.ts'
import { createStartServer } from './start-server.ts'

const STUBBORN = [process.execPath, resolve('test/scripted-mcp/stdio-server.ts'), 'stubborn']

it('leaves no process when the core is killed, of a program that would stay and of what it started', async () => {
  const core = fork(resolve('test/mcp-orphan-maker.ts'), STUBBORN, { execArgv: [] })
  await once(core, 'message')
  const below = descendants(core.pid as number)
  // Keeper, program, and what the program started.
  expect(below).toHaveLength(3)
  core.kill('SIGKILL')
  await allGone(below, 10_000)
})

it('leaves no process when the keeper is killed', async () => {
  const [command = '', ...words] = STUBBORN
  const before = descendants(process.pid).map(({ pid }) => pid)
  const program = createStartServer(systemClock)({ command, arguments: words, variables: {} })
  const exited = new Promise<boolean>((listener) => program.onExit(listener))
  const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  program.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello })}\n`)
  await once(program.stdout, 'data')
  const below = descendants(process.pid).filter(({ pid }) => !before.includes(pid))
  const keeper = below.find(({ command: line }) => line.includes('src-main/mcp/entry.ts'))
  process.kill(keeper?.pid as number, 'SIGKILL')
  expect(await exited).toBe(true)
  await allGone(below, 10_000)
})

it('says that there is no such program', async () => {
  const program = createStartServer(systemClock)({ command: 'no-such-program', arguments: [], variables: {} })
  expect(await new Promise((listener) => program.onExit(listener))).toBe(false)
  await program.end()
  expect(stillRunning(descendants(process.pid).filter(({ command }) => command.includes('mcp/entry.ts')))).toEqual([])
})
