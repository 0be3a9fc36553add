import { plainText } from './plain-text.ts'
import type { FoundText } from './types.ts'

/** Results that are taken of one question. */
export const MOST_RESULTS = 5
const LONGEST_TITLE = 300

const URL_NAMES = ['url', 'link', 'href']
const TITLE_NAMES = ['title', 'name']
const TEXT_NAMES = ['content', 'description', 'snippet', 'text', 'body']

/**
 * What a list of search results holds, whoever made it: address, title and words by the names that search engines use. What has no web
 * address or no words is left out.
 */
export function webResults(list: readonly unknown[]): FoundText[] {
  const found: FoundText[] = []
  for (const item of list) {
    if (found.length === MOST_RESULTS) break
    if (typeof item !== 'object' || item === null) continue
    const result = item as Record<string, unknown>
    const url = webAddress(first(result, URL_NAMES))
    const text = plainText([first(result, TEXT_NAMES), ...extras(result)].join(' '))
    if (url && text !== '') found.push({ url, text, title: titleOf(first(result, TITLE_NAMES), url) })
  }
  return found
}

/** An address that a link may lead to, as it is written; undefined for any other. */
export function webAddress(address: string): string | undefined {
  return /^https?:\/\//i.test(address) && URL.canParse(address) && address.length <= 2_000 ? address : undefined
}

export function titleOf(title: string, url: string): string {
  return plainText(title).slice(0, LONGEST_TITLE) || new URL(url).hostname
}

function first(result: Record<string, unknown>, names: readonly string[]): string {
  const value = names.map((name) => result[name]).find((one) => typeof one === 'string' && one.trim() !== '')
  return typeof value === 'string' ? value : ''
}

/** Brave gives further pieces of the page. */
function extras({ extra_snippets }: Record<string, unknown>): string[] {
  return Array.isArray(extra_snippets) ? extra_snippets.filter((piece) => typeof piece === 'string') : []
}
