import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Clock, Random } from '../../src-core/kernel/index.ts'

const SECRET_BYTES = 32
const TICKET_MS = 60_000

/** Who may use the browser host: whoever opened the address that the terminal printed, from our own page, on this machine. */
export interface Access {
  /** Goes into the printed address, and nowhere else. */
  readonly token: string
  /**
   * Stands for the token in one address that is opened once, soon. The system's list of processes, which everybody on the machine
   * can read, shows the address that a browser is started with.
   */
  newTicket(): string
  /** Whether the address carries the token, or a ticket, which is then used up. */
  mayOpen(url: URL): boolean
  /** Whether the browser has opened the printed address before. */
  hasCookie(request: IncomingMessage): boolean
  /** Value of a `set-cookie` header that lets the browser in from now on. */
  readonly setCookie: string
  /** Whether the request was made to this address and not to a name that somebody pointed at it. */
  hasOurHost(request: IncomingMessage): boolean
  /** Whether the request comes from our own page. */
  hasOurOrigin(request: IncomingMessage): boolean
}

/** @param port loopback port that the host listens on; it names the cookie too, because browsers share cookies between ports */
export function createAccess(port: number, random: Random, clock: Clock): Access {
  const token = secret(random)
  const session = secret(random)
  const host = `127.0.0.1:${port}`
  const cookie = `lva_${port}`
  const tickets = new Map<string, number>()
  const takeTicket = (given: string): boolean => {
    const until = tickets.get(given)
    tickets.delete(given)
    return until !== undefined && clock.monotonic() < until
  }
  return {
    token,
    newTicket() {
      const ticket = secret(random)
      tickets.set(ticket, clock.monotonic() + TICKET_MS)
      return ticket
    },
    mayOpen: (url) =>
      sameSecret(url.searchParams.get('token') ?? '', token) || takeTicket(url.searchParams.get('ticket') ?? ''),
    hasCookie: (request) => cookieValues(request, cookie).some((value) => sameSecret(value, session)),
    setCookie: `${cookie}=${session}; HttpOnly; SameSite=Strict; Path=/`,
    hasOurHost: (request) => request.headers.host === host,
    hasOurOrigin: (request) => request.headers.origin === `http://${host}`,
  }
}

function secret(random: Random): string {
  return Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url')
}

/** Takes the same time wherever the first difference stands. */
function sameSecret(given: string, right: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}

function cookieValues(request: IncomingMessage, name: string): string[] {
  return (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1))
}
