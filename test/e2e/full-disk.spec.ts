import { rmSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { screenWith } from '../made-pictures.ts'
import { fillDisk, mountSmallDisk } from '../small-disk.ts'
import { answered, beSilent, beWelcomed, editor, goTo, lastExchange, openLibrary, say, sayingOf } from './learner.ts'
import { looksRight } from './looks.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** A disk that is really full, through the whole app: while a lecture is recorded, and while pictures are sent. */
test.describe.configure({ mode: 'serial' })

/** Enough for a new vault, and little to fill. */
const DISK_MB = 300

const EARLIER = 'Glycolysis splits glucose.'
let disk: NonNullable<ReturnType<typeof mountSmallDisk>>
let page: Page

const whole = wholeApp()

test.beforeAll(async () => {
  const mounted = mountSmallDisk(DISK_MB)
  test.skip(!mounted, 'only root may mount a disk of its own')
  if (!mounted) return
  disk = mounted
  page = await whole.open(
    {
      LVA_DATA_DIR: path.join(disk.folder, 'data'),
      LVA_LANGUAGE_PROVIDER: 'offline',
      LVA_AGENTS_DEADLINES_VISION: '60000',
    },
    { args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] },
  )
  await beWelcomed(page, whole.app.address)
  await beSilent(page)
})
test.afterAll(() => disk?.unmount())

const strip = () => page.getByRole('region', { name: words('longRecording.title') })
const status = () => strip().getByRole('status')
const button = (key: 'resume' | 'finish') => strip().getByRole('button', { name: words(`longRecording.${key}`) })
const seconds = async () => Number(/(\d+):(\d\d)/.exec((await strip().textContent()) ?? '')?.[2])

test('a recording pauses and says why; what was heard stays', async () => {
  await say(page, EARLIER)
  await answered(page)
  await openLibrary(page, 'documents')
  await page.getByRole('button', { name: words('documents.add'), exact: true }).click()
  await page.getByRole('menuitem', { name: words('longRecording.start') }).click()
  await expect(strip().getByText('0:02')).toBeVisible()
  fillDisk(disk.folder)
  await expect(status()).toContainText(words('errors.disk-full.what'))
  await expect(status()).toContainText(words('longRecording.kept'))
  await looksRight(page, 'disk-full')
  await button('resume').click()
  await expect(status()).toContainText(words('errors.disk-full.what'))
})

test('a picture is refused with words; picture and message wait in the editor', async () => {
  await goTo(page, 'talk')
  await page.locator('input[data-pictures]').setInputFiles({
    name: 'plan.png',
    mimeType: 'image/png',
    buffer: screenWith(['The exam of Professor Lindqvist is on 12 December.']),
  })
  await say(page, 'When is the exam of Lindqvist?')
  const alert = await sayingOf(page, 'disk-full')
  await alert.getByRole('button', { name: words('talk.backToEditor') }).click()
  await expect(editor(page)).toHaveValue('When is the exam of Lindqvist?')
  await expect(page.getByRole('list', { name: words('pictures.toSend') }).getByRole('listitem')).toHaveCount(1)
})

test('with room again, both go on where they were, and nothing of before is missing', async () => {
  test.slow()
  rmSync(path.join(disk.folder, 'filler'))
  await editor(page).press('Enter')
  await expect(lastExchange(page)).toContainText('is on 12 December', { timeout: 90_000 })
  const kept = await seconds()
  expect(kept).toBeGreaterThanOrEqual(2)
  await button('resume').click()
  await expect(status()).toHaveText(words('longRecording.phase.recording'))
  await expect.poll(seconds).toBeGreaterThan(kept)
  await button('finish').click()
  await expect(strip()).toHaveCount(0)
  await openLibrary(page, 'documents')
  const documents = page.getByRole('listbox', { name: words('library.tab.documents') }).getByRole('option')
  await expect(documents.filter({ hasText: /Recording \d{4}/ })).toHaveCount(1)
  await goTo(page, 'library')
  const captures = page.getByRole('listbox', { name: words('library.tab.captures') }).getByRole('option')
  await expect(captures.filter({ hasText: EARLIER })).toHaveCount(1)
  await expect(captures.filter({ hasText: 'When is the exam' })).toHaveCount(1)
})
