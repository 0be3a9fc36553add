import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { builtProgram } from '../../test/hosts/built-program.ts'
import { testEnvironment } from '../../test/hosts/served-app.ts'

/** A learner who adds a program on the command line, looks at its tools, accepts one, and removes it. */

const CLI = await builtProgram('cli')
const PROGRAM = [process.execPath, resolve('test/scripted-mcp/stdio-server.ts')]
let dataDir: string
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lva-cli-mcp-'))
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

function lva(words: string[], typed = ''): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const environment = { ...testEnvironment(dataDir), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }
    const child = spawn(process.execPath, [CLI, ...words], { env: environment })
    let out = ''
    let err = ''
    child.stdout.on('data', (text) => {
      out += text
    })
    child.stderr.on('data', (text) => {
      err += text
    })
    child.on('close', (code) => done({ code, out, err }))
    child.stdin.end(typed)
  })
}

it('adds a program, shows its tools, lets research use one, and removes it', async () => {
  expect((await lva(['mcp', 'list'])).err).toContain('lva mcp add NAME -- npx')
  const added = await lva(['mcp', 'add', 'Sky', '--', ...PROGRAM, 'good'])
  expect([added.code, added.out]).toEqual([0, expect.stringContaining('lva mcp test "Sky"')])
  const tested = await lva(['mcp', 'test', 'sky', '--accept', 'weather'])
  expect([tested.code, tested.err]).toEqual([0, ''])
  expect(tested.out).toMatch(/accepted {2}weather {2}The weather of a city, today\./)
  expect(tested.out).toMatch(/new {7}die/)
  const { servers } = JSON.parse((await lva(['mcp', 'list', '--json'])).out)
  expect(servers).toMatchObject([{ name: 'Sky', tools: [{ name: 'weather', standing: 'accepted' }] }])
  expect((await lva(['mcp', 'test', 'sky', '--accept', 'no-such'])).code).toBe(2)
  expect((await lva(['mcp', 'remove', 'Sky'])).code).toBe(0)
  expect((await lva(['mcp', 'test', 'Sky'])).code).toBe(3)
})

it('says of a program that does not work what it said, without its key, which was not on the command line', async () => {
  const added = await lva(
    ['mcp', 'add', 'Broken', '--variable', 'SECRET_KEY', '--', ...PROGRAM, 'ends-at-once'],
    'canary-1\n',
  )
  expect(added.code).toBe(0)
  const { code, out, err } = await lva(['mcp', 'test', 'Broken'])
  expect(code).toBe(1)
  expect(out).toMatch(/does not answer as an MCP server[\s\S]*no key given/)
  expect(out + err).not.toContain('canary-1')
  expect((await lva(['mcp', 'add', 'Both', '--url', 'https://x.example/', '--', 'x'])).code).toBe(2)
  expect((await lva(['mcp', 'add', 'Neither'])).code).toBe(2)
})
