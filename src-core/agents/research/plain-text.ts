const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
}
/** Longest text that is taken of one result, in UTF-16 code units. */
const LONGEST = 20_000

/** The words of a snippet: without the marks that search engines put around what matched, its references resolved, its blanks joined. */
export function plainText(snippet: string): string {
  return snippet
    .slice(0, 2 * LONGEST)
    .replace(/<\/?[a-z][^<>]*>/gi, '')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
      return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole
    })
    .toWellFormed()
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, LONGEST)
}
