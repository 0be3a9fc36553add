import { isLvaError, LvaError } from '../../kernel/index.ts'
import type { GuardedFetch } from '../../net/index.ts'
import { tooLarge } from './errors.ts'
import type { DocumentLimits } from './types.ts'

const BYTES_PER_MB = 2 ** 20
const ACCEPTED = 'text/html,application/xhtml+xml,application/pdf,text/*;q=0.9,*/*;q=0.5'

export interface FetchedPage {
  bytes: Uint8Array
  /** Where it was in the end, after redirects. */
  address: string
}

/**
 * Fetches a page that becomes a document.
 * @throws LvaError address-refused, address-unreachable, document-too-large, timeout, cancelled
 */
export async function fetchAddress(
  fetch: GuardedFetch,
  address: string,
  limits: Pick<DocumentLimits, 'fileMb' | 'addressTimeoutMs'>,
  signal?: AbortSignal,
): Promise<FetchedPage> {
  try {
    const {
      status,
      bytes,
      address: end,
    } = await fetch({
      address,
      accept: ACCEPTED,
      limitBytes: limits.fileMb * BYTES_PER_MB,
      timeoutMs: limits.addressTimeoutMs,
      signal,
    })
    if (status === 200) return { bytes, address: end }
    throw new LvaError('address-unreachable', `The address answered with ${status}.`, {
      advice: 'Check the address; or save the page in your browser and add the file.',
      params: { status },
    })
  } catch (error) {
    throw isLvaError(error, 'answer-too-large') ? tooLarge(limits.fileMb) : error
  }
}
