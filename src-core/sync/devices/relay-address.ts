import { isIP } from 'node:net'
import { LvaError } from '../../kernel/index.ts'

/**
 * The origin of a relay, as a learner types it. Without TLS only on this machine and in private networks, since the password goes there.
 * @throws LvaError relay-address-invalid
 */
export function relayOrigin(typed: string): string {
  const text = typed.trim()
  const url = parsed(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  if (!url) throw invalid('form')
  if ([url.username, url.password, url.search, url.hash].some((part) => part !== '')) throw invalid('form')
  if (url.pathname !== '/') throw invalid('form')
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isNear(url.hostname))) return url.origin
  throw invalid('plain')
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** This machine, or a private network (RFC 1918, RFC 4193, link-local, `.local`). */
function isNear(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname.endsWith('.local')) return true
  const address = hostname.replace(/^\[|\]$/g, '')
  if (isIP(address) === 6) return address === '::1' || /^f[cd]/.test(address) || /^fe[89ab]/.test(address)
  return isIP(address) === 4 && /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(address)
}

function invalid(problem: 'form' | 'plain'): LvaError {
  const message =
    problem === 'plain' ? 'A relay beyond your own network needs https.' : 'That is no address of a relay.'
  return new LvaError('relay-address-invalid', message, {
    advice: 'Write it as https://relay.example.org.',
    params: { problem },
  })
}
