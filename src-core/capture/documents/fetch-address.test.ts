import { describe, expect, it } from 'vitest'
import { LvaError } from '../../kernel/index.ts'
import type { GuardedFetch, GuardedRequest } from '../../net/index.ts'
import { fetchAddress } from './fetch-address.ts'

const LIMITS = { fileMb: 1, addressTimeoutMs: 20_000 }
const answering = (status: number): GuardedFetch => {
  return async ({ address }) => ({
    status,
    bytes: new TextEncoder().encode('<p>Words</p>'),
    address: `${address}/end`,
    type: 'text/html',
    retryAfterSeconds: undefined,
  })
}

describe('fetching a page', () => {
  it('gives its bytes and where it was in the end', async () => {
    const { bytes, address } = await fetchAddress(answering(200), 'https://example.org', LIMITS)
    expect(new TextDecoder().decode(bytes)).toBe('<p>Words</p>')
    expect(address).toBe('https://example.org/end')
  })

  it('may take as long and be as large as documents may', async () => {
    const asked: GuardedRequest[] = []
    await fetchAddress(
      (request) => {
        asked.push(request)
        return answering(200)(request)
      },
      'https://example.org',
      LIMITS,
    )
    expect(asked).toMatchObject([{ limitBytes: 2 ** 20, timeoutMs: 20_000 }])
  })

  it.each([204, 404, 500])('says that there is no page where the server answers %d', (status) =>
    expect(fetchAddress(answering(status), 'https://example.org', LIMITS)).rejects.toMatchObject({
      code: 'address-unreachable',
      params: { status },
    }),
  )

  it('calls what is too large a document that is too large, and leaves other faults as they are', async () => {
    const failing = (code: 'answer-too-large' | 'address-refused') => () => Promise.reject(new LvaError(code, 'No.'))
    await expect(fetchAddress(failing('answer-too-large'), 'https://example.org', LIMITS)).rejects.toMatchObject({
      code: 'document-too-large',
      params: { limit: 1 },
    })
    await expect(fetchAddress(failing('address-refused'), 'https://example.org', LIMITS)).rejects.toMatchObject({
      code: 'address-refused',
    })
  })
})
