import { type Browser, type BrowserContextOptions, chromium, expect, type Page, test } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.ts'
import { serveImitation } from '../renderer-fake/serve.ts'
import { explainBefore } from './app.ts'
import { watchForProblems } from './page-problems.ts'

/** The screens on an imitated core (test/renderer-fake). */
export interface Imitated {
  /**
   * Opens a page of its own in place of the one before. @param place such as `/?scenario#/talk`, where `scenario` is what the core is like
   * (test/renderer-fake/scenario.ts), and `firstUse` one of a learner to whom microphone and screen were never explained @returns the page once a place is there
   */
  open(place: string, options?: BrowserContextOptions): Promise<Page>
  /** In this test the console may say what fits this, because the test is about just that. */
  allow(problem: RegExp): void
  /** Where the pages are served from. */
  readonly address: string
}

/**
 * To be called once in a file or group of tests: serves the screens, closes everything after the last test, and fails each test in which the
 * page did what no page of ours may do.
 * @param args further flags of Chromium
 */
export function imitated(args: readonly string[] = []): Imitated {
  let site: Awaited<ReturnType<typeof serveImitation>> | undefined
  let browser: Browser | undefined
  let page: Page | undefined
  let seen: string[][] = []
  let allowed: RegExp | undefined

  test.beforeAll(async () => {
    site = await serveImitation()
    browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_ARGS, ...args] })
  })
  test.afterAll(async () => {
    await browser?.close()
    await site?.close()
  })
  test.afterEach(async () => {
    await page?.context().close()
    page = undefined
    const problems = seen.flat().filter((problem) => !allowed?.test(problem))
    seen = []
    allowed = undefined
    expect(problems).toEqual([])
  })
  const address = () => {
    if (!site) throw new Error('Pages are served once the tests run.')
    return site.address
  }
  return {
    get address() {
      return address()
    },
    allow(problem) {
      allowed = problem
    },
    async open(place, options) {
      await page?.context().close()
      const context = await browser?.newContext({ viewport: { width: 1440, height: 900 }, ...options })
      if (!context) throw new Error('The browser is open once the tests run.')
      if (!/[?&]firstUse\b/.test(place)) await explainBefore(context)
      page = await context.newPage()
      seen.push(watchForProblems(page))
      await page.goto(`${address()}${place}`)
      await expect(page.getByRole('main')).toBeVisible()
      return page
    },
  }
}
