import type { Page } from '@playwright/test'

/** Collects what no page of ours may do: uncaught errors, console errors, message boxes, and requests that leave this machine. */
export function watchForProblems(page: Page): string[] {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('dialog', (dialog) => {
    problems.push(`message box: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!/^(127\.0\.0\.1|)$/.test(new URL(request.url()).hostname)) problems.push(`asked for ${request.url()}`)
  })
  return problems
}
