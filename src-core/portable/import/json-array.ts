import { JSONParser } from '@streamparser/json'

/** Why the rest of a JSON file cannot be read. */
export class JsonFault extends Error {
  readonly code: 'not-utf8' | 'cut-off'

  constructor(code: JsonFault['code'], cause?: unknown) {
    super('The JSON cannot be read to its end.', { cause })
    this.code = code
  }
}

/**
 * The elements of a JSON array, one in memory at a time; what stands before a fault is given before the fault is thrown.
 * @throws JsonFault; what reading the pieces throws
 */
export async function* readJsonArray(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false })
  const ready: unknown[] = []
  let fault: JsonFault | undefined
  let isEnded = false
  parser.onValue = ({ value, key }) => {
    if (typeof key === 'number') ready.push(value)
  }
  parser.onError = (error) => {
    fault ??= new JsonFault('cut-off', error)
  }
  parser.onEnd = () => {
    isEnded = true
  }
  const feed = (text: string) => {
    try {
      if (!fault && text !== '') parser.write(text)
    } catch (error) {
      fault ??= new JsonFault('cut-off', error)
    }
  }
  // Bytes of a letter that goes on in the next piece.
  let pending: Uint8Array = new Uint8Array()
  let isFirst = true
  for await (const piece of pieces) {
    const bytes = pending.length === 0 ? piece : Buffer.concat([pending, piece])
    let text: string
    let broken: JsonFault | undefined
    try {
      text = decode(bytes)
      pending = bytes.subarray(Buffer.byteLength(text))
    } catch (error) {
      text = wholeBeginning(bytes)
      broken = new JsonFault('not-utf8', error)
    }
    feed(isFirst ? text.replace(/^\ufeff/, '') : text)
    isFirst = false
    yield* ready.splice(0)
    if (fault ?? broken) throw fault ?? broken
  }
  if (!isEnded) throw new JsonFault('cut-off')
}

/** The text of bytes whose last letter may go on. @throws TypeError where they are no UTF-8 */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true })
}

/** The text before the first bytes that are no UTF-8. */
function wholeBeginning(bytes: Uint8Array): string {
  let whole = 0
  let broken = bytes.length
  while (broken - whole > 1) {
    const middle = (whole + broken) >> 1
    try {
      decode(bytes.subarray(0, middle))
      whole = middle
    } catch {
      broken = middle
    }
  }
  return decode(bytes.subarray(0, whole))
}
