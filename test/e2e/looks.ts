import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page } from '@playwright/test'
import { seriousViolations } from './accessibility.ts'
import { tooWide } from './layout.ts'

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } }

/**
 * Holds what is on the screen now against axe and its width: light and dark, wide and narrow. With `LVA_LOOKS`, a folder, it leaves a picture
 * of each there, to be looked at.
 * @param height of the window in pixels, for what is longer than a screen
 */
export async function looksRight(page: Page, name: string, height?: number): Promise<void> {
  const folder = process.env.LVA_LOOKS
  if (folder) mkdirSync(folder, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ ...viewport, ...(height !== undefined && { height }) })
      // Panes become one by an event of the width, a moment after it has changed: what is judged is where that ends.
      await expect.poll(() => tooWide(page), `${name}: ${colorScheme}, ${size}`).toEqual([])
      expect(await seriousViolations(page), `${name}: ${colorScheme}, ${size}`).toEqual([])
      if (folder) await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}-${size}.png`) })
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null })
  await page.setViewportSize(SIZES.wide)
}
