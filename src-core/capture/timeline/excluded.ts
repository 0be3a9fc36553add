/** The first of the learner's names that stands in the title of a window on the screen; undefined where none does. */
export function excludedBy(windows: readonly string[], names: readonly string[]): string | undefined {
  const shown = windows.map(plain)
  return names.find((name) => {
    const wanted = plain(name)
    return wanted !== '' && shown.some((title) => title.includes(wanted))
  })
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}
