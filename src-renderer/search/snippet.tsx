import { Fragment } from 'react'
import type { SearchHit } from '../../src-core/contract/index.ts'

/** A snippet with the asked words marked. The pieces are plain text and stay so. */
export function Snippet({ pieces }: { pieces: SearchHit['snippet'] }) {
  return pieces.map(({ text, marked }, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
    return marked ? <mark key={index}>{text}</mark> : <Fragment key={index}>{text}</Fragment>
  })
}
