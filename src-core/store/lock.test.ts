import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock, systemClock } from '../kernel/index.ts'
import { LOCK_FILE, type LockHolder, lockFolder } from './lock.ts'
import { processExists, processStart } from './process-identity.ts'

describe('the lock of a data folder', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lva-lock-'))
    file = join(folder, LOCK_FILE)
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const holder = () => JSON.parse(readFileSync(file, 'utf8')) as LockHolder
  const lock = (kind: 'cli' | 'electron' = 'cli') => lockFolder(folder, kind, systemClock)
  const pretend = (change: Partial<LockHolder>) => {
    const present: LockHolder = {
      pid: process.pid,
      processStart: processStart(process.pid) ?? null,
      machine: hostname(),
      kind: 'electron',
      lockedAt: '2026-11-22T20:00:00.000Z',
      nonce: 'somebody',
    }
    writeFileSync(file, JSON.stringify({ ...present, ...change }))
  }
  /** The number of a process that has ended. */
  const endedPid = async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => child.once('exit', resolve))
    return child.pid ?? 0
  }

  it('says who has the folder and since when, and goes away with them', async () => {
    const unlock = await lockFolder(folder, 'electron', new ManualClock(Date.UTC(2026, 10, 22)))
    expect(holder()).toMatchObject({
      pid: process.pid,
      machine: hostname(),
      kind: 'electron',
      lockedAt: '2026-11-22T00:00:00.000Z',
    })
    unlock()
    expect(existsSync(file)).toBe(false)
    unlock()
  })

  it('refuses a second opener with the name of the first', async () => {
    const unlock = await lock('electron')
    await expect(lock()).rejects.toMatchObject({
      code: 'vault-locked',
      message: expect.stringMatching(/in use by the desktop app \(process \d+, since 20/),
      params: { kind: 'electron', pid: process.pid },
    })
    unlock()
    ;(await lock())()
  })

  it('is taken over from a process that has ended', async () => {
    pretend({ pid: await endedPid() })
    const unlock = await lock()
    expect(holder().pid).toBe(process.pid)
    unlock()
  })

  it.runIf(process.platform === 'linux' || process.platform === 'darwin')(
    'is taken over when the number of the process belongs to another one by now',
    async () => {
      pretend({ processStart: 'earlier' })
      const unlock = await lock()
      expect(holder().nonce).not.toBe('somebody')
      unlock()
    },
  )

  it('counts as held where the system does not tell when a process was started', async () => {
    pretend({ processStart: null })
    await expect(lock()).rejects.toMatchObject({ code: 'vault-locked' })
  })

  it('of another machine counts as held, and the advice says what to do', async () => {
    pretend({ machine: 'elsewhere', pid: await endedPid() })
    await expect(lock()).rejects.toMatchObject({
      code: 'vault-locked',
      message: expect.stringContaining('on the machine elsewhere'),
      advice: expect.stringContaining(file),
    })
  })

  it('left half written by a crash is replaced, but not while it may still be being written', async () => {
    writeFileSync(file, '{"pid":')
    const waiting = new ManualClock()
    const opening = lockFolder(folder, 'cli', waiting)
    await expect.poll(() => waiting.sleeping).toBe(1)
    const old = new Date(Date.now() - 60_000)
    utimesSync(file, old, old)
    waiting.advance(100)
    const unlock = await opening
    expect(holder().pid).toBe(process.pid)
    unlock()
  })

  it('goes to exactly one of many that find a dead one at the same time', async () => {
    pretend({ pid: await endedPid() })
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lock()))
    const won = results.filter((result) => result.status === 'fulfilled')
    expect(won).toHaveLength(1)
    expect(results.filter((result) => result.status === 'rejected').map(({ reason }) => reason.code)).toEqual(
      Array(19).fill('vault-locked'),
    )
  })

  it('goes to exactly one of several processes that find a dead one at the same time', async () => {
    pretend({ pid: await endedPid() })
    const script = `
      import { lockFolder } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)}
      import { systemClock } from ${JSON.stringify(new URL('../kernel/index.ts', import.meta.url).href)}
      try { await lockFolder(process.argv[1], 'cli', systemClock); console.log('won') } catch (error) { console.log(error.code) }
      process.stdin.resume()`
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module-typescript', '-e', script, folder], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    )
    const exits = children.map((child) => new Promise((resolve) => child.once('exit', resolve)))
    const words = await Promise.all(
      children.map(
        (child) => new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim()))),
      ),
    )
    for (const child of children) child.stdin.end()
    await Promise.all(exits)
    expect(words.sort()).toEqual(['vault-locked', 'vault-locked', 'vault-locked', 'won'])
  })

  it('is not removed by a holder whose lock was taken over', async () => {
    const unlock = await lock()
    pretend({ nonce: 'another' })
    unlock()
    expect(holder().nonce).toBe('another')
  })
})

describe('the identity of a process', () => {
  it('tells running from ended', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'])
    const pid = child.pid ?? 0
    expect(processExists(pid)).toBe(true)
    if (process.platform === 'linux') {
      expect(processStart(pid)).toBe(processStart(pid))
      expect(processStart(pid)).not.toBe(processStart(process.pid))
    }
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await exited
    expect(processExists(pid)).toBe(false)
    expect(processStart(pid)).toBeUndefined()
  })
})
