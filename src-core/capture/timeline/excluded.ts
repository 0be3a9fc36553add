/** Whether a window is on the screen that the learner does not want in the timeline. */
export function isExcluded(windows: readonly string[], names: readonly string[]): boolean {
  const wanted = names.map(plain).filter((name) => name !== '')
  return windows.some((title) => {
    const shown = plain(title)
    return wanted.some((name) => shown.includes(name))
  })
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}
