/**
 * Options that every SDK client is made with. The SDKs must not retry, since the layers above do; must not log, since they would write
 * what the learner said; and must not follow a redirect, since that would carry key and text to another server.
 */
export const SDK_OPTIONS = {
  maxRetries: 0,
  logLevel: 'off',
  fetchOptions: { redirect: 'manual' },
  /** Milliseconds until headers; only a last resort behind our own limits. */
  timeout: 600_000,
} as const

/** A header with anything else is refused by the HTTP client in an error that quotes the key. */
export function isSendableKey(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key)
}
