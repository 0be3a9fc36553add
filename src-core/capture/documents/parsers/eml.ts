import { assemble } from '../assemble.ts'
import type { DocumentParser } from '../types.ts'
import { mailBlocks } from './mail.ts'

/** Letters as they are sent. */
export const emlParser: DocumentParser = {
  formats: ['eml'],
  async parse({ bytes }, { limits }) {
    const { default: PostalMime } = await import('postal-mime')
    const mail = await PostalMime.parse(bytes as Uint8Array<ArrayBuffer>, { maxNestingDepth: 50 })
    const people = (given: { name?: string; address?: string }[] | undefined) =>
      (given ?? []).map(({ name, address }) => [name, address].filter(Boolean).join(' ')).join(', ')
    const subject = mail.subject ?? ''
    const blocks = await mailBlocks(
      {
        subject,
        from: people(mail.from ? [mail.from] : []),
        to: people(mail.to),
        date: mail.date ?? '',
        body: mail.text || !mail.html ? { text: mail.text ?? '' } : { html: mail.html },
        attachments: mail.attachments.flatMap(({ filename }) => filename ?? []),
      },
      limits.depth,
    )
    return assemble(subject, null, blocks)
  },
}
