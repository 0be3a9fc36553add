/** One line of a table: cells between bars; empty for a row without content. */
export function tableRow(cells: readonly string[]): string {
  const shown = cells.map((cell) => cell.replace(/\s+/gu, ' ').replaceAll('|', '¦').trim())
  while (shown.at(-1) === '') shown.pop()
  return shown.length === 0 ? '' : `| ${shown.join(' | ')} |`
}
