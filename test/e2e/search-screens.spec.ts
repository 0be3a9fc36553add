import { type BrowserContextOptions, expect, type Page, test } from '@playwright/test'
import { seriousViolations } from './accessibility.ts'
import { imitated } from './imitated.ts'
import { words } from './words.ts'

/** The search screen on an imitated core: what it read of the words, filters, and what it says when memory does not hold it. */
const screens = imitated()
let page: Page

async function search(query: string, more = '', options: BrowserContextOptions = {}): Promise<void> {
  page = await screens.open(`/#/search?q=${JSON.stringify(query)}${more}`, { reducedMotion: 'reduce', ...options })
  await expect(page.getByRole('textbox', { name: words('search.field') })).toBeVisible()
}

const chips = () => page.getByRole('list', { name: words('search.understood') })
const results = () => page.getByRole('list', { name: words('search.results') })
const button = (key: string, values?: Record<string, string | number>) =>
  page.getByRole('button', { name: words(key, values) })

test('a time that was read stands in a chip that takes it back, and can be read again', async () => {
  await search('softmax last week')
  await expect(chips()).toContainText(/“last week”: \S/)
  const remove = button('search.withoutPeriod', { words: 'last week' })
  await remove.focus()
  await page.keyboard.press('Enter')
  await expect(chips()).toHaveText(words('search.asWords'))
  await expect(page).toHaveURL(/asWords=true/)
  await button('search.readTimes').click()
  await expect(chips()).toContainText('last week')
  await page.getByRole('textbox', { name: words('search.field') }).fill('softmax')
  await expect(chips()).toHaveCount(0)
})

test('a time that nothing is from is said above what is from other times', async () => {
  await search('softmax in 2019')
  await expect(chips()).toContainText(/“in 2019”: nothing that fits is from then \(.*2019\)/)
  await expect(results().getByRole('listitem').first()).toBeVisible()
  await button('search.withoutPeriod', { words: 'in 2019' }).click()
  await expect(chips()).toHaveText(words('search.asWords'))
})

test('a correction says what was searched also, and offers the words as they were typed', async () => {
  await search('atention')
  await expect(chips()).toContainText(words('search.corrected', { words: 'attention' }))
  await expect(results().getByRole('listitem').first()).toBeVisible()
  await button('search.onlyTyped', { words: '“atention”' }).click()
  await expect(page.getByRole('heading', { name: words('search.nothing') })).toBeVisible()
  await expect(chips()).toContainText(words('search.asTyped'))
  // Other words are read anew.
  await page.getByRole('textbox', { name: words('search.field') }).fill('atention softmax')
  await expect(chips()).toContainText(words('search.corrected', { words: 'attention' }))
})

test('an event without a day and an order by time are said', async () => {
  await search('latest softmax before the exam')
  await expect(chips()).toContainText(words('search.undated', { event: 'exam' }))
  await expect(chips()).toContainText(words('search.newestFirst'))
})

test('an event leads to the place that tells its day', async () => {
  await search('softmax since the lecture')
  await expect(chips()).toContainText(/“since the lecture”: from \S/)
  await chips()
    .getByRole('button', { name: /^lecture: / })
    .click()
  await expect(page.getByRole('complementary', { name: words('source.title') }).locator('mark')).toBeVisible()
})

test('what memory does not hold is said plainly, with what to do', async () => {
  await search('faintly softmax', '&source="voice"')
  const said = page.getByRole('region', { name: words('search.notKnown') })
  await expect(said).toContainText(words('search.notKnownMore'))
  await expect(results().getByRole('listitem').first()).toBeVisible()
  await button('search.widen').click()
  await expect(page).not.toHaveURL(/source=/)
  await expect(button('search.widen')).toHaveCount(0)
  await said.getByRole('link', { name: words('search.tell') }).click()
  await expect(page.getByRole('textbox', { name: words('talk.editor') })).toBeVisible()
})

test('a concept and a language narrow the search, and are cleared with the other filters', async () => {
  await search('softmax attention the')
  const concept = page.getByRole('combobox', { name: words('search.concept') })
  await concept.selectOption('Softmax')
  await expect(page).toHaveURL(/concept=/)
  await expect(results().getByRole('listitem')).toHaveCount(1)
  await page.getByRole('combobox', { name: words('search.language') }).selectOption({ label: 'German' })
  await expect(page.getByRole('heading', { name: words('search.nothing') })).toBeVisible()
  await expect(page.getByText(words('search.nothingFiltered'))).toBeVisible()
  await button('search.clearFilters').click()
  await expect(page).not.toHaveURL(/concept|language/)
  await expect(results().getByRole('listitem').nth(1)).toBeVisible()
})

test('a phone folds the rarer filters', async () => {
  await search('softmax', '', { viewport: { width: 390, height: 844 }, hasTouch: true })
  const language = page.getByRole('combobox', { name: words('search.language') })
  await expect(language).toHaveCount(0)
  await button('search.moreFilters').click()
  await language.selectOption('en')
  await expect(page).toHaveURL(/language=/)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
})

test('what was also said elsewhere can be read there', async () => {
  await search('softmax')
  const first = results().getByRole('listitem').first()
  await first.getByText(words('search.alsoSaid_other', { count: 2 })).click()
  await first.getByRole('listitem').first().getByRole('button').click()
  await expect(page.getByRole('complementary', { name: words('source.title') }).locator('mark')).toBeVisible()
})

test('the judging view opens both rankings at their places, and is copied as JSON', async () => {
  await search('softmax last week', '&judging=true')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const judging = page.getByRole('region', { name: words('judging.title') })
  await expect(judging.getByText(/“last week”: \S/)).toBeVisible()
  await button('judging.copy').click()
  await expect(button('common.copied')).toBeVisible()
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))
  expect(copied).toMatchObject({ query: 'softmax last week', understood: { period: { text: 'last week' } } })
  expect(copied.explanation.lexical.length).toBeGreaterThan(0)
  const bySide = judging.getByRole('list', { name: words('judging.side.semantic') })
  await bySide.getByRole('button').first().click()
  await expect(page.getByRole('complementary', { name: words('source.title') })).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`what was found before stays easy to read while other words are searched, ${colorScheme}`, async () => {
    page = await screens.open('/?searchHangs=softmax%20attention#/search?q="softmax"', {
      colorScheme,
      reducedMotion: 'reduce',
    })
    await expect(results().getByRole('listitem').first()).toBeVisible()
    await expect(page.getByRole('progressbar', { name: words('search.searching') })).toHaveCount(0)
    await page.getByRole('textbox', { name: words('search.field') }).fill('softmax attention')
    await expect(page.getByRole('progressbar', { name: words('search.searching') })).toBeVisible()
    await expect(page.locator('[aria-busy=true]').getByRole('list', { name: words('search.results') })).toBeVisible()
    expect(await seriousViolations(page)).toEqual([])
  })
}

for (const width of [1440, 390]) {
  test(`axe finds nothing serious with everything that search can say, ${width} px`, async () => {
    await search('atention softmax last week before the exam latest faintly', '&judging=true', {
      viewport: { width, height: 900 },
    })
    await expect(chips()).toBeVisible()
    expect(await seriousViolations(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  })
}
