import { expect, type Locator, type Page, test } from '@playwright/test'
import { focusProblem, movements, seriousViolations } from './accessibility.ts'
import { answered, editor, goTo, lastExchange, newSession, say, sayingOf } from './learner.ts'
import { wholeApp } from './whole-app.ts'
import { sentencesIn, words } from './words.ts'

/** The app without a mouse, without motion, in other languages, and for those who do not see it: what `screens.spec.ts` does not reach. */
test.describe.configure({ mode: 'serial' })

const FACT = 'Attention in a transformer compares queries with keys, and the weights mix the values.'
const QUESTION = 'Tell me again: how does attention in a transformer mix values?'
const EDITED = 'Attention, edited without a mouse.'

const whole = wholeApp()
let page: Page

test.beforeAll(async () => {
  page = await whole.open()
})

/** Presses Tab until the focus is there, and sees it at every stop. */
async function tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible()
  for (let stop = 0; stop < 80; stop += 1) {
    await page.keyboard.press(key)
    if (await page.evaluate(() => document.activeElement === document.body)) continue
    expect(await focusProblem(page)).toBeNull()
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`${target} cannot be reached with ${key}`)
}

const button = (key: string, values?: Record<string, string | number>) =>
  page.getByRole('button', { name: words(key, values), exact: true })
const drawer = () => page.getByRole('complementary', { name: words('source.title') })
const rows = () => page.getByRole('listbox').getByRole('option')

test('is welcomed', async () => {
  await page.goto(whole.app.address)
  await expect(button('welcome.start')).toBeVisible()
  await tabTo(button('welcome.start'))
  await page.keyboard.press('Enter')
  await expect(editor(page)).toBeVisible()
})

test('places in which nothing is yet say what will be there, and have no serious problem', async () => {
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    for (const [place, title] of [
      ['library', 'library.empty'],
      ['library?tab=sessions', 'library.noSessions'],
      ['library?tab=notes', 'library.noNotes'],
      ['search', 'search.empty'],
    ] as const) {
      await visit(place)
      await expect(page.getByRole('heading', { name: words(title) })).toBeVisible()
      await expectNothingSerious(`${place} at ${width} px`)
    }
  }
  await visit('talk')
})

test.describe('without a mouse', () => {
  test('types and is answered', async () => {
    // Letters go into the editor wherever the focus is.
    await page.keyboard.type(FACT)
    await expect(editor(page)).toHaveValue(FACT)
    await page.keyboard.press('Enter')
    await answered(page)
    await expect(editor(page)).toBeFocused()
    await tabTo(button('talk.answersSpoken'), 'Shift+Tab')
    await page.keyboard.press('Enter')
    await expect(button('talk.answersSilent')).toBeFocused()
  })

  test('searches, walks through what was found and reads a source', async () => {
    await page.keyboard.press('Alt+3')
    await expect(page.getByRole('textbox', { name: words('search.field') })).toBeFocused()
    await page.keyboard.type('queries with keys')
    const results = page.getByRole('list', { name: words('search.results') })
    await expect(results.getByText(FACT)).toBeVisible({ timeout: 60_000 })
    await page.keyboard.press('ArrowDown')
    expect(await focusProblem(page)).toBeNull()
    await page.keyboard.press('Enter')
    await expect(drawer()).toContainText(FACT)
    await page.keyboard.press('Escape')
    await expect(drawer()).toHaveCount(0)
    expect(await focusProblem(page)).toBeNull()
  })

  test('asks in a new session, opens the citation and goes on to the Library', async () => {
    await page.keyboard.press('Control+Shift+O')
    await expect(page.getByRole('heading', { name: words('talk.invitation') })).toBeVisible()
    await page.keyboard.type(QUESTION)
    await page.keyboard.press('Enter')
    await answered(page)
    await tabTo(button('talk.openSource', { number: 1 }), 'Shift+Tab')
    await page.keyboard.press('Enter')
    await expect(drawer().locator('mark')).toHaveText(FACT)
    await tabTo(drawer().getByRole('button', { name: words('common.close') }))
    await page.keyboard.press('Enter')
    await expect(drawer()).toHaveCount(0)
    await expect(button('talk.openSource', { number: 1 })).toBeFocused()
    await page.keyboard.press('Enter')
    await tabTo(drawer().getByRole('link', { name: words('source.openInLibrary') }))
    await page.keyboard.press('Enter')
    await expect(button('common.edit')).toBeVisible()
    await expect(drawer()).toHaveCount(0)
  })

  test('edits what was said', async () => {
    await tabTo(button('common.edit'))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('textbox', { name: words('library.editWords') })).toBeFocused()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type(EDITED)
    await page.keyboard.press('ControlOrMeta+Enter')
    await expect(rows().filter({ hasText: EDITED })).toBeVisible()
    await expect(button('common.edit')).toBeFocused()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await expect(button('common.edit')).toBeFocused()
  })

  test('renames the session, in Talk and in the Library', async () => {
    await page.keyboard.press('Alt+1')
    await tabTo(page.getByRole('link', { name: new RegExp(`^${QUESTION.slice(0, 20)}`) }))
    await page.keyboard.press('Enter')
    await tabTo(button('talk.renameSession'))
    await page.keyboard.press('Enter')
    await page.keyboard.type('Named in Talk')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Named in Talk')
    await expect(button('talk.renameSession')).toBeFocused()

    await page.keyboard.press('Alt+2')
    await tabTo(page.getByRole('link', { name: words('library.tab.sessions') }))
    await page.keyboard.press('Enter')
    const menu = button('library.sessionMenu', { name: 'Named in Talk' })
    await tabTo(menu)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menuitem').first()).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('textbox', { name: words('talk.sessionTitle') })).toBeFocused()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('Named in the Library')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('link', { name: /^Named in the Library/ })).toBeVisible()
    expect(await focusProblem(page)).toBeNull()
  })

  test('deletes it in the list and takes that back', async () => {
    await page.keyboard.press('Alt+2')
    await tabTo(page.getByRole('listbox'))
    await page.keyboard.press('End')
    const open = page.locator('[role=option][aria-current=true]')
    await expect(open).toContainText(EDITED)
    await page.keyboard.press('Delete')
    await expect(rows().filter({ hasText: EDITED })).toHaveCount(0)
    await expect(page.getByRole('listbox')).toBeFocused()
    await page.keyboard.press('ControlOrMeta+z')
    await expect(rows().filter({ hasText: EDITED })).toBeVisible()
    await expect(page.getByText(words('history.undo.done'), { exact: true })).toBeVisible()
  })

  test('finds places and commands in the palette, which gives the focus back', async () => {
    await page.keyboard.press('Control+k')
    const field = page.getByRole('dialog').getByRole('combobox')
    await expect(field).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('listbox', { name: words('library.tab.captures') })).toBeFocused()
    await page.keyboard.press('Control+k')
    await page.keyboard.type(words('library.newNote').toLowerCase())
    await expect(page.getByRole('option', { name: words('library.newNote'), exact: true })).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('textbox', { name: words('library.noteTitle') })).toBeFocused()
    await page.keyboard.type('A note')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Written without a mouse.')
    await expect(page.getByRole('list', { name: words('library.tab.notes') })).toContainText('Written without a mouse.')
  })

  test('changes a setting', async () => {
    await page.keyboard.press('Alt+5')
    await tabTo(page.getByRole('link', { name: words('settings.appearance.title') }))
    await page.keyboard.press('Enter')
    await tabTo(page.getByRole('radio', { name: words('settings.appearance.system') }).first())
    await nextChoice('light')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
    await nextChoice('dark')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await nextChoice('system')
    await expect(page.locator('html')).not.toHaveAttribute('data-theme')
  })

  /** A choice follows the arrow for as long as the key is down, and no finger is as quick as a test. */
  async function nextChoice(name: 'system' | 'light' | 'dark'): Promise<void> {
    await page.keyboard.down('ArrowRight')
    const theme = page.getByRole('radiogroup', { name: words('settings.appearance.theme') })
    await expect(theme.getByRole('radio', { name: words(`settings.appearance.${name}`) })).toBeChecked()
    await page.keyboard.up('ArrowRight')
  }

  test('reaches everything on every screen, and always sees where', async () => {
    for (const place of ['talk', 'library', 'search', 'map', 'settings'] as const) {
      await goTo(page, place)
      await expect(page.getByRole('main')).toBeVisible()
      const reached = new Set<string>()
      for (let stop = 0; stop < 60; stop += 1) {
        await page.keyboard.press('Tab')
        const name = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 400) ?? '')
        if (reached.has(name)) break
        if (!name.startsWith('<body')) expect(await focusProblem(page), place).toBeNull()
        reached.add(name)
      }
      expect(reached.size, `stops in ${place}`).toBeGreaterThan(5)
    }
  })
})

test.describe('in another language', () => {
  const english = sentencesIn('en')

  for (const [language, name] of [
    ['de', 'Deutsch'],
    ['es', 'Español'],
  ] as const) {
    test(`${name} comes without a new start, on every screen, without a gap`, async () => {
      await page.evaluate(() => Object.assign(globalThis, { lvaSamePage: true }))
      await speak(language, name)
      const own = sentencesIn(language)
      const known = new Set(own.values())
      const foreign = [...english.values()].filter(
        (said) => said.length > 12 && !said.includes('{{') && !known.has(said),
      )
      for (const place of PLACES) {
        await visit(place)
        await expect(page).toHaveTitle(/\S/)
        const text = (await page.locator('body').textContent()) ?? ''
        expect(
          foreign.filter((said) => text.includes(said)),
          `English on ${place}`,
        ).toEqual([])
        expect(
          [...own.keys()].filter((key) => text.includes(key)),
          `keys on ${place}`,
        ).toEqual([])
      }
      expect(await page.evaluate(() => 'lvaSamePage' in globalThis)).toBe(true)
    })
  }

  test('and English again', async () => {
    await speak('en', 'English')
  })

  async function speak(language: 'en' | 'de' | 'es', name: string): Promise<void> {
    await visit('settings?section=appearance')
    await page.getByRole('radio', { name }).click()
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    const title = sentencesIn(language).get('settings.appearance.title') ?? ''
    await expect(page.getByRole('heading', { name: title, exact: true })).toBeVisible()
  }
})

test.describe('for those who do not see it well, and for those who want no motion', () => {
  for (const width of [1440, 390]) {
    test(`what opens, what is empty and what fails has no serious problem at ${width} px, light and dark`, async () => {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      for (const [name, open] of Object.entries(STATES)) {
        await open()
        await expectNothingSerious(name)
        expect(await movements(page), name).toEqual([])
        await page.keyboard.press('Escape')
      }
    })
  }
})

/** Looks at the screen as it is, in both themes, without motion. */
async function expectNothingSerious(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme })
    expect(await seriousViolations(page), `${name}, ${colorScheme}`).toEqual([])
  }
}

/** What `screens.spec.ts` does not open: each leads the page to something to look at, which one Escape closes. */
const STATES: Record<string, () => Promise<unknown>> = {
  'a session list': async () => {
    await openSession()
    await page.getByRole('heading', { level: 1 }).getByRole('button').click()
    await expect(page.getByRole('navigation', { name: words('talk.sessions') })).toBeVisible()
  },
  'a session being renamed': async () => {
    await openSession()
    await button('talk.renameSession').click()
    await expect(page.getByRole('textbox', { name: words('talk.sessionTitle') })).toBeFocused()
  },
  'a failed answer': async () => {
    await visit('settings?section=models')
    const anthropic = page.getByRole('radio', { name: new RegExp(`^${words('provider.anthropic')}`) })
    await anthropic.click()
    await expect(anthropic).toBeChecked()
    await newSession(page)
    await say(page, 'A question without a key.')
    await sayingOf(page, 'provider-key-missing', { name: 'Anthropic' })
  },
  'a microphone that is missing or refused': async () => {
    await newSession(page)
    await button('voice.start').click()
    await expect(page.getByRole('alert')).toBeVisible()
  },
  'the palette': async () => {
    await visit('talk')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  },
  'a search that finds nothing': async () => {
    await visit('search')
    await page.getByRole('textbox', { name: words('search.field') }).fill('§§§')
    await expect(page.getByRole('heading', { name: words('search.nothing') })).toBeVisible()
  },
  'a search with dates and reasons': async () => {
    await visit('search?q=attention&range=custom')
    const why = page.getByText(words('search.why')).first()
    await why.click()
    await expect(page.getByText(/^By (words|meaning)/).first()).toBeVisible()
  },
  'a kind of capture that there is none of': async () => {
    await visit('library?source=import')
    await expect(page.getByRole('heading', { name: words('library.emptySource') })).toBeVisible()
  },
  'captures that are chosen': async () => {
    await visit('library')
    await rows().first().focus()
    await page.getByRole('listbox').focus()
    await page.keyboard.press('ControlOrMeta+a')
    await expect(button('library.chooseNone')).toBeVisible()
  },
  'a capture being edited': async () => {
    await visit('library')
    await rows().first().click()
    await button('common.edit').click()
    await expect(page.getByRole('textbox', { name: words('library.editWords') })).toBeFocused()
  },
  'the menu of a session': async () => {
    await visit('library?tab=sessions')
    await page
      .getByRole('button', { name: /^What to do with/ })
      .first()
      .click()
    await expect(page.getByRole('menuitem').first()).toBeVisible()
  },
  'something deleted, with its way back': async () => {
    await visit('library?tab=notes')
    await button('library.newNote').click()
    await page.getByRole('textbox', { name: words('library.noteText') }).fill('To be deleted.')
    await button('library.deleteNote').click()
    await expect(button('history.undo.action')).toBeVisible()
  },
  'the question before a rebuild': async () => {
    await visit('settings?section=data')
    await button('settings.data.rebuildNow').click()
    await expect(page.getByRole('dialog', { name: words('settings.data.rebuildAsk') })).toBeVisible()
  },
  'a place that does not exist': async () => {
    await visit('nowhere')
    await expect(page.getByRole('heading', { name: words('lost.title') })).toBeVisible()
  },
}

async function openSession(): Promise<void> {
  await visit('library?tab=sessions')
  await page
    .getByRole('list', { name: words('library.tab.sessions') })
    .getByRole('link')
    .first()
    .click()
  await expect(lastExchange(page)).toBeVisible()
}

const PLACES = [
  'talk',
  'library',
  'library?tab=sessions',
  'library?tab=notes',
  'search',
  'search?q=attention',
  ...['models', 'voice', 'privacy', 'cost', 'data', 'appearance', 'keyboard', 'about'].map(
    (section) => `settings?section=${section}`,
  ),
  'welcome',
  'nowhere',
]

/** Opens a place in the page as it is, without loading it again. */
async function visit(place: string): Promise<void> {
  await page.goto(`${new URL(whole.app.address).origin}/#/${place}`)
  await expect(page.getByRole('main')).toBeVisible()
}
