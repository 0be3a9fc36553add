import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ElectronApplication, expect, type Page, test } from '@playwright/test'
import {
  type Bridge,
  type BridgeMessage,
  bridgeCarrier,
  type Carrier,
  type Client,
  createClient,
  type Frame,
} from '../../src-core/contract/index.ts'
import { allGone, descendants } from '../hosts/processes.ts'
import { CONTRACT_CHECKS } from '../suites/contract-checks.ts'
import { temporaryFolder } from './app.ts'
import { type DesktopApp, isShown, openDesktop, pressEverywhere, quickPage } from './desktop-app.ts'
import { words } from './words.ts'

/** The desktop window: its page and what may be done from it, the contract over IPC, its start and its end. `desktop.spec.ts` has what stands around it. */
const ROOT = resolve(import.meta.dirname, '../..')
const KEY = 'sk-ant-canary-2f71c0'

let folder: ReturnType<typeof temporaryFolder>
let app: ElectronApplication
let page: Page
let desktop: DesktopApp
/** What each start printed. */
const printed: (() => string)[] = []

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  folder = temporaryFolder()
  await open()
})
test.afterAll(async () => {
  await app.close()
  folder.remove()
})

async function open(): Promise<void> {
  desktop = await openDesktop(folder.path)
  printed.push(desktop.printed)
  ;({ app, page } = desktop)
}

test('a learner types and is answered', async () => {
  // The first start makes the data folder, which takes its time on a busy machine.
  await page.getByRole('button', { name: words('welcome.start') }).click({ timeout: 110_000 })
  const editor = page.getByRole('textbox', { name: words('talk.editor') })
  await editor.fill('In a transformer every token weighs all the others.')
  await editor.press('Enter')
  await expect(page.getByText(words('talk.offlineTutor'))).toBeVisible()
  await expect(page.getByRole('button', { name: words('talk.copyAnswer') })).toBeVisible()
})

test('the page has two functions of ours and nothing of Node or Electron', async () => {
  const seen = await page.evaluate(() => {
    const world = globalThis as unknown as Record<string, unknown>
    const foreign = ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer']
    return { bridge: Object.keys(world.lva as object), foreign: foreign.filter((name) => name in world) }
  })
  expect(seen).toEqual({ bridge: ['send', 'subscribe'], foreign: [] })
})

test('the window is sandboxed and isolated', async () => {
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): object }
    return contents.getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  })
})

test('the policy of the page stops scripts that are not its own', async () => {
  const outcome = await page.evaluate(async () => {
    const blocked: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective))
    const inline = document.createElement('script')
    inline.textContent = 'globalThis.ranInline = true'
    document.head.append(inline)
    const image = document.createElement('img')
    image.src = 'https://example.com/pixel.png'
    document.body.append(image)
    await fetch('https://example.com/').catch(() => undefined)
    await new Promise((done) => setTimeout(done, 100))
    inline.remove()
    image.remove()
    return { ran: 'ranInline' in globalThis, blocked }
  })
  expect(outcome.ran).toBe(false)
  expect(outcome.blocked).toEqual(expect.arrayContaining(['script-src-elem', 'img-src', 'connect-src']))
})

test('the page cannot leave; links to the web open in the browser, other schemes nowhere', async () => {
  const before = page.url()
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = async (address) => void opened.push(address)
  })
  await page.evaluate(() => {
    location.href = 'https://example.com/left'
  })
  await page.evaluate(() => void window.open('https://example.com/opened'))
  await page.evaluate(() => void window.open('file:///etc/passwd'))
  // They come by different ways, and either may be first.
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened.toSorted()))
    .toEqual(['https://example.com/left', 'https://example.com/opened'])
  expect(page.url()).toBe(before)
  expect(app.windows()).toHaveLength(1)
})

test.describe('the desktop around the page', () => {
  const QUICK = 'CommandOrControl+Shift+Space'

  test('closing the window is explained, hides it, and everything goes on', async () => {
    const asked = await app.evaluate(async ({ BrowserWindow, dialog }) => {
      const seen: string[] = []
      dialog.showMessageBox = (async (_window: unknown, { detail }: { detail: string }) => {
        seen.push(detail)
        return { response: 0, checkboxChecked: false }
      }) as never
      BrowserWindow.getAllWindows()[0]?.close()
      BrowserWindow.getAllWindows()[0]?.close()
      await new Promise((done) => setImmediate(done))
      return seen
    })
    expect(asked).toEqual([expect.stringContaining('brings the window back')])
    await expect.poll(() => isShown(desktop, 'app/')).toBe(false)
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    expect(page.isClosed()).toBe(false)
  })

  test('quick capture comes by a key while the window is closed, and is gone with Enter', async () => {
    await pressEverywhere(desktop, QUICK)
    const quick = await quickPage(desktop)
    const field = quick.getByRole('textbox', { name: words('quick.editor') })
    await field.fill('Osmosis moves water.')
    await field.press('Enter')
    await expect.poll(() => isShown(desktop, 'quick')).toBe(false)
    expect(await isShown(desktop, 'app/#')).toBe(false)
    await pressEverywhere(desktop, QUICK)
    await expect.poll(() => isShown(desktop, 'quick')).toBe(true)
    await expect(field).toHaveValue('')
    await pressEverywhere(desktop, QUICK)
    await expect.poll(() => isShown(desktop, 'quick')).toBe(false)
  })
})

test('the page may use microphone and camera, and no other device', async () => {
  const states = await page.evaluate(async () => {
    const names = ['microphone', 'camera', 'geolocation', 'notifications'] as PermissionName[]
    return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state))
  })
  expect(states).toEqual(['granted', 'granted', 'denied', 'denied'])
})

test.describe('the contract over IPC', () => {
  let carrier: Carrier
  let client: Client

  const connect = async () => {
    // A page of ours without the app, so that its line is this test's.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.loadURL('lva://app/none.txt'))
    carrier = bridgeCarrier(await bridgeOf(page))
    client = createClient(carrier)
  }
  test.beforeAll(connect)
  test.afterAll(() => carrier.close())

  for (const check of CONTRACT_CHECKS) test(check.name, () => check.run(client, 'electron'))

  test('comes back after the core was killed, with what was acknowledged', async () => {
    test.skip(process.platform !== 'linux', 'processes are looked up in /proc')
    const { id } = await client.notes.create({ title: 'kept', body: 'through a crash' })
    const core = descendants(app.process().pid ?? 0).find(({ command }) => command.includes('core.js'))
    process.kill(core?.pid ?? 0, 'SIGKILL')
    await expect.poll(() => carrier.state).toBe('connecting')
    expect((await client.notes.get({ id })).body).toBe('through a crash')
  })

  test('documents and recordings are read in a process of their own, and in another one when that was killed', async () => {
    test.skip(process.platform !== 'linux', 'processes are looked up in /proc')
    const reader = () => descendants(app.process().pid ?? 0).find(({ command }) => command.includes('documents.js'))
    const read = async (name: string, bytes: Uint8Array<ArrayBuffer>) => {
      const { document } = await client.documents.add({ name, file: new Blob([bytes]) })
      await expect.poll(async () => (await client.documents.get({ id: document.id })).state).toBe('ready')
      return (await client.documents.text({ id: document.id, limit: 9 })).blocks
    }
    const [heard] = await read('water.mp3', new Uint8Array(readFileSync(join(ROOT, 'test/sounds/water.mp3'))))
    expect(heard).toMatchObject({ text: expect.stringMatching(/degrees/i), place: { second: expect.any(Number) } })
    const first = reader()
    process.kill(first?.pid ?? 0, 'SIGKILL')
    const [block] = await read('after.md', new TextEncoder().encode('# After the crash'))
    expect(block).toMatchObject({ kind: 'heading', text: 'After the crash' })
    expect(reader()?.pid).not.toBe(first?.pid)
  })

  test('a key is found nowhere in clear, and is there again after a restart', async () => {
    expect((await client.app.info()).keyStorage).toBe('safe-storage')
    await client.providers.setKey({ provider: 'anthropic', key: KEY })
    const find = async (from: Client) =>
      (await from.providers.list()).providers.find(({ provider }) => provider === 'anthropic')
    expect(await find(client)).toMatchObject({ keySource: 'stored', active: true })
    carrier.close()
    await app.close()
    await open()
    await connect()
    expect(await find(client)).toMatchObject({ keySource: 'stored' })
    for (const spelling of [KEY, Buffer.from(KEY).toString('base64'), Buffer.from(KEY).toString('hex')]) {
      for (const told of printed) expect(told()).not.toContain(spelling)
      expect(filesWith(folder.path, spelling)).toEqual([])
    }
    await client.providers.removeKey({ provider: 'anthropic' })
    expect(await find(client)).toMatchObject({ keySource: 'none' })
  })
})

test('quitting ends every process and gives the folder back', async () => {
  test.skip(process.platform !== 'linux', 'processes are looked up in /proc')
  const pid = app.process().pid ?? 0
  const ours = descendants(pid)
  expect(ours.some(({ command }) => command.includes('core.js'))).toBe(true)
  await app.close()
  await allGone([{ pid, parent: 0, command: 'the main process' }, ...ours], 5_000)
  expect(existsSync(join(folder.path, 'data', 'lva.lock'))).toBe(false)
  await open()
})

/** A bridge for this process over the one in the page. Bytes cross as base64. */
async function bridgeOf(target: Page): Promise<Bridge> {
  type Plain = Exclude<BridgeMessage, { type: 'frame' }> | { type: 'frame'; text?: string; base64?: string }
  let hear: ((message: BridgeMessage) => void) | undefined
  await target.exposeFunction('toTest', (plain: Plain) => {
    if (plain.type !== 'frame') hear?.(plain)
    else hear?.({ type: 'frame', frame: plain.text ?? new Uint8Array(Buffer.from(plain.base64 ?? '', 'base64')) })
  })
  await target.evaluate(() => {
    const { lva, toTest } = globalThis as unknown as { lva: Bridge; toTest(plain: unknown): void }
    lva.subscribe((message) => {
      if (message.type !== 'frame') return toTest(message)
      if (typeof message.frame === 'string') return toTest({ type: 'frame', text: message.frame })
      let binary = ''
      for (const byte of message.frame) binary += String.fromCharCode(byte)
      toTest({ type: 'frame', base64: btoa(binary) })
    })
  })
  const plainOf = (frame: Frame): Plain =>
    typeof frame === 'string'
      ? { type: 'frame', text: frame }
      : { type: 'frame', base64: Buffer.from(frame).toString('base64') }
  let sent: Promise<unknown> = Promise.resolve()
  return {
    send(message) {
      const plain = message.type === 'frame' ? plainOf(message.frame) : message
      sent = sent.then(() =>
        target.evaluate((given: Plain) => {
          const { lva } = globalThis as unknown as { lva: Bridge }
          if (given.type !== 'frame') lva.send(given)
          else if (given.text !== undefined) lva.send({ type: 'frame', frame: given.text })
          else
            lva.send({
              type: 'frame',
              frame: Uint8Array.from(atob(given.base64 ?? ''), (letter) => letter.charCodeAt(0)),
            })
        }, plain),
      )
    },
    subscribe(listener) {
      hear = listener
    },
  }
}

function filesWith(root: string, text: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text))
}
