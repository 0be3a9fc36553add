/** One line of a table: cells between bars; empty for a row without content. */
export function tableRow(cells: readonly string[]): string {
  const shown = cells.map((cell) => cell.replace(/\s+/gu, ' ').replaceAll('|', '¦').trim())
  while (shown.at(-1) === '') shown.pop()
  return shown.length === 0 ? '' : `| ${shown.join(' | ')} |`
}

/** UTF-16 code units of a row's line, about: cells may be many that are one text, which unfolds only when it is written. */
export function lengthOfRow(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.length + 3, 0)
}
