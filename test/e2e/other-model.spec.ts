import { expect, test } from '@playwright/test'
import { silentLog, systemClock } from '../../src-core/kernel/index.ts'
import { openStore } from '../../src-core/store/index.ts'
import { TEMPLATE_CACHE } from '../template-cache.ts'
import { beWelcomed, goTo, openLibrary } from './learner.ts'
import { wholeApp } from './whole-app.ts'
import { words } from './words.ts'

/** A program that brings another embedding model: vectors are made anew in the background, and search goes on meanwhile. */

const TEXTS = 200
const EARLIER = 'a model of an earlier program'
const whole = wholeApp((problem) => /WebSocket|ERR_/.test(problem))

/** The models that made the vectors of the data folder, each with how many. The app must not run. */
async function models(change?: string): Promise<Record<string, number>> {
  const store = await openStore({
    dataDir: `${whole.folder}/data`,
    cacheDir: TEMPLATE_CACHE,
    host: 'cli',
    clock: systemClock,
    log: silentLog,
    statementTimeoutMs: 30_000,
  })
  try {
    if (change !== undefined) await store.database.query('update chunk_vectors set model_id = $1', [change])
    const rows = await store.database.query<{ model_id: string; count: number }>(
      'select model_id, count(*)::int as count from chunk_vectors group by model_id',
    )
    return Object.fromEntries(rows.map(({ model_id, count }) => [model_id, count]))
  } finally {
    await store.close()
  }
}

test('search goes on by words while another model reads everything, and then by meaning', async () => {
  let page = await whole.open()
  await beWelcomed(page, whole.app.address)
  await openLibrary(page, 'documents')
  const dataTransfer = await page.evaluateHandle((count) => {
    const transfer = new DataTransfer()
    const add = (name: string, text: string) => transfer.items.add(new File([text], name))
    add('whales.txt', 'Whales are mammals: they breathe air and nurse their young.')
    for (let at = 1; at < count; at += 1)
      add(`shelf ${at}.txt`, `Shelf ${at} holds jars of nails, screws and ${at} hooks.`)
    return transfer
  }, TEXTS)
  await page.dispatchEvent('main', 'dragenter', { dataTransfer })
  await page.dispatchEvent('main', 'drop', { dataTransfer })
  await goTo(page, 'search')
  const field = () => page.getByRole('textbox', { name: words('search.field') })
  const first = () =>
    page
      .getByRole('list', { name: words('search.results') })
      .getByRole('listitem')
      .first()
  await field().fill('sea animals that give milk to their babies')
  await expect(first()).toContainText('Whales', { timeout: 60_000 })
  await expect(page.getByText(/still being read/)).toHaveCount(0, { timeout: 60_000 })
  await whole.app.stop()

  const made = await models()
  expect(Object.values(made)).toEqual([TEXTS])
  expect(await models(EARLIER)).toEqual({ [EARLIER]: TEXTS })

  await whole.start()
  page = await whole.browse()
  await page.goto(whole.app.address)
  await goTo(page, 'search')
  // By words at once, also what has no vector yet.
  await field().fill('whales')
  await expect(first()).toContainText('Whales')
  await expect(page.getByText(/still being read/)).toBeVisible()
  await field().fill('sea animals that give milk to their babies')
  await expect(first()).toContainText('Whales', { timeout: 60_000 })
  await expect(page.getByText(/still being read/)).toHaveCount(0, { timeout: 60_000 })
  await whole.app.stop()
  expect((await models())[Object.keys(made)[0] ?? '']).toBe(TEXTS)

  // The vectors of the model before are forgotten once all are made anew, at the next start.
  await whole.start()
  await page.goto(whole.app.address)
  await goTo(page, 'search')
  await field().fill('sea animals that give milk to their babies')
  await expect(first()).toContainText('Whales')
  await whole.app.stop()
  expect(await models()).toEqual(made)
})
