import path from 'node:path'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { openBrowser, type RunningApp, startApp, temporaryFolder } from './app.ts'
import { watchForProblems } from './page-problems.ts'

export type BrowserOptions = Parameters<typeof openBrowser>[0]

/** The app and a browser that all tests of a file share, one after the other. */
export interface WholeApp {
  /** For files of the tests; the app keeps its own below it. */
  folder: string
  readonly app: RunningApp
  readonly browser: BrowserContext
  /** Starts the app with these variables. */
  start(environment?: Record<string, string>): Promise<void>
  /** Opens a browser, in place of the one before. @returns its first page, still empty */
  browse(options?: BrowserOptions): Promise<Page>
  /** Both. @returns the first page, still empty */
  open(environment?: Record<string, string>, options?: BrowserOptions): Promise<Page>
  newPage(): Promise<Page>
}

/**
 * To be called once in a file: closes and removes everything after its last test, and fails each test in which one of the pages did what no
 * page of ours may do.
 * @param mayHappen what is said in the console for a reason that is none of ours
 */
export function wholeApp(mayHappen: (problem: string) => boolean = () => false): WholeApp {
  const folder = temporaryFolder()
  let app: RunningApp | undefined
  let browser: BrowserContext | undefined
  let seen: string[][] = []

  const watched = (page: Page): Page => {
    seen.push(watchForProblems(page))
    return page
  }
  async function start(environment?: Record<string, string>): Promise<void> {
    app = await startApp(path.join(folder.path, 'data'), environment)
  }
  async function browse(options?: BrowserOptions): Promise<Page> {
    await browser?.close()
    seen = []
    browser = await openBrowser(options)
    return watched(browser.pages()[0] ?? (await browser.newPage()))
  }
  const opened = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('Open the app first.')
    return part
  }

  test.afterEach(() => {
    expect(seen.flat().filter((problem) => !mayHappen(problem))).toEqual([])
  })
  test.afterAll(async () => {
    await browser?.close()
    await app?.stop()
    folder.remove()
  })
  return {
    folder: folder.path,
    get app() {
      return opened(app)
    },
    get browser() {
      return opened(browser)
    },
    start,
    browse,
    async open(environment, options) {
      await start(environment)
      return browse(options)
    },
    newPage: async () => watched(await opened(browser).newPage()),
  }
}
