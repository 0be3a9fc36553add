import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Client, LineState } from '../../src-core/contract/index.ts'
import { isLvaError } from '../../src-core/kernel/index.ts'
import { builtProgram } from './built-program.ts'
import { allGone, descendants } from './processes.ts'
import { type ServedApp, serveApp, testEnvironment } from './served-app.ts'

/** What happens when processes die, and when the app cannot have what it needs. With the real host, core and models. */

const SERVE = await builtProgram('serve')
const apps: ServedApp[] = []
const folders: string[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function serve(options?: Parameters<typeof serveApp>[0]): Promise<ServedApp> {
  const app = await serveApp(options)
  apps.push(app)
  return app
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'lva-fault-'))
  folders.push(path)
  return path
}

/** Runs the host to its end, which comes by itself when it cannot run. */
function serveAndFail(environment: NodeJS.ProcessEnv) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SERVE], {
    env: { ...testEnvironment(folder()), ...environment },
    encoding: 'utf8',
    timeout: 40_000,
  })
  return { status, stdout, stderr }
}

function childOf(app: ServedApp, name: 'core' | 'models') {
  const found = descendants(app.process.pid ?? 0).find(({ command }) => command.includes(`out/main/${name}.js`))
  if (!found) throw new Error(`there is no ${name} process`)
  return found
}

async function say(client: Client, text: string): Promise<string> {
  return (await client.captures.add({ sessionId: null, text, source: 'text' })).id
}

describe.skipIf(process.platform !== 'linux')('the processes of the app', () => {
  it('come back after the core was killed in the middle of writes, with all that was acknowledged', async () => {
    const app = await serve()
    const { client, carrier } = await app.connect()
    const states: LineState[] = []
    carrier.onState((state) => states.push(state))
    const acknowledged: string[] = []
    let refused = 0
    const write = async () => {
      for (let number = 0; number < 60; number += 1) {
        try {
          acknowledged.push(await say(client, `thought ${number}`))
        } catch (error) {
          expect(isLvaError(error, 'disconnected')).toBe(true)
          refused += 1
        }
        if (number === 20) process.kill(childOf(app, 'core').pid, 'SIGKILL')
      }
    }
    await write()
    expect(refused).toBeGreaterThan(0)
    expect(acknowledged.length).toBeGreaterThan(40)
    expect(states).toContain('connecting')
    expect(states.at(-1)).toBe('open')
    const kept = (await client.captures.list({ limit: 200 })).items.map(({ id }) => id)
    expect(kept).toEqual(expect.arrayContaining(acknowledged))
    expect(app.printed()).toContain('ended unexpectedly')
    carrier.close()
  })

  it('finish what the models process was doing when it was killed', async () => {
    const app = await serve()
    const { client, carrier } = await app.connect()
    const spoken = await client.speech.speak({
      text: 'Plants turn light into sugar, water and carbon dioxide into air.',
    })
    const heard = client.speech.transcribe({ audio: spoken })
    await new Promise((resolve) => setTimeout(resolve, 30))
    process.kill(childOf(app, 'models').pid, 'SIGKILL')
    expect((await heard).text.toLowerCase()).toContain('light')
    carrier.close()
  })

  it('all end on Ctrl-C, with code 0', async () => {
    const app = await serve()
    const { client, carrier } = await app.connect()
    await client.speech.speak({ text: 'Start the models.' })
    const processes = descendants(app.process.pid ?? 0)
    expect(processes.map(({ command }) => command).join()).toMatch(/core.*models/)
    carrier.close()
    expect(await app.stop()).toBe(0)
    await allGone(processes, 15_000)
    apps.pop()
  })

  it('all end when the host was killed, and give the folder back', async () => {
    const app = await serve()
    const { client, carrier } = await app.connect()
    await client.speech.speak({ text: 'Start the models.' })
    const processes = descendants(app.process.pid ?? 0)
    carrier.close()
    app.process.kill('SIGKILL')
    await allGone(processes, 15_000)
    apps.pop()
    const again = await serve({ dataDir: app.dataDir })
    expect(again.address).not.toBe(app.address)
  })
})

describe('an app that cannot run says why and what to do', () => {
  it('when another one has the data folder', async () => {
    const app = await serve()
    const { status, stderr, stdout } = serveAndFail({ LVA_DATA_DIR: app.dataDir })
    expect(status).toBe(4)
    expect(stderr).toMatch(/in use by the app in a browser .*process \d+/)
    expect(stderr).toMatch(/Close it first/)
    expect(stdout).toBe('')
  })

  it('when its port is taken', async () => {
    const other = createServer()
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as { port: number }
    const { status, stderr } = serveAndFail({ LVA_HOST_PORT: String(port) })
    other.close()
    expect(status).toBe(1)
    expect(stderr).toMatch(new RegExp(`Port ${port} is in use.*LVA_HOST_PORT`))
  })

  it('when the data folder cannot be made', () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    const { status, stderr } = serveAndFail({ LVA_DATA_DIR: join(file, 'data') })
    expect(status).toBe(1)
    expect(stderr).toMatch(/cannot be written to.*LVA_DATA_DIR/)
  })

  it('when the configuration does not fit', () => {
    const { status, stderr } = serveAndFail({ LVA_HOST_PORT: 'high', LVA_NONSENSE: '1' })
    expect(status).toBe(2)
    expect(stderr).toMatch(/host\.port/)
    expect(stderr).toMatch(/LVA_NONSENSE/)
  })

  it('when the disk is full', ({ skip }) => {
    const small = join(folder(), 'small')
    mkdirSync(small)
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small]).status === 0
    if (!mounted) return skip('a small disk can be made by root only')
    try {
      const { status, stderr } = serveAndFail({ LVA_DATA_DIR: join(small, 'data') })
      expect(status).toBe(1)
      expect(stderr).toMatch(/disk is full/i)
    } finally {
      spawnSync('umount', [small])
    }
  })
})
