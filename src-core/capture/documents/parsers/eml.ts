import { assemble } from '../assemble.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { type HtmlNode, htmlBlocks } from './html.ts'

/** Letters: subject, who wrote it to whom, and the text. Attachments are named and not opened. */
export const emlParser: DocumentParser = {
  formats: ['eml'],
  async parse({ bytes }, { limits }) {
    const { default: PostalMime } = await import('postal-mime')
    const mail = await PostalMime.parse(bytes as Uint8Array<ArrayBuffer>, { maxNestingDepth: 50 })
    const people = (given: { name?: string; address?: string }[] | undefined) =>
      (given ?? []).map(({ name, address }) => [name, address].filter(Boolean).join(' ')).join(', ')
    const head = [
      ['From', people(mail.from ? [mail.from] : [])],
      ['To', people(mail.to)],
      ['Date', mail.date ?? ''],
    ].flatMap(([label, value]) => (value ? [`${label}: ${value}`] : []))
    const blocks: RawBlock[] = [
      { kind: 'heading', level: 1, text: mail.subject ?? '' },
      { kind: 'paragraph', text: head.join('\n') },
    ]
    if (mail.text) {
      blocks.push(
        ...mail.text.split(/\r?\n\s*\r?\n/).map((text): RawBlock => ({ kind: 'paragraph', text: text.trim() })),
      )
    } else if (mail.html) {
      const { parseHTML } = await import('linkedom')
      const { document } = parseHTML(`<html><head></head><body>${mail.html}</body></html>`)
      blocks.push(...htmlBlocks(document.body as unknown as HtmlNode, limits.depth))
    }
    for (const { filename } of mail.attachments) if (filename) blocks.push({ kind: 'list', level: 1, text: filename })
    return assemble(mail.subject ?? '', null, blocks)
  },
}
