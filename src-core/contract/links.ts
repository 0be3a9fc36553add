import { LvaError } from '../kernel/index.ts'

/** What a link shows (docs/desktop.md §2). Links come from anywhere: none of them stores, deletes, sends or changes anything. */
export type AppLink =
  | { kind: 'capture' | 'session' | 'note' | 'document'; id: string }
  | { kind: 'search'; q: string }
  | { kind: 'quick'; text: string }

const SCHEME = 'lva'
const ITEMS = ['capture', 'session', 'note', 'document'] as const
const LONGEST_LINK = 16_000
const LONGEST_QUERY = 1_000
const LONGEST_TEXT = 10_000
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/
/** Control characters but tab and new line, and what turns the direction of writing (Unicode Bidi_Control). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

/** @throws LvaError link-invalid; its message does not repeat the link */
export function readLink(text: string): AppLink {
  const url = text.length <= LONGEST_LINK ? URL.parse(text) : null
  if (url?.protocol !== `${SCHEME}:` || url.username || url.password || url.port || url.hash) throw invalid()
  const kind = url.hostname.toLowerCase()
  const path = url.pathname.replace(/^\//, '')
  const item = ITEMS.find((known) => known === kind)
  if (item) return { kind: item, id: idOf(path.replace(/\/$/, '')) }
  if (path !== '') throw invalid()
  if (kind === 'search') return { kind, q: wordsOf(url, 'q', LONGEST_QUERY) }
  if (kind === 'quick') return { kind, text: wordsOf(url, 'text', LONGEST_TEXT) }
  throw invalid()
}

/** The address of a link. */
export function writeLink(link: AppLink): string {
  if (link.kind === 'search') return `${SCHEME}://search?q=${encodeURIComponent(link.q)}`
  if (link.kind === 'quick') return `${SCHEME}://quick?text=${encodeURIComponent(link.text)}`
  return `${SCHEME}://${link.kind}/${encodeURIComponent(link.id)}`
}

function idOf(written: string): string {
  let id: string
  try {
    id = decodeURIComponent(written)
  } catch {
    throw invalid()
  }
  if (!ID.test(id)) throw invalid()
  return id
}

function wordsOf(url: URL, name: string, longest: number): string {
  const words = (url.searchParams.get(name) ?? '').replace(/\r\n?/g, '\n').replace(UNSEEN, '').trim()
  if (words.length > longest || (name === 'q' && words === '')) throw invalid()
  return words
}

function invalid(): LvaError {
  return new LvaError('link-invalid', 'This link leads nowhere.', {
    advice:
      'Links begin with lva://capture/, lva://session/, lva://note/, lva://document/, lva://search?q= or lva://quick?text=.',
  })
}
