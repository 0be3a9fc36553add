import { isIP } from 'node:net'
import { LvaError } from '../kernel/index.ts'
import { isLocalName, isOpenAddress } from './open-address.ts'

/** Ports of other services, which a web address must not reach: those that browsers refuse as well (Fetch standard, "bad port"). */
const OTHER_SERVICES = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
])
const FIRST_FREE_PORT = 1_024
const WEB_PORTS = new Set([80, 443])

/** What may be fetched beyond the open web. */
export interface Openness {
  /** The origin of a server that the learner typed in themselves, such as `http://127.0.0.1:8888`: nothing of it is checked but its form. */
  trustedOrigin?: string | undefined
  /** Which IP addresses may be connected to; tests let their own server pass. */
  isAllowed?: ((ip: string) => boolean) | undefined
}

/**
 * An address that may be asked, as far as its writing tells: http or https, no name and password, a port of the web, no IP address of a
 * closed network in any spelling, no name of a local network. Names are held to the address they lead to when it is connected to.
 * @throws LvaError address-refused
 */
export function checkedAddress(address: string, { trustedOrigin, isAllowed = isOpenAddress }: Openness = {}): URL {
  if (!URL.canParse(address)) throw refused('This is no web address.')
  // `URL` writes decimal, octal and hexadecimal IP addresses, and short ones, in the one usual way.
  const url = new URL(address)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused('Only http and https addresses are fetched.')
  if (url.username !== '' || url.password !== '') throw refused('Addresses with a name and password are not fetched.')
  if (url.origin === trustedOrigin) return url
  const port = url.port === '' ? 80 : Number(url.port)
  if ((port < FIRST_FREE_PORT && !WEB_PORTS.has(port)) || OTHER_SERVICES.has(port)) {
    throw refused(`The port ${port} is not one of a web server.`)
  }
  const host = hostOf(url)
  if (isIP(host) === 0 ? isLocalName(host) : !isAllowed(host)) throw refusedNetwork()
  return url
}

/** The host of an address, an IPv6 one without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

export function refusedNetwork(): LvaError {
  return new LvaError('address-refused', 'The address lies inside a private network and is not fetched.', {
    advice: 'Save the page in your browser and add the file.',
  })
}

function refused(message: string): LvaError {
  return new LvaError('address-refused', message, { advice: 'Give the address of a page as the browser shows it.' })
}
