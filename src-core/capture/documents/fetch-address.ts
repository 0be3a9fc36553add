import { lookup } from 'node:dns'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { LvaError } from '../../kernel/index.ts'
import { tooLarge } from './errors.ts'
import type { DocumentLimits } from './types.ts'

const MOST_REDIRECTS = 5
const BYTES_PER_MB = 2 ** 20

/** Networks that a page of the web cannot be in: this machine, private and local ones, and those for special use (RFC 6890 and others). */
const CLOSED_NETWORKS = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  CLOSED_NETWORKS.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  CLOSED_NETWORKS.addSubnet(network, prefix, 'ipv6')

export interface FetchedPage {
  bytes: Uint8Array
  /** Where it was in the end, after redirects. */
  address: string
}

/** Whether an IP address is one of the open web. */
export function isOpenAddress(ip: string): boolean {
  const version = isIP(ip)
  if (version === 0) return false
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped) return isOpenAddress(mapped)
  if (version === 6 && /^::ffff:/i.test(ip)) return false
  return !CLOSED_NETWORKS.check(ip, version === 6 ? 'ipv6' : 'ipv4')
}

/**
 * Fetches a page over http or https. The name is resolved once, and the connection goes to the very address that was checked, so that a name
 * cannot point elsewhere a moment later; each redirect is checked like the first address.
 * @param isAllowed which IP addresses may be connected to; tests let their own server pass
 * @throws LvaError address-refused, address-unreachable, document-too-large, timeout, cancelled
 */
export async function fetchAddress(
  address: string,
  limits: Pick<DocumentLimits, 'fileMb' | 'addressTimeoutMs'>,
  signal?: AbortSignal,
  isAllowed: (ip: string) => boolean = isOpenAddress,
): Promise<FetchedPage> {
  const deadline = AbortSignal.timeout(limits.addressTimeoutMs)
  const stop = signal ? AbortSignal.any([signal, deadline]) : deadline
  try {
    let next = readAddress(address)
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const response = await get(next, stop, isAllowed)
      const { statusCode = 0, headers } = response
      if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
        response.destroy()
        next = readAddress(new URL(headers.location, next).href)
        continue
      }
      if (statusCode !== 200) {
        response.destroy()
        throw unreachable(`The address answered with ${statusCode}.`, statusCode)
      }
      return { bytes: await readBody(response, limits.fileMb), address: next.href }
    }
    throw unreachable('The address leads from one to the next without end.', 310)
  } catch (error) {
    if (error instanceof LvaError) throw error
    if (signal?.aborted) throw new LvaError('cancelled', 'Stopped.', { cause: error })
    if (deadline.aborted) {
      throw new LvaError('timeout', 'The page did not come in time.', { advice: 'Try again later.', cause: error })
    }
    throw unreachable('The address could not be reached.', 0, error)
  }
}

/** @throws LvaError address-refused */
function readAddress(address: string): URL {
  if (!URL.canParse(address)) throw refused('This is no web address.')
  const url = new URL(address)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused('Only http and https addresses are fetched.')
  if (url.username !== '' || url.password !== '') throw refused('Addresses with a name and password are not fetched.')
  return url
}

function get(url: URL, signal: AbortSignal, isAllowed: (ip: string) => boolean): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isAllowed(host)) return Promise.reject(refusedNetwork())
  const checked: LookupFunction = (name, options, answer) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return answer(error, '', 0)
      const open = found.filter(({ address }) => isAllowed(address))
      const [first] = open
      if (!first || open.length < found.length) return answer(refusedNetwork() as NodeJS.ErrnoException, '', 0)
      if (options.all) answer(null, open)
      else answer(null, first.address, first.family)
    })
  }
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const call: ClientRequest = send(
      url,
      {
        signal,
        lookup: checked,
        // No cookies, nothing that says who asks; unpacked answers, so that their size is what is counted.
        headers: {
          accept: 'text/html,application/xhtml+xml,application/pdf,text/*;q=0.9,*/*;q=0.5',
          'accept-encoding': 'identity',
          'user-agent': 'LearningVoiceAgent',
        },
      },
      resolve,
    )
    call.once('error', reject)
    call.end()
  })
}

async function readBody(response: IncomingMessage, limitMb: number): Promise<Uint8Array> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > limitMb * BYTES_PER_MB) {
      response.destroy()
      throw tooLarge(limitMb)
    }
    pieces.push(piece)
  }
  return new Uint8Array(Buffer.concat(pieces))
}

function refused(message: string): LvaError {
  return new LvaError('address-refused', message, { advice: 'Give the address of a page as the browser shows it.' })
}

function refusedNetwork(): LvaError {
  return new LvaError('address-refused', 'The address lies inside a private network and is not fetched.', {
    advice: 'Save the page in your browser and add the file.',
  })
}

function unreachable(message: string, status: number, cause?: unknown): LvaError {
  return new LvaError('address-unreachable', message, {
    advice: 'Check the address and the network; or save the page in your browser and add the file.',
    params: { status },
    ...(cause === undefined ? {} : { cause }),
  })
}
