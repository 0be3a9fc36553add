import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What axe calls serious or critical on the screen as it is once nothing fades in or out any more, as sentences. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // What is half faded has colours of no design. What moves without end, as a sign of waiting does, is part of the screen as it is.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(
          ({ effect, playState }) =>
            playState === 'running' && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
        )
        .map(({ finished }) => finished),
    ),
  )
  // A page of ours has no frames, so axe need not look for them. What lies under an open dialog is out of reach for everybody.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-aria-hidden="true"]')
  const { violations } = await axe.analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

/** Whether the eye can see where the keyboard is. @returns what is wrong, or null */
export function focusProblem(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const focused = document.activeElement
    if (!focused || focused === document.body) return 'the focus is nowhere'
    // The caret shows where one types.
    if (focused.matches('textarea, input:not([type=checkbox], [type=radio], [type=range])')) return null
    const row = focused.getAttribute('aria-activedescendant')
    const shown = (row && document.getElementById(row)) || focused
    const { outlineStyle, outlineWidth } = getComputedStyle(shown)
    const isShown = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1
    return isShown ? null : `the focus cannot be seen on ${shown.outerHTML.slice(0, 200)}`
  })
}

/** Movements on the screen that take longer than an eye can follow. */
export function movements(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    document.getAnimations().flatMap((animation) => {
      const { duration, iterations } = animation.effect?.getComputedTiming() ?? {}
      const isLong = Number(duration) > 1 || iterations === Number.POSITIVE_INFINITY
      return animation.playState === 'running' && isLong
        ? [`${(animation as CSSAnimation).animationName} ${duration} ms`]
        : []
    }),
  )
}
