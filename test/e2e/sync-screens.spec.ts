import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserContextOptions, expect, type Page, test } from '@playwright/test'
import { Code } from '../drawn-code.ts'
import { KNOWN_QR } from '../renderer-fake/imitated-sync.ts'
import { imitated } from './imitated.ts'
import { looksRight } from './looks.ts'
import { words } from './words.ts'

/** Settings, Devices and sync, on an imitated core (test/renderer-fake/imitated-sync.ts). */

const codes = mkdtempSync(path.join(tmpdir(), 'lva-qr-'))
const CAMERA = path.join(codes, 'camera.y4m')
const shown = new Code(KNOWN_QR)
writeFileSync(CAMERA, shown.film())
test.afterAll(() => rmSync(codes, { recursive: true, force: true }))

const screens = imitated([
  ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  `--use-file-for-fake-video-capture=${CAMERA}`,
])
let page: Page

async function open(sync: string, options: BrowserContextOptions = {}): Promise<void> {
  page = await screens.open(`/?sync=${sync}#/settings?section=sync`, { reducedMotion: 'reduce', ...options })
  await expect(page.getByRole('heading', { name: words('settings.sync.title') })).toBeVisible()
}

const button = (key: string, values?: Record<string, string | number>) =>
  page.getByRole('button', { name: words(`settings.sync.${key}`, values), exact: true })
const text = (key: string, values?: Record<string, string | number>) =>
  page.getByText(words(`settings.sync.${key}`, values), { exact: true })
const field = (key: string) => page.getByLabel(words(key), { exact: true })

for (const sync of [
  'out',
  'signed-in',
  'member',
  'offline',
  'busy',
  'paused',
  'held',
  'files',
  'quota',
  'conflicts',
  'signed-out',
  'revoked',
]) {
  test(`axe finds nothing serious, and nothing sticks out: ${sync}`, async () => {
    await open(sync)
    if (sync === 'signed-in') {
      await button('join.go').click()
      await expect(page.getByTestId('pairing-code')).toBeVisible()
    }
    if (sync === 'offline') await button('add.title').click()
    await looksRight(page, `sync-${sync}`, sync === 'files' || sync === 'held' ? 2_000 : undefined)
  })
}

test('from nothing to the first device, by keyboard alone', async () => {
  await open('out')
  await field('settings.sync.account.relay').focus()
  await page.keyboard.type('https://relay.example.org')
  await page.keyboard.press('Tab')
  await page.keyboard.type('ada@example.org')
  await page.keyboard.press('Tab')
  await page.keyboard.type('wrong')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText(words('errors.sign-in-refused.what'))
  await field('settings.sync.account.password').fill('four random words are good')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: words('settings.sync.join.code') }).focus()
  await page.keyboard.down('ArrowUp')
  await expect(page.getByRole('radio', { name: words('settings.sync.join.first') })).toBeChecked()
  await page.keyboard.up('ArrowUp')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('listitem').filter({ hasText: 'legal' }).first()).toBeVisible()
  await page.getByRole('button', { name: words('settings.backups.phrase.written') }).press('Enter')
  for (const word of ['winner', 'legal', 'year']) {
    await page.keyboard.type(word)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await expect(text('state.synced')).toBeVisible()
})

test('a new device shows a code and a number, and joins', async () => {
  await open('signed-in')
  await button('join.go').click()
  await expect(page.getByTestId('pairing-code')).toHaveText('7K2M-9QXR-4TVN-C')
  await expect(page.getByRole('img', { name: words('settings.sync.code.qr') })).toBeVisible()
  await expect(page.getByText('402 918')).toBeVisible()
  await expect(text('state.synced')).toBeVisible()
})

test('a device is added by its QR code: from a picture, pasted, and before the camera', async () => {
  await open('member')
  const begin = async () => {
    await open('member')
    await button('add.title').click()
  }
  await begin()
  await page.getByTestId('qr-picture').setInputFiles({ name: 'none.png', mimeType: 'image/png', buffer: Code.blank() })
  await expect(text('add.noCode')).toBeVisible()
  const other = new Code('https://example.org')
  await page.getByTestId('qr-picture').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: other.png() })
  await expect(text('add.notOurs')).toBeVisible()
  await page.getByTestId('qr-picture').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: shown.png() })
  await expect(page.getByText('402 918')).toBeVisible()

  await begin()
  await page.evaluate(
    (bytes) => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(bytes)], 'code.png', { type: 'image/png' }))
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
    },
    [...shown.png()],
  )
  await expect(page.getByText('402 918')).toBeVisible()

  await begin()
  await button('add.scan').click()
  await expect(page.getByText('402 918')).toBeVisible()
})

test('of two values the other is put back, or all is left as it is', async () => {
  await open('conflicts')
  const list = page.getByRole('list', { name: words('settings.sync.conflicts.title') })
  await expect(list.getByRole('listitem')).toHaveCount(3)
  await list
    .getByRole('button', { name: words('settings.sync.conflicts.restore') })
    .first()
    .click()
  await expect(text('conflicts.restored')).toBeVisible()
  await expect(list.getByRole('listitem')).toHaveCount(2)
  for (const left of [1, 0]) {
    await list
      .getByRole('button', { name: words('settings.sync.conflicts.keep') })
      .first()
      .click()
    await expect(list.getByRole('listitem')).toHaveCount(left)
  }
  await expect(text('conflicts.none')).toBeVisible()
})

test('a device is added once the learner says that the numbers are equal', async () => {
  await open('member')
  await button('add.title').click()
  await field('settings.sync.add.code').fill('0000-0000-0000-0')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText(words('errors.pairing-unknown.what'))
  await field('settings.sync.add.code').fill('7k2m-9qxr-4tvn-c')
  await page.keyboard.press('Enter')
  await expect(page.getByText('402 918')).toBeVisible()
  await button('add.different').click()
  await expect(text('add.refused')).toBeVisible()
  await button('add.look').click()
  await button('add.equal').click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Kitchen tablet' })).toBeVisible()
  await expect(text('add.added')).toBeVisible()
})

test('a device is renamed, which can be taken back, and removed after a question', async () => {
  await open('member')
  await button('devices.renameNamed', { name: 'Desk at home' }).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('Study')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('listitem').filter({ hasText: 'Study' }).first()).toBeVisible()
  await page.getByRole('button', { name: words('history.undo.action') }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Desk at home' })).toBeVisible()
  await button('devices.revokeNamed', { name: 'Desk at home' }).click()
  await page.getByRole('button', { name: words('common.cancel') }).click()
  await button('devices.revokeNamed', { name: 'Desk at home' }).click()
  await button('devices.revoke').click()
  await text('devices.past_other', { count: 2 }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Desk at home' })).toContainText(
    words('settings.sync.devices.state.revoked'),
  )
})

test('a note says on which other device it is open, and where it has come', async () => {
  const note = '#/library?tab=notes&note="note-1"'
  page = await screens.open(`/?sync=member${note}`, { reducedMotion: 'reduce' })
  await expect(page.getByText('Also open on Desk at home', { exact: true })).toBeVisible()
  await expect(text('place.devices_other', { count: 2 })).toBeVisible()
  await looksRight(page, 'sync-note-open')
  page = await screens.open(`/?sync=offline${note}`, { reducedMotion: 'reduce' })
  await expect(text('place.here')).toBeVisible()
  await expect(page.getByText(/^Also open on /)).toHaveCount(0)
})

test('which files travel is chosen by keyboard, and what waits for Wi-Fi says so', async () => {
  await open('held')
  // Of everything, and of the files.
  await expect(text('state.held')).toHaveCount(2)
  await expect(text('files.network.metered')).toBeVisible()
  const recordings = page.getByRole('radiogroup', { name: words('settings.sync.files.kind.recordings') })
  await recordings.getByRole('radio', { name: words('settings.sync.files.policy.on-demand') }).focus()
  await page.keyboard.down('ArrowRight')
  await expect(recordings.getByRole('radio', { name: words('settings.sync.files.policy.never') })).toBeChecked()
  await page.keyboard.up('ArrowRight')
  await page.getByRole('radio', { name: words('settings.sync.files.only.attachments') }).click()
  await expect(page.getByRole('radio', { name: words('settings.sync.files.only.attachments') })).toBeChecked()
})

test('sync is paused and goes on; signing out and leaving say what stays', async () => {
  await open('member')
  await button('state.pause').click()
  await expect(text('state.paused')).toBeVisible()
  await button('state.resume').click()
  await expect(text('state.synced')).toBeVisible()
  await button('account.signOut').click()
  await expect(page.getByRole('heading', { name: words('settings.sync.signedOut.title') })).toBeVisible()
  await button('account.leave').click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words('settings.sync.account.leave') })
    .click()
  await expect(page.getByRole('heading', { name: words('settings.sync.none') })).toBeVisible()
})
