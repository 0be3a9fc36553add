import type { Session, Streams } from 'electron'
import { describe, expect, it } from 'vitest'
import { answerScreenRequests } from './screen-requests.ts'

type Handler = NonNullable<Parameters<Session['setDisplayMediaRequestHandler']>[0]>
const CHOSEN = { id: 'screen:0:0', name: 'Screen 1' }

function ask(
  request: { url?: string; audioRequested?: boolean },
  take: () => Promise<typeof CHOSEN | null> = async () => CHOSEN,
): Promise<Streams | null> {
  let handler: Handler | undefined
  const session = {
    setDisplayMediaRequestHandler: (given: Handler) => {
      handler = given
    },
  }
  answerScreenRequests(session as unknown as Session, { take })
  const { url, audioRequested = false } = request
  return new Promise((resolve) =>
    handler?.({ frame: url === undefined ? null : { url }, audioRequested } as Parameters<Handler>[0], resolve),
  )
}

describe('a request for the screen', () => {
  it('of our page gets what was chosen', async () => {
    expect(await ask({ url: 'lva://app/' })).toEqual({ video: CHOSEN })
  })

  it.each([
    ['another page', { url: 'https://example.org/' }],
    ['a page that is gone', {}],
    ['who wants to hear as well', { url: 'lva://app/', audioRequested: true }],
  ])('of %s gets nothing', async (_, request) => expect(await ask(request)).toBeNull())

  it('gets nothing where nothing was chosen, or none may be captured', async () => {
    expect(await ask({ url: 'lva://app/' }, async () => null)).toBeNull()
    expect(await ask({ url: 'lva://app/' }, () => Promise.reject(new Error('refused')))).toBeNull()
  })
})
