/** UTF-16 code units of a line, at most. */
export const LONGEST_LINE = 64 * 2 ** 20

export type Line = { number: number; text: string } | { number: number; fault: 'not-utf8' | 'too-large' }

const NEW_LINE = 0x0a

/** Lines of UTF-8, ended by a line feed that is not part of them. A line that is too long or no UTF-8 is given as its fault. */
export async function* readLines(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  longest = LONGEST_LINE,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let number = 1
  let waiting: Uint8Array[] = []
  let bytes = 0
  const take = (): Line => {
    const line = number
    number += 1
    const isTooLong = bytes > longest
    const whole = waiting.length === 1 ? (waiting[0] as Uint8Array) : Buffer.concat(waiting)
    waiting = []
    bytes = 0
    if (isTooLong) return { number: line, fault: 'too-large' }
    try {
      return { number: line, text: decoder.decode(whole) }
    } catch {
      return { number: line, fault: 'not-utf8' }
    }
  }
  const add = (part: Uint8Array) => {
    bytes += part.length
    // What is too long is not kept.
    if (bytes <= longest) waiting.push(part)
    else waiting = []
  }
  for await (const piece of pieces) {
    let from = 0
    for (let at = piece.indexOf(NEW_LINE); at !== -1; at = piece.indexOf(NEW_LINE, from)) {
      add(piece.subarray(from, at))
      yield take()
      from = at + 1
    }
    if (from < piece.length) add(piece.subarray(from))
  }
  if (bytes > 0) yield take()
}
