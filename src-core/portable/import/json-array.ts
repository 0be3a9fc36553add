import { JSONParser } from '@streamparser/json'

/**
 * The elements of a JSON array, one in memory at a time; what stands before a fault is given before the fault is thrown.
 * @throws Error when the JSON is cut or malformed, TypeError when it is no UTF-8
 */
export async function* readJsonArray(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const ready: unknown[] = []
  let fault: Error | undefined
  let isEnded = false
  parser.onValue = ({ value, key }) => {
    if (typeof key === 'number') ready.push(value)
  }
  parser.onError = (error) => {
    fault ??= error
  }
  parser.onEnd = () => {
    isEnded = true
  }
  const feed = (text: string) => {
    try {
      if (!fault && text !== '') parser.write(text)
    } catch (error) {
      fault ??= error as Error
    }
  }
  for await (const piece of pieces) {
    try {
      feed(decoder.decode(piece, { stream: true }))
    } catch (error) {
      fault ??= error as Error
    }
    yield* ready.splice(0)
    if (fault) throw fault
  }
  if (!isEnded) throw new SyntaxError('The JSON ends in the middle.')
}
