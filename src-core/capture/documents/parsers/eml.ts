import { assemble } from '../assemble.ts'
import type { DocumentParser } from '../types.ts'
import { type Mail, mailBlocks, shownLength } from './mail.ts'

/** Letters as they are sent. */
export const emlParser: DocumentParser = {
  formats: ['eml'],
  async parse({ bytes }, { limits }) {
    const { default: PostalMime } = await import('postal-mime')
    // The line that a mailbox puts before each of its letters is no part of it.
    const mail = await PostalMime.parse(withoutFromLine(bytes) as Uint8Array<ArrayBuffer>, { maxNestingDepth: 50 })
    const people = (given: { name?: string; address?: string }[] | undefined) =>
      (given ?? []).map(({ name, address }) => [name, address].filter(Boolean).join(' ')).join(', ')
    const subject = mail.subject ?? ''
    const blocks = await mailBlocks(
      {
        subject,
        from: people(mail.from ? [mail.from] : []),
        to: people(mail.to),
        date: mail.date ?? '',
        body: await bodyOf(mail.text ?? '', mail.html ?? '', limits.depth),
        attachments: mail.attachments.flatMap(({ filename }) => filename ?? []),
      },
      limits.depth,
    )
    return assemble(subject, null, blocks)
  },
}

/** Of a page so many times as long as the plain text, the plain text only says that there is a page. */
const STUB = 4

async function bodyOf(text: string, html: string, depth: number): Promise<Mail['body']> {
  if (html === '') return { text }
  const isStub = text.trim() === '' || (await shownLength(html, depth)) > text.trim().length * STUB
  return isStub ? { html } : { text }
}

function withoutFromLine(bytes: Uint8Array): Uint8Array {
  const head = Buffer.from(bytes.subarray(0, 1_024)).toString('latin1')
  return bytes.subarray(/^From [^\r\n]*\r?\n/.exec(head)?.[0].length ?? 0)
}
