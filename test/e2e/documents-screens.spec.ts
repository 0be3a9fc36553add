import { type BrowserContextOptions, expect, type Page, test } from '@playwright/test'
import { seriousViolations } from './accessibility.ts'
import { imitated } from './imitated.ts'
import { words } from './words.ts'

/** The screens of documents on an imitated core: what is slow, fails, waits or is many. */

const DOCUMENTS = '#/library?tab=documents'
const screens = imitated()
let page: Page

async function open(place: string, scenario = '', options: BrowserContextOptions = {}): Promise<void> {
  page = await screens.open(`/?${scenario}${place}`, options)
}

const rows = () => page.getByRole('listbox', { name: words('library.tab.documents') }).getByRole('option')
const row = (title: string) => rows().filter({ hasText: title })
const queue = () => page.getByRole('region', { name: words('documents.queue.title') })
const button = (key: string, values?: Record<string, string | number>) =>
  page.getByRole('button', { name: words(key, values), exact: true })
const text = (title: string) => page.getByRole('region', { name: title })

/** Holds files over the window and lets them go, as a hand would. */
async function drop(
  names: readonly string[],
  { on = 'main', type = 'text/plain', invitation = 'documents.drop' } = {},
): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ given, type }) => {
      const carried = new DataTransfer()
      for (const name of given) carried.items.add(new File([`What is in ${name}.`], name, { type }))
      return carried
    },
    { given: names, type },
  )
  await page.dispatchEvent(on, 'dragenter', { dataTransfer: transfer })
  await expect(page.getByText(words(invitation))).toBeVisible()
  await page.dispatchEvent(on, 'drop', { dataTransfer: transfer })
  await expect(page.getByText(words(invitation))).toHaveCount(0)
}

test('files dropped in Talk are read one after the other, in sight, and are there when they are done', async () => {
  await open('#/talk', 'readMs=600')
  await drop(['first.txt', 'second.txt'], { invitation: 'pictures.drop' })
  await expect(page).toHaveURL(/tab=documents/)
  await expect(queue()).toContainText(words('documents.queue.pending_other', { shown: 2 }))
  await expect(queue().getByRole('progressbar')).toBeVisible()
  await expect(queue()).toHaveCount(0, { timeout: 10_000 })
  await expect(rows()).toHaveCount(6)
  await row('second.txt').click()
  await expect(text('second.txt')).toContainText('What is in second.txt.')
})

test('pictures dropped in Talk go along with what is said; beside other files they are kept with them', async () => {
  await open('#/talk', 'readMs=600')
  await drop(['one.png', 'two.png'], { type: 'image/png', invitation: 'pictures.drop' })
  await expect(page.getByRole('list', { name: words('pictures.toSend') }).getByRole('listitem')).toHaveCount(2)
  await expect(page).toHaveURL(/#\/talk/)
  await drop(['notes.txt'], { invitation: 'pictures.drop' })
  await expect(page).toHaveURL(/tab=documents/)
})

test('files dropped while a document is read leave it open, and how far they are stays in sight', async () => {
  const reading = `${DOCUMENTS}&document="document-1"`
  for (const width of [1_440, 390]) {
    await open(reading, 'readMs=1500', { viewport: { width, height: 844 } })
    const title = page.getByRole('article').getByRole('heading', { name: 'Attention, explained slowly' })
    await expect(title).toBeVisible()
    await drop(['first.txt', 'second.txt'])
    await expect(page.getByText(words('documents.queue.pending_other', { shown: 2 }))).toBeVisible()
    await expect(page.getByRole('progressbar', { name: words('documents.queue.title') })).toBeVisible()
    await expect(page).toHaveURL(/document=/)
    await expect(title).toBeVisible()
  }
  // Beside another place, where no queue is, the way to it is offered.
  await open('#/search?q="softmax"', 'readMs=1500')
  await page
    .getByRole('list', { name: words('search.results') })
    .getByRole('button')
    .first()
    .click()
  const drawer = page.getByRole('complementary', { name: words('source.title') })
  await expect(drawer).toBeVisible()
  await drop(['first.txt', 'second.txt'])
  await expect(page).toHaveURL(/#\/search/)
  await expect(drawer).toBeVisible()
  await button('documents.queue.show').click()
  await expect(queue()).toBeVisible()
})

test('the queue pauses, goes on, and cancels one or all', async () => {
  await open(DOCUMENTS, 'readMs=1500')
  await drop(['one.txt', 'two.txt', 'three.txt'])
  await button('documents.queue.pause').click()
  await expect(queue()).toContainText(/Paused: \d documents? waits?/)
  await button('documents.cancel', { name: 'three.txt' }).click()
  await expect(queue().getByText('three.txt')).toHaveCount(0)
  await button('documents.queue.resume').click()
  await expect(queue()).toContainText(/Reading/)
  await button('documents.queue.cancelAll').click()
  await expect(queue()).toHaveCount(0)
  await row('three.txt').click()
  await expect(page.getByText(words('documents.cancelledMore'))).toBeVisible()
  await button('common.tryAgain').click()
  await expect(text('three.txt')).toContainText('What is in three.txt.')
})

test('a file that cannot be read says why and what to do; it is tried again, or deleted', async () => {
  await open(DOCUMENTS, 'readMs=50&brokenAs=timeout')
  await drop(['broken.pdf', 'good.txt'])
  const line = queue().getByRole('listitem').filter({ hasText: 'broken.pdf' })
  await expect(line).toContainText(words('errors.timeout.what'))
  await expect(line).toContainText(words('errors.timeout.next'))
  await expect(queue()).toContainText(words('documents.queue.failed_one', { shown: 1 }))
  await expect(row('good.txt')).toBeVisible()
  await row('broken.pdf').click()
  await expect(page.getByRole('alert')).toContainText(words('errors.timeout.next'))
  expect(await seriousViolations(page)).toEqual([])
  await line.getByRole('button', { name: words('documents.retry', { name: 'broken.pdf' }) }).click()
  await expect(line).toContainText(words('errors.timeout.what'))
  await line.getByRole('button', { name: words('documents.delete', { name: 'broken.pdf' }) }).click()
  await expect(queue()).toHaveCount(0)
  await button('history.undo.action').click()
  await expect(row('broken.pdf')).toBeVisible()
})

test('files that were refused are dismissed together, and those that failed stay', async () => {
  await open(DOCUMENTS, 'readMs=50')
  await drop(['refused one.txt', 'refused two.txt', 'broken.pdf'])
  await expect(queue().getByRole('listitem')).toHaveCount(3)
  await button('documents.queue.dismiss_other', { shown: 2 }).click()
  await expect(queue().getByRole('listitem')).toHaveText([/broken\.pdf/])
  await expect(button('documents.queue.dismiss_other', { shown: 2 })).toHaveCount(0)
})

test('a document opens at its place with the passage marked, and words are found inside by keyboard', async () => {
  await open(`${DOCUMENTS}&document="document-1"&from=171&to=220`)
  const reader = text('Attention, explained slowly')
  await expect(reader.locator('mark')).toHaveText('Softmax turns scores into shares that sum to one.')
  await expect(reader.locator('mark')).toBeInViewport()
  await reader.focus()
  await page.keyboard.press('Control+f')
  const field = page.getByRole('textbox', { name: words('documents.find.field') })
  await field.fill('remark 1')
  await expect(page.getByText(words('documents.find.at', { at: 1, count: 32 }))).toBeVisible()
  await field.press('Enter')
  await expect(page.getByText(words('documents.find.at', { at: 2, count: 32 }))).toBeVisible()
  await field.press('Shift+Enter')
  await field.press('Shift+Enter')
  await expect(page.getByText(words('documents.find.at', { at: 32, count: 32 }))).toBeVisible()
  await expect(reader.locator('mark[data-current]')).toBeInViewport()
  await expect(reader.locator('mark[data-current]')).toHaveText('Remark 1')
  await expect(reader).toContainText('Remark 119')
  await expect(page.getByRole('link', { name: words('documents.find.byMeaning') })).toHaveAttribute(
    'href',
    /search\?.*document=.*&q=remark/,
  )
  await field.fill('nowhere to be found')
  await expect(page.getByText(words('documents.find.nothing'))).toBeVisible()
  await field.press('Escape')
  await expect(field).toHaveCount(0)
})

test('only what is in sight of a long document is drawn, and its end is reached', async () => {
  await open(`${DOCUMENTS}&document="document-1"`)
  const reader = text('Attention, explained slowly')
  await expect(reader.getByRole('heading', { name: 'Attention' })).toBeVisible()
  expect(await reader.locator('[data-index]').count()).toBeLessThan(60)
  await reader.focus()
  await expect(async () => {
    await page.keyboard.press('End')
    await expect(reader.getByText('weights = softmax(scores)')).toBeInViewport({ timeout: 500 })
  }).toPass()
})

test('a recording plays from the second of the passage', async () => {
  await open(`${DOCUMENTS}&document="document-3"&from=66&to=100`)
  const player = page.getByLabel(words('documents.sound'))
  const second = () => player.evaluate((audio: HTMLAudioElement) => Math.floor(audio.currentTime))
  await expect.poll(second).toBe(6)
  await button('documents.hearFrom', { time: '0:00' }).click()
  await expect.poll(second).toBeLessThan(6)
})

test('search opens a document at the place beside the results, and in the Library from there', async () => {
  await open('#/search?q="softmax"')
  const result = page.getByRole('listitem').filter({ hasText: 'Attention, explained slowly › Page 2' }).first()
  await result.getByRole('button').first().click()
  const drawer = page.getByRole('complementary', { name: words('source.title') })
  await expect(drawer.locator('mark').first()).toBeInViewport()
  expect(await seriousViolations(page)).toEqual([])
  await drawer.getByRole('link', { name: words('source.openInLibrary') }).click()
  await expect(page).toHaveURL(/document=.*from=\d+/)
  await expect(text('Attention, explained slowly').locator('mark').first()).toBeInViewport()
})

test('search is narrowed to one document, a collection or a tag', async () => {
  await open('#/search?q="the"')
  const results = page.getByRole('list', { name: words('search.results') })
  const document = page.getByRole('combobox', { name: words('search.document') })
  const label = page.getByRole('combobox', { name: words('documents.filter') })
  await expect(results.getByText('Photosynthesis.pptx › Slide 1')).toBeVisible()
  await document.selectOption('Attention, explained slowly')
  await expect(results.getByText('Photosynthesis.pptx')).toHaveCount(0)
  await expect(results.getByText('Attention, explained slowly').first()).toBeVisible()
  await document.selectOption(words('search.anyDocument'))
  await label.selectOption({ label: 'Biology, second term (1)' })
  await expect(results.getByText('Photosynthesis.pptx › Slide 1')).toBeVisible()
  await expect(results.getByText('Attention, explained slowly')).toHaveCount(0)
  await label.selectOption({ label: '# exam (1)' })
  await expect(results.getByText('Photosynthesis.pptx')).toHaveCount(0)
  await button('search.clearFilters').click()
  await expect(results.getByText('Photosynthesis.pptx › Slide 1')).toBeVisible()
})

test('collections and tags are made, given, filtered by, renamed and deleted', async () => {
  await open(`${DOCUMENTS}&document="document-2"`)
  await button('documents.labels.title').click()
  const menu = page.getByRole('dialog', { name: words('documents.labels.title') })
  await menu.getByRole('textbox', { name: words('documents.labels.newCollection') }).fill('Plants')
  await page.keyboard.press('Enter')
  await expect(menu.getByRole('checkbox', { name: 'Plants' })).toBeChecked()
  await menu.getByRole('textbox', { name: words('documents.labels.newTag') }).fill('leaf')
  await page.keyboard.press('Enter')
  await expect(menu.getByRole('checkbox', { name: 'leaf' })).toBeChecked()
  // It is checked when the core has answered.
  await menu.getByRole('checkbox', { name: 'exam' }).click()
  await expect(menu.getByRole('checkbox', { name: 'exam' })).toBeChecked()
  expect(await seriousViolations(page)).toEqual([])
  await page.keyboard.press('Escape')
  const filter = page.getByRole('combobox', { name: words('documents.filter') })
  await filter.selectOption({ label: '# exam (2)' })
  await expect(rows()).toHaveCount(2)
  await filter.selectOption({ label: 'Plants (1)' })
  await expect(rows()).toHaveCount(1)

  await button('documents.labels.manage').click()
  const all = page.getByRole('dialog', { name: words('documents.labels.manage') })
  await all.getByRole('button', { name: words('documents.labels.rename', { name: 'leaf' }) }).click()
  await all.getByRole('textbox', { name: words('documents.labels.name') }).fill('leaves')
  await page.keyboard.press('Enter')
  await expect(all.getByRole('listitem').filter({ hasText: 'leaves' })).toBeVisible()
  await all.getByRole('button', { name: words('documents.labels.delete', { name: 'exam' }) }).click()
  await expect(all.getByRole('listitem').filter({ hasText: 'exam' })).toHaveCount(0)
  await all.getByRole('button', { name: words('documents.labels.delete', { name: 'Plants' }) }).click()
  await expect(all.getByRole('listitem').filter({ hasText: 'Plants' })).toHaveCount(0)
  await expect(page.getByText(words('documents.labels.collectionDeleted'), { exact: true })).toBeVisible()
})

test('the list by keyboard: walk, choose, delete, undo', async () => {
  await open(DOCUMENTS)
  await page.getByRole('listbox').focus()
  await page.keyboard.press('ArrowDown')
  await expect(text('Attention, explained slowly')).toBeVisible()
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByText(words('library.chosen_other', { count: 2 }))).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(rows()).toHaveCount(2)
  await button('history.undo.action').click()
  await expect(rows()).toHaveCount(4)
})

test('an address and a text are added by pasting; an address that cannot be reached says so', async () => {
  await open(DOCUMENTS, 'offline=1&readMs=50')
  const paste = (given: string) =>
    page.evaluate((pasted) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', pasted)
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, given)
  await paste('en.wikipedia.org/wiki/Softmax')
  const dialog = page.getByRole('dialog', { name: words('documents.paste.title') })
  await expect(dialog).toContainText(words('documents.paste.isAddress'))
  expect(await seriousViolations(page)).toEqual([])
  await dialog.getByRole('button', { name: words('documents.paste.addPage') }).click()
  await expect(dialog.getByRole('alert')).toContainText(words('errors.network-down.what'))
  await dialog.getByRole('textbox').fill('A leaf is a solar cell that repairs itself.')
  await dialog.getByRole('button', { name: words('documents.paste.addText') }).click()
  await expect(dialog).toHaveCount(0)
  await expect(row('A leaf is a solar cell')).toBeVisible()
})

test('a folder is watched and let go; one that is not there says so', async () => {
  await open('#/settings?section=folders')
  const path = page.getByRole('textbox', { name: words('settings.folders.path') })
  await path.fill('nowhere')
  await path.press('Enter')
  await expect(page.getByRole('alert')).toContainText(words('errors.not-found.what'))
  await path.fill('/home/ada/Papers')
  await path.press('Enter')
  await expect(page.getByText('/home/ada/Papers')).toBeVisible()
  await button('settings.folders.removeNamed', { path: '/home/ada/University/Scripts' }).click()
  await expect(page.getByText('/home/ada/University/Scripts')).toHaveCount(0)
})

test('a watched folder names the files that could not be taken, and what each of them needs', async () => {
  await open('#/settings?section=folders')
  await page.getByText(words('settings.folders.refusedTitle')).click()
  const files = page.getByRole('list', { name: words('settings.folders.refusedTitle') }).getByRole('listitem')
  await expect(files).toHaveCount(2)
  await expect(files.filter({ hasText: 'lecture 3.ppt' })).toContainText(words('errors.document-not-supported.next'))
  await expect(files.filter({ hasText: 'whole day.wav' })).toContainText('50 MB')
  expect(await seriousViolations(page)).toEqual([])
})

test('the language of the writing in pictures is chosen, and stays', async () => {
  await open('#/settings?section=folders')
  const language = page.getByRole('combobox', { name: words('settings.folders.pictureLanguage') })
  await expect(language).toHaveValue('configured')
  await expect(language.getByRole('option')).toHaveCount(7)
  await language.selectOption({ label: 'French' })
  await page
    .getByRole('link', { name: words('place.library') })
    .first()
    .click()
  await expect(language).toHaveCount(0)
  await page.goBack()
  await expect(language).toHaveValue('fra')
})

test('20,000 documents: few rows are drawn', async () => {
  await open(DOCUMENTS, 'documents=20000')
  await expect(rows().first()).toBeVisible()
  await page.getByRole('listbox').evaluate((box) => {
    box.scrollTop = 40_000
  })
  await expect(
    rows()
      .filter({ hasText: /Lecture \d{3}/ })
      .first(),
  ).toBeVisible()
  expect(await rows().count()).toBeLessThan(60)
})

test('with nothing there, the screen says what can be put there and how', async () => {
  await open(DOCUMENTS, 'empty=1')
  await expect(page.getByRole('heading', { name: words('documents.empty') })).toBeVisible()
  const chooser = page.waitForEvent('filechooser')
  await button('documents.addFiles').click()
  await (await chooser).setFiles({ name: 'kept.txt', mimeType: 'text/plain', buffer: Buffer.from('Kept words.') })
  await expect(row('kept.txt')).toBeVisible()
})
