import type { DesktopCapturer, Session, Streams } from 'electron'
import { describe, expect, it } from 'vitest'
import { offerScreen } from './screen-stills.ts'

type Handler = NonNullable<Parameters<Session['setDisplayMediaRequestHandler']>[0]>
const SCREEN = { id: 'screen:0:0', name: 'Screen 1' }

function ask(
  request: { url?: string; audioRequested?: boolean },
  getSources: () => Promise<object[]> = async () => [SCREEN, { id: 'screen:1:0', name: 'Screen 2' }],
): Promise<Streams | null> {
  let handler: Handler | undefined
  const session = {
    setDisplayMediaRequestHandler: (given: Handler) => {
      handler = given
    },
  }
  offerScreen(session as unknown as Session, { getSources } as unknown as DesktopCapturer)
  const { url, audioRequested = false } = request
  return new Promise((resolve) =>
    handler?.({ frame: url === undefined ? null : { url }, audioRequested } as Parameters<Handler>[0], resolve),
  )
}

describe('offerScreen', () => {
  it('gives our page the first screen', async () => {
    expect(await ask({ url: 'lva://app/' })).toEqual({ video: SCREEN })
  })

  it.each([
    ['another page', { url: 'https://example.org/' }],
    ['a page that is gone', {}],
    ['who wants to hear as well', { url: 'lva://app/', audioRequested: true }],
  ])('gives nothing to %s', async (_, request) => expect(await ask(request)).toBeNull())

  it('gives nothing where there is no screen, or none may be captured', async () => {
    expect(await ask({ url: 'lva://app/' }, async () => [])).toBeNull()
    expect(await ask({ url: 'lva://app/' }, () => Promise.reject(new Error('refused')))).toBeNull()
  })
})
