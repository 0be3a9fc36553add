import { expect, it } from 'vitest'
import { ManualClock } from '../../kernel/index.ts'
import { createRelayHttp, type Fetch } from './relay-http.ts'

function relayOn(fetch: Fetch) {
  const clock = new ManualClock()
  const closing = new AbortController()
  const http = createRelayHttp('https://relay.example.org', { fetch, clock, signal: closing.signal })
  return { http, clock, closing }
}

/** Begins to answer, and never ends. */
function endless(): { fetch: Fetch; begun: Promise<void> } {
  const { promise: begun, resolve } = Promise.withResolvers<void>()
  const fetch: Fetch = async () =>
    new Response(
      new ReadableStream({
        pull(stream) {
          stream.enqueue(new TextEncoder().encode('['))
          resolve()
          return new Promise(() => undefined)
        },
      }),
    )
  return { fetch, begun }
}

it('waits no longer for the end of an answer than for its beginning', async () => {
  const { fetch, begun } = endless()
  const { http, clock } = relayOn(fetch)
  const asked = http.devices('token')
  await begun
  clock.advance(20_000)
  await expect(asked).rejects.toMatchObject({ code: 'relay-unreachable', params: { host: 'relay.example.org' } })
})

it('reads no more than a relay says', async () => {
  let sent = 0
  const { http } = relayOn(
    async () =>
      new Response(
        new ReadableStream({
          pull(stream) {
            sent += 1
            stream.enqueue(new Uint8Array(2 ** 20))
          },
        }),
      ),
  )
  await expect(http.devices('token')).rejects.toMatchObject({ code: 'relay-not-understood' })
  expect(sent).toBeLessThan(10)
})

it('stops asking when the program closes, but for new tokens, which come once', async () => {
  const asked: { url: string; init: RequestInit }[] = []
  const { http, closing } = relayOn((url, init) => {
    asked.push({ url, init })
    return new Promise(() => undefined)
  })
  const listed = http.devices('token')
  void http.refresh('refresh')
  closing.abort(new Error('closing'))
  await expect(listed).rejects.toThrow('closing')
  expect(asked.map(({ init }) => init.signal?.aborted)).toEqual([true, false])
})
