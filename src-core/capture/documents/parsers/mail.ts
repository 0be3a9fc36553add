import type { RawBlock } from '../types.ts'
import { type HtmlNode, htmlBlocks } from './html.ts'

/** A letter, whatever kind of file it came in. */
export interface Mail {
  subject: string
  from: string
  to: string
  /** ISO time, or empty. */
  date: string
  body: { text: string } | { html: string } | { blocks: RawBlock[] }
  /** Names of what is attached. */
  attachments: readonly string[]
}

/** Subject, who wrote it to whom, and the text. Attachments are named and not opened. @throws LvaError document-too-complex */
export async function mailBlocks(mail: Mail, depth: number): Promise<RawBlock[]> {
  const head = [
    ['From', mail.from],
    ['To', mail.to],
    ['Date', mail.date],
  ].flatMap(([label, value]) => (value ? [`${label}: ${value}`] : []))
  return [
    { kind: 'heading', level: 1, text: mail.subject },
    { kind: 'paragraph', text: head.join('\n') },
    ...(await bodyBlocks(mail.body, depth)),
    ...mail.attachments.map((text): RawBlock => ({ kind: 'list', level: 1, text })),
  ]
}

async function bodyBlocks(body: Mail['body'], depth: number): Promise<RawBlock[]> {
  if ('blocks' in body) return body.blocks
  if ('text' in body) {
    return body.text.split(/\r?\n\s*\r?\n/).map((text) => ({ kind: 'paragraph', text: text.trim() }))
  }
  return pageBlocks(body.html, depth)
}

/** Letters that a page of a mail shows, in UTF-16 code units. @throws LvaError document-too-complex */
export async function shownLength(html: string, depth: number): Promise<number> {
  return (await pageBlocks(html, depth)).reduce((sum, { text }) => sum + text.length, 0)
}

async function pageBlocks(html: string, depth: number): Promise<RawBlock[]> {
  const { parseHTML } = await import('linkedom')
  const { document } = parseHTML(`<html><head></head><body>${html}</body></html>`)
  return htmlBlocks(document.body as unknown as HtmlNode, depth)
}
