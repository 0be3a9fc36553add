import { expect, test } from '@playwright/test'
import { imitated } from './imitated.ts'
import { openSettings } from './learner.ts'
import { words } from './words.ts'

/** Retention in Settings on an imitated core: what is slow. */
const screens = imitated()

test('a size that was counted before the files went does not stay on the screen', async () => {
  const page = await screens.open('/?forecastMs=800#/talk')
  await openSettings(page, 'settings.screen.title')
  const recordings = page.getByRole('combobox', { name: words('settings.screen.kind.recordings') })
  const about = page.locator('div.rounded-xl').filter({ has: recordings }).getByRole('paragraph')
  await expect(about).toContainText(/^203 now/)
  await recordings.selectOption('30')
  await expect(about).toContainText(words('settings.screen.none'))
})
