import type { Stretch } from '../voice/sentences.ts'

/** A run of an answer's text that is shown in one way. */
export type AnswerPiece =
  | { kind: 'text'; text: string; marked: boolean }
  | { kind: 'citation'; number: number; text: string }
  /** Here a citation stood whose place does not say it. */
  | { kind: 'unsupported' }

/**
 * Cuts a run of plain text where a citation stands and where the marked stretch begins and ends.
 * @param offset place of `value` in the whole answer, in UTF-16 code units
 * @param numbers citations that exist; any other number in brackets is just text
 * @param marked the stretch of the answer that stands out
 */
export function answerPieces(
  value: string,
  offset: number,
  numbers: ReadonlySet<number>,
  marked: Stretch | null,
): AnswerPiece[] {
  const pieces: AnswerPiece[] = []
  const addText = (from: number, to: number) => {
    const start = Math.min(Math.max((marked?.start ?? 0) - offset, from), to)
    const end = Math.min(Math.max((marked?.end ?? 0) - offset, start), to)
    for (const [begin, stop, isMarked] of [
      [from, start, false],
      [start, end, true],
      [end, to, false],
    ] as const) {
      if (stop > begin) pieces.push({ kind: 'text', text: value.slice(begin, stop), marked: isMarked })
    }
  }
  let done = 0
  for (const found of value.matchAll(/\[(\?|\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g)) {
    if (found[1] === '?') {
      addText(done, found.index)
      pieces.push({ kind: 'unsupported' })
      done = found.index + found[0].length
      continue
    }
    const cited = (found[1] ?? '').split(',').map(Number)
    if (!cited.every((number) => numbers.has(number))) continue
    addText(done, found.index)
    for (const number of cited) pieces.push({ kind: 'citation', number, text: String(number) })
    done = found.index + found[0].length
  }
  addText(done, value.length)
  return pieces
}
