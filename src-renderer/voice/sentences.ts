import { goesOn } from '../../src-core/contract/index.ts'

/** A stretch of a text: UTF-16 code units, end exclusive. */
export interface Stretch {
  start: number
  end: number
}

/** Some system voices stop in the middle of longer stretches; these are cut at a comma, or at a space. */
const LONGEST = 240

/** Cuts a text that is still arriving into sentences, so that the first can be spoken before the last is written. */
export class SentenceSplitter {
  #text = ''
  #done = 0
  readonly #segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' })

  /** @returns the sentences that are complete now, with their places in the whole text */
  push(piece: string): Stretch[] {
    this.#text += piece
    return this.#cut(false)
  }

  /** @returns what is left, once nothing more will arrive */
  end(): Stretch[] {
    return this.#cut(true)
  }

  /** The text of a stretch. */
  slice({ start, end }: Stretch): string {
    return this.#text.slice(start, end)
  }

  #cut(isWhole: boolean): Stretch[] {
    const rest = this.#text.slice(this.#done)
    const sentences: Stretch[] = []
    let start = 0
    const segments = [...this.#segmenter.segment(rest)]
    for (const [index, { segment, index: at }] of segments.entries()) {
      const end = at + segment.length
      const isLast = index === segments.length - 1
      // The last one may still grow, and a full stop at the very end may be the first half of "3.14".
      if (isLast && !isWhole) break
      if (!isLast && goesOn(rest.slice(start, end), rest.slice(end))) continue
      sentences.push(...shorten(rest, { start, end }))
      start = end
    }
    const offset = this.#done
    this.#done += start
    return sentences
      .map((stretch) => trim(rest, stretch))
      .filter((stretch) => stretch.end > stretch.start)
      .map((stretch) => ({ start: stretch.start + offset, end: stretch.end + offset }))
  }
}

function shorten(text: string, { start, end }: Stretch): Stretch[] {
  const parts: Stretch[] = []
  let from = start
  while (end - from > LONGEST) {
    const window = text.slice(from, from + LONGEST)
    const comma = Math.max(...[', ', '; ', ': ', ' – ', ' — '].map((mark) => window.lastIndexOf(mark)))
    const space = window.lastIndexOf(' ')
    const at = comma > LONGEST / 4 ? comma : space > 0 ? space : LONGEST - 1
    parts.push({ start: from, end: from + at + 1 })
    from += at + 1
  }
  parts.push({ start: from, end })
  return parts
}

function trim(text: string, { start, end }: Stretch): Stretch {
  const inner = text.slice(start, end)
  const from = start + inner.length - inner.trimStart().length
  return { start: from, end: Math.max(from, from + inner.trim().length) }
}
