import { Fragment } from 'react'
import type { SearchHit } from '../../src-core/contract/index.ts'

/** Between paragraphs: in three lines there is no room for one that is empty. */
const EMPTY_LINES = /\n\s*\n/g

/** A snippet with the asked words marked. The pieces are plain text and stay so, without empty lines. */
export function Snippet({ pieces }: { pieces: SearchHit['snippet'] }) {
  return pieces.map(({ text: whole, marked }, index) => {
    const text = whole.replace(EMPTY_LINES, '\n')
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
    return marked ? <mark key={index}>{text}</mark> : <Fragment key={index}>{text}</Fragment>
  })
}
