import { useCallback, useEffect, useRef, useState } from 'react'
import { readLink, writeLink } from '../../src-core/contract/index.ts'
import { useDeskLine } from '../desk/desk.tsx'
import type { Draft } from '../talk/draft.ts'

/** Enter that is pressed sooner after the window came up was meant for what was there before, in milliseconds. */
const MEANT_FOR_ANOTHER = 1_000

/**
 * Words that a link brought (docs/desktop.md §2): they stand in an empty editor; beside words of the learner they are offered.
 * @param first of the page's address
 */
export function useLinkWords(draft: Draft, first: string | undefined) {
  const line = useDeskLine()
  const [offered, setOffered] = useState('')
  const came = useRef(Number.NEGATIVE_INFINITY)
  const take = useCallback(
    (words: string) => {
      came.current = performance.now()
      if (draft.present.text.trim() === '') draft.write(words)
      else if (draft.present.text !== words) setOffered(words)
    },
    [draft],
  )
  useEffect(() => line?.on('quick-text', take), [line, take])
  useEffect(() => {
    const words = first ? cleaned(first) : ''
    if (words) take(words)
  }, [first, take])
  return {
    offered,
    join() {
      draft.write(`${draft.present.text.trimEnd()}\n${offered}`)
      setOffered('')
    },
    refuse: () => setOffered(''),
    /** Whether a key that was pressed then can be meant for these words. */
    isMeant: (at: number) => at - came.current >= MEANT_FOR_ANOTHER,
  }
}

/** As if they had come by a link; nothing where they would not be let in. */
function cleaned(words: string): string {
  try {
    const link = readLink(writeLink({ kind: 'quick', text: words }))
    return link.kind === 'quick' ? link.text : ''
  } catch {
    return ''
  }
}
