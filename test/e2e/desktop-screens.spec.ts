import { expect, type Page, test } from '@playwright/test'
import { imitated } from './imitated.ts'
import { looksRight } from './looks.ts'
import { words } from './words.ts'

/** The page's side of the desktop (docs/desktop.md) on an imitated core and desktop: the list of screens, keys, links, the small window. */
const screens = imitated()
let page: Page

const open = async (desk: string, place: string) => {
  page = await screens.open(`/?desk=${desk}${place}`)
}

test.describe('the list of what can be shown', () => {
  const dialog = () => page.getByRole('dialog')
  const tile = (name: string) => dialog().getByRole('button', { name: new RegExp(`^${name}`) })
  const ask = async () => {
    await page.getByRole('textbox', { name: words('talk.editor') }).focus()
    await page.keyboard.press('Control+Shift+S')
    await expect(dialog()).toBeVisible()
  }

  test('is screens, all of them together, and windows; arrow keys walk it as it stands', async () => {
    await open('ok', '#/talk')
    await ask()
    await expect(tile('Screen 2')).toContainText('5120 × 2880')
    await expect(tile(words('desk.picker.all'))).toContainText(words('desk.picker.count_other', { count: 2 }))
    await looksRight(page, 'picker')
    await expect(tile('Screen 1')).toBeFocused()
    await page.keyboard.press('ArrowRight')
    await expect(tile('Screen 2')).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await expect(tile('Notes')).toBeFocused()
    await page.keyboard.press('ArrowUp')
    await expect(tile('Screen 2')).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(dialog()).toHaveCount(0)
    await expect(page.getByRole('textbox', { name: words('talk.editor') })).toBeFocused()
  })

  test('where the system denies it, it says what to do, and leads there', async () => {
    await open('denied', '#/talk')
    await ask()
    await expect(dialog().getByRole('heading')).toHaveText(words('desk.picker.denied'))
    await expect(dialog()).toContainText(words('desk.picker.deniedNext'))
    await expect(dialog().getByRole('button', { name: words('desk.openPrivacy') })).toBeFocused()
    await looksRight(page, 'picker-denied')
    await page.keyboard.press('Escape')
    await expect(dialog()).toHaveCount(0)
  })

  test('where the system has a list of its own and no gesture was seen, it asks to go on', async () => {
    await open('wayland', '#/talk')
    await page.evaluate(() => Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } }))
    await ask()
    await expect(dialog().getByRole('heading')).toHaveText(words('desk.picker.systemAsks'))
    await expect(dialog().getByRole('button', { name: words('desk.picker.goOn') })).toBeFocused()
    await looksRight(page, 'picker-system')
    await dialog()
      .getByRole('button', { name: words('common.cancel') })
      .last()
      .click()
    await expect(dialog()).toHaveCount(0)
    await expect(page.getByRole('alert')).toHaveCount(0)
  })

  test('where there is nothing and no settings to open, it says so', async () => {
    await open('unlisted', '#/talk')
    await ask()
    await expect(dialog().getByRole('heading')).toHaveText(words('desk.picker.none'))
    await expect(dialog().getByRole('button', { name: words('desk.openPrivacy') })).toHaveCount(0)
    await dialog()
      .getByRole('button', { name: words('common.close') })
      .click()
    await expect(dialog()).toHaveCount(0)
  })
})

test.describe('keys in every program', () => {
  const change = (name: 'quick' | 'talk' | 'screen' | 'timeline') =>
    page.getByRole('button', {
      name: words('settings.desktop.change', { what: words(`settings.desktop.key.${name}`) }),
    })
  const reset = () => page.getByRole('button', { name: words('settings.desktop.reset') })
  const press = async (name: Parameters<typeof change>[0], keys: string) => {
    await change(name).click()
    await expect(change(name)).toContainText(words('settings.desktop.press'))
    await page.keyboard.press(keys)
  }

  test('are changed, refused where another thing of ours has them, switched off, and made the usual ones again', async () => {
    await open('ok', '#/settings?section=desktop')
    await expect(page.getByText(words('settings.desktop.refused'))).toBeVisible()
    await looksRight(page, 'settings-desktop')
    await press('quick', 'Control+Shift+Q')
    await expect(change('quick')).toContainText('CtrlShiftQ')
    await press('timeline', 'Control+Shift+F10')
    const taken = words('settings.desktop.taken', { what: words('settings.desktop.key.screen') })
    await expect(page.getByText(taken)).toBeVisible()
    await looksRight(page, 'settings-desktop-taken')
    await page.keyboard.press('q')
    await expect(page.getByText(words('settings.desktop.unsuitable'))).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByText(words('settings.desktop.unsuitable'))).toHaveCount(0)
    await expect(change('timeline')).toContainText(words('settings.desktop.none'))
    const off = words('settings.desktop.switchOff', { what: words('settings.desktop.key.screen') })
    await page.getByRole('button', { name: off }).click()
    await expect(change('screen')).toContainText(words('settings.desktop.none'))
    await reset().click()
    await expect(change('quick')).toContainText('CtrlShiftSpace')
    await expect(change('timeline')).toContainText('CtrlShiftF11')
    await expect(change('screen')).toContainText('CtrlShiftF10')
    await expect(reset()).toBeDisabled()
  })

  test('Wayland: it is said who decides', async () => {
    await open('wayland', '#/settings?section=desktop')
    await expect(page.getByText(words('settings.desktop.wayland'))).toBeVisible()
    await expect(page.getByText(words('settings.desktop.keepRunningNoTray'))).toBeVisible()
    await looksRight(page, 'settings-desktop-wayland')
  })

  test('in a browser there are none, which is said', async () => {
    await open('', '#/settings?section=desktop')
    await expect(page.getByText(words('settings.desktop.browser'))).toBeVisible()
    await looksRight(page, 'settings-desktop-browser')
  })
})

test.describe('links', () => {
  const follow = (link: string) => open('ok', `#/open?link=${encodeURIComponent(JSON.stringify(link))}`)

  test('lead to what they name', async () => {
    await follow('lva://search?q=weights')
    await expect(page).toHaveURL(/#\/search\?q=.*weights/)
    await follow('lva://capture/said-1')
    await expect(page).toHaveURL(/#\/library\?tab=.*captures.*capture=.*said-1/)
    await follow('lva://note/note-1')
    await expect(page.getByRole('textbox').filter({ hasText: /./ }).first()).toBeVisible()
    await follow('lva://document/document-1')
    await expect(page).toHaveURL(/document-1/)
    await follow('lva://session/heads')
    await expect(page).toHaveURL(/#\/talk\?session=.*heads/)
  })

  test('that lead nowhere say so, without repeating what they held', async () => {
    for (const bad of [
      'lva://delete/everything',
      'https://example.com/evil',
      'lva://capture/../..',
      'lva://app/none',
    ]) {
      await follow(bad)
      await expect(page.getByText(words('errors.link-invalid.what'), { exact: true })).toBeVisible()
      await expect(page.getByText(words('errors.link-invalid.next'), { exact: true })).toBeVisible()
      await expect(page.getByText('evil')).toHaveCount(0)
    }
    await looksRight(page, 'link-bad')
  })

  test('to what is not there any more say so', async () => {
    await follow('lva://session/never-was')
    await expect(page.getByText(words('errors.not-found.what'), { exact: true })).toBeVisible()
    await follow('lva://capture/never-was')
    await expect(page.getByText(words('errors.not-found.what'), { exact: true })).toBeVisible()
    await looksRight(page, 'link-gone')
  })
})

test.describe('the small window', () => {
  const field = () => page.getByRole('textbox', { name: words('quick.editor') })
  /** Holds a file over the window; with names, lets such files go. */
  const drop = async (...names: string[]) => {
    const dataTransfer = await page.evaluateHandle(
      (given) => {
        const transfer = new DataTransfer()
        for (const name of given) transfer.items.add(new File(['words'], name))
        return transfer
      },
      names.length > 0 ? names : ['held.pdf'],
    )
    await page.dispatchEvent('main', names.length > 0 ? 'drop' : 'dragenter', { dataTransfer })
  }

  test('too many files are not taken, and it says where they belong', async () => {
    page = await screens.open('/?desk=ok&quick#/quick', { viewport: { width: 580, height: 260 } })
    await drop(...Array.from({ length: 51 }, (_, n) => `page ${n}.md`))
    await expect(page.getByText(words('quick.tooMany', { shown: 51 }), { exact: true })).toBeVisible()
    await expect(page.getByRole('list', { name: words('quick.files') })).toHaveCount(0)
    await shoot('quick-too-many')
  })

  test('is quiet, small, and its own whole page', async () => {
    const place = '/?desk=ok&quick#/quick'
    for (const colorScheme of ['light', 'dark'] as const) {
      page = await screens.open(place, { viewport: { width: 580, height: 260 }, colorScheme })
      await expect(field()).toBeFocused()
      await shoot(`quick-empty-${colorScheme}`)
      await field().fill(
        'Osmosis moves water through a membrane, from where there is more of it to where there is less.',
      )
      await shoot(`quick-${colorScheme}`)
      await field().press('Escape')
      await expect(page.getByRole('status')).toHaveText(words('quick.escAgain'))
      await shoot(`quick-leaving-${colorScheme}`)
      await drop()
      await expect(page.getByText(words('quick.drop'))).toBeVisible()
      await shoot(`quick-drop-${colorScheme}`)
      await drop('a lecture with a long name about the citric acid cycle.pdf', 'notes.md', 'tides.epub')
      await expect(page.getByRole('list', { name: words('quick.files') }).getByRole('listitem')).toHaveCount(3)
      await shoot(`quick-files-${colorScheme}`)
    }
    await looksRight(page, 'quick-files')
  })
})

/** With `LVA_LOOKS`, a picture of the page as it is. */
async function shoot(name: string): Promise<void> {
  if (process.env.LVA_LOOKS) await page.screenshot({ path: `${process.env.LVA_LOOKS}/${name}.png` })
}
