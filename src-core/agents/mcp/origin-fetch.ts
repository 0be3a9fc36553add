import { LvaError } from '../../kernel/index.ts'

/**
 * Fetches from one origin, the one that the learner typed, and no other: it may be of a private network, and nothing that a server answers
 * leads anywhere else. The stream that a server could speak on unasked (GET) is not opened.
 * @param bytes largest answer
 * @param onTooLarge called when an answer is larger, which then breaks off
 * @throws LvaError address-refused
 */
export function originFetch(origin: string, bytes: number, onTooLarge: () => LvaError): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.origin !== origin) {
      throw new LvaError('address-refused', 'The server leads to another address than the one that was typed.', {
        advice: 'Type that address in Settings if you trust it.',
      })
    }
    if ((init?.method ?? 'GET') === 'GET') return new Response(null, { status: 405 })
    const response = await fetch(url, { ...init, redirect: 'manual' })
    if (!response.body) return response
    let size = 0
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(piece, controller) {
          size += piece.length
          if (size > bytes) controller.error(onTooLarge())
          else controller.enqueue(piece)
        },
      }),
    )
    return new Response(counted, response)
  }
}
