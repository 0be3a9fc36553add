import type { Page } from '@playwright/test'

/**
 * What is too wide for the screen: boxes that can be scrolled sideways, and what ends beyond the edge of the window. Left out are boxes
 * that are made to be scrolled sideways, such as code, wide tables, and the sections of Settings on a phone.
 */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { documentElement: root, body } = document
    const found = root.scrollWidth > innerWidth ? [`the page is ${root.scrollWidth} wide`] : []
    const clips = (element: Element) => getComputedStyle(element).overflowX !== 'visible'
    const isClipped = (element: Element): boolean => {
      const parent = element.parentElement
      return parent !== null && parent !== body && (clips(parent) || isClipped(parent))
    }
    for (const element of body.querySelectorAll('*')) {
      const name = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`
      const scrolls = /auto|scroll/.test(getComputedStyle(element).overflowX)
      if (scrolls && !/overflow-x-auto/.test(name) && element.scrollWidth > element.clientWidth + 1)
        found.push(`${name} scrolls sideways: ${element.scrollWidth} in ${element.clientWidth}`)
      if (element.getBoundingClientRect().right > innerWidth + 1 && !isClipped(element))
        found.push(`${name} ends beyond the window`)
    }
    return found
  })
}
