import { LvaError } from '../../kernel/index.ts'

/** Where a provider is called. */
export interface Address {
  /** What the SDK is given: no user name, password, query or trailing slash. */
  readonly baseUrl: string
  /** What errors and screens may show; the same without anything secret. */
  readonly shown: string
  /** Value of an `authorization` header when the address carried a user name, else ''. */
  readonly authorization: string
  /** Parts of the address that must never be shown. */
  readonly secrets: readonly string[]
  /** True where the server is this machine or one in the learner's own network, whose answers cost nothing. */
  readonly isOwnMachine: boolean
}

/**
 * Reads the address of an OpenAI-compatible server. `http://` may be left out, and `/v1` is added where no path is given, since that is
 * where Ollama, LM Studio and llama.cpp serve.
 * @throws LvaError config-invalid when it is not an http address
 */
export function readAddress(text: string, defaultPath = '/v1'): Address {
  const trimmed = text.trim()
  const url = parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`)
  const user = unescaped(url.username)
  const password = unescaped(url.password)
  const path = url.pathname.replace(/\/+$/, '') || defaultPath
  const baseUrl = `${url.protocol}//${url.host}${path}`
  const pair = `${user}:${password}`
  return {
    baseUrl,
    shown: baseUrl,
    authorization: user === '' && password === '' ? '' : `Basic ${Buffer.from(pair).toString('base64')}`,
    secrets: [password, url.search.slice(1), user === '' ? '' : pair].filter((secret) => secret !== ''),
    isOwnMachine: isOwnMachine(url.hostname),
  }
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    // The text itself may hold a password, so the error does not repeat it.
    throw new LvaError('config-invalid', 'The address of the model server is not a web address.', {
      advice: 'Write it like http://127.0.0.1:11434/v1 in Settings or in language.compatible.baseUrl.',
      params: { problems: 'language.compatible.baseUrl' },
    })
  }
  return url
}

/** The address parser keeps a stray percent sign as it is; decoding such a text would throw. */
function unescaped(text: string): string {
  return /%(?![0-9a-f]{2})/i.test(text) ? text : decodeURIComponent(text)
}

/** Loopback, link-local and private addresses (RFC 1918, RFC 4193, RFC 3927) and names that only a local network answers,
 * such as `localhost` or `my-desktop`. */
function isOwnMachine(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return (
    /^[a-z0-9-]+$/.test(host) ||
    /\.(localhost|local|lan|internal)$/.test(host) ||
    /^(127|10)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\./.test(host) ||
    /^(::1$|f[cd][0-9a-f]{2}:|fe80:)/.test(host)
  )
}
