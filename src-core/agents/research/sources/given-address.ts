import { LvaError } from '../../../kernel/index.ts'
import type { Reach } from '../ask-party.ts'
import type { ResearchSource } from '../types.ts'
import { titleOf } from '../web-results.ts'

const BYTES_PER_KB = 1_024
/** Longest text that is taken of one page, in UTF-16 code units. */
const LONGEST = 200_000

/** Reads a page as documents are read. */
export type ReadPage = (
  page: { bytes: Uint8Array; isHtml: boolean; address: string },
  signal: AbortSignal,
) => Promise<{ title: string; text: string }>

/** A page whose address the learner gave in their own words. Nothing is sent but the request for it. */
export function givenAddress(reach: Reach, readPage: ReadPage): ResearchSource {
  return {
    name: 'address',
    kind: 'address',
    allowedAs: 'address',
    pauseMs: 0,
    leaving: ({ words }) => ({ to: URL.canParse(words) ? new URL(words).host : words, sends: words }),
    async ask({ words }, signal) {
      const page = await reach.fetch({
        address: words,
        accept: 'text/html,application/xhtml+xml,text/plain;q=0.9,text/*;q=0.8',
        textOnly: true,
        limitBytes: reach.answerKb * BYTES_PER_KB,
        timeoutMs: reach.timeoutMs,
        signal,
      })
      if (page.status !== 200) {
        throw new LvaError('address-unreachable', `The address answered with ${page.status}.`, {
          advice: 'Check the address.',
          params: { status: page.status },
        })
      }
      const isHtml = /html/.test(page.type) || (page.type === '' && looksLikeHtml(page.bytes))
      const { title, text } = await readPage({ bytes: page.bytes, isHtml, address: page.address }, signal)
      const said = text.slice(0, LONGEST).trim()
      return said === '' ? [] : [{ title: titleOf(title, page.address), url: page.address, text: said }]
    },
  }
}

function looksLikeHtml(bytes: Uint8Array): boolean {
  return /<(?:!doctype html|html|head|body)/i.test(new TextDecoder().decode(bytes.subarray(0, 1_024)))
}

/** Web addresses in a text, without the punctuation behind them, each once. */
export function addressesIn(text: string): string[] {
  const written = text.match(/\bhttps?:\/\/[^\s<>"“”«»]+/giu) ?? []
  return [...new Set(written.map(trimmed))].filter((address) => URL.canParse(address)).slice(0, MOST_ADDRESSES)
}

const MOST_ADDRESSES = 3

/** A sentence goes on after an address; a bracket belongs to it only where it opens there too. */
function trimmed(address: string): string {
  const bare = address.replace(/[.,;:!?'’»”…]+$/u, '')
  const isOpened = bare.split('(').length >= bare.split(')').length
  return bare.endsWith(')') && !isOpened ? trimmed(bare.slice(0, -1)) : bare
}
