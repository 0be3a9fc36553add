import { createHash } from 'node:crypto'

/** Names of exported files: safe on every system and in Obsidian and Logseq, unique by their last eight digits (docs/export.md §3). */

/** UTF-8 bytes of the part that is made of words. */
const LONGEST_WORDS = 80
/** What Windows forbids, what Obsidian's links and Logseq's names take for their own, and control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd<>:"/\\|?*#^[\]%{}]+/g
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

export function sessionFileName(session: {
  id: string
  title: string | null
  preview: string
  createdAt: string
}): string {
  const day = session.createdAt.slice(0, 'YYYY-MM-DD'.length)
  return `${day} ${wordsOf(session.title ?? session.preview)}${shortHash(session.id)}`
}

export function noteFileName(note: { id: string; title: string }): string {
  return `${wordsOf(note.title)}${shortHash(note.id)}`
}

/** Lower-case letters and digits, at most eight; empty where the name has no such ending. */
export function endingOf(name: string): string {
  const [, ending = ''] = /\.([a-z0-9]{1,8})$/i.exec(name) ?? []
  return ending.toLowerCase()
}

/** The words of a title that a file name can hold, and a space; empty where none are left. */
function wordsOf(title: string): string {
  const line = title
    .normalize('NFC')
    .replace(FORBIDDEN, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.]+|[\s.]+$/gu, '')
  let words = ''
  let bytes = 0
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    bytes += Buffer.byteLength(segment)
    if (bytes > LONGEST_WORDS) break
    words += segment
  }
  words = words.replace(/[\s.]+$/u, '')
  return words === '' || RESERVED.test(words) ? '' : `${words} `
}
