/** Names that the platform has for code pages of Windows, where they are not `windows-<number>`. */
const NAMES: Record<number, string> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  1200: 'utf-16le',
  10000: 'macintosh',
  10007: 'x-mac-cyrillic',
  20866: 'koi8-r',
  21866: 'koi8-u',
  28592: 'iso-8859-2',
  28595: 'iso-8859-5',
  28605: 'iso-8859-15',
  50220: 'iso-2022-jp',
  51932: 'euc-jp',
  54936: 'gb18030',
  65001: 'utf-8',
}

const decoders = new Map<string, TextDecoder>()
const western = new TextDecoder('windows-1252')

/** A decoder for text in a code page; Western European where the platform has no table for it. */
export function decoderOfCodePage(page: number | undefined): TextDecoder {
  const name = NAMES[page ?? 0] ?? `windows-${page}`
  const known = decoders.get(name)
  if (known) return known
  try {
    const decoder = new TextDecoder(name)
    // Only those that there are: a document may name millions that are none.
    decoders.set(name, decoder)
    return decoder
  } catch {
    return western
  }
}
