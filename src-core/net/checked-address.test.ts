import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkedAddress } from './checked-address.ts'
import { isOpenAddress } from './open-address.ts'

const refused = expect.objectContaining({ code: 'address-refused' })
const why = (address: string, trustedOrigin?: string) => {
  try {
    return checkedAddress(address, { trustedOrigin }).href
  } catch (error) {
    return error
  }
}

const NETWORKS = [
  [[10], 8],
  [[127], 8],
  [[0], 8],
  [[169, 254], 16],
  [[192, 168], 16],
  [[100, 64], 16],
  [[172, 31], 16],
  [[224], 8],
  [[255], 8],
  [[198, 18], 16],
] as const

const octet = fc.integer({ min: 0, max: 255 })
const inside = fc
  .tuple(fc.constantFrom(...NETWORKS), octet, octet, octet)
  .map(([[begin], a, b, c]) => [...begin, a, b, c].slice(0, 4) as [number, number, number, number])

const part = (value: number, as: number) =>
  as === 0
    ? String(value)
    : as === 1
      ? `0x${value.toString(16)}`
      : as === 2
        ? `0${value.toString(8)}`
        : `0X${value.toString(16)}`

/** The ways in which programs let an IPv4 address be written, joined to fewer parts or not, each part in any base. */
const spelled = (count: number) => (ip: readonly [number, number, number, number], bases: readonly number[]) => {
  const first = ip.slice(0, count - 1)
  const last = ip.slice(count - 1).reduce((sum, one) => sum * 256 + one, 0)
  return [...first, last].map((value, place) => part(value, bases[place] ?? 0)).join('.')
}
const hex = (high: number, low: number) => ((high << 8) | low).toString(16)

const SPELLINGS: ((ip: readonly [number, number, number, number], bases: readonly number[]) => string)[] = [
  spelled(1),
  spelled(2),
  spelled(3),
  spelled(4),
  (ip, bases) => `${spelled(4)(ip, bases)}.`,
  ([a, b, c, d]) => `[::ffff:${a}.${b}.${c}.${d}]`,
  ([a, b, c, d]) => `[::ffff:${hex(a, b)}:${hex(c, d)}]`,
  ([a, b, c, d]) => `[0:0:0:0:0:FFFF:${hex(a, b)}:${hex(c, d)}]`,
  ([a, b, c, d]) => `[::${a}.${b}.${c}.${d}]`,
  ([a, b, c, d]) => `[::ffff:0:${hex(a, b)}:${hex(c, d)}]`,
  ([a, b, c, d]) => `[64:ff9b::${hex(a, b)}:${hex(c, d)}]`,
  ([a, b, c, d]) => `[64:ff9b:1::${hex(a, b)}:${hex(c, d)}]`,
  ([a, b, c, d]) => `[2002:${hex(a, b)}:${hex(c, d)}::1]`,
  ([a, b, c, d]) => `[2001:0:4136:e378:8000:63bf:${hex(255 - a, 255 - b)}:${hex(255 - c, 255 - d)}]`,
]

describe('an address that may be asked', () => {
  it('lies in no closed network, however it is spelled', () => {
    fc.assert(
      fc.property(
        inside,
        fc.constantFrom(...SPELLINGS),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
        fc.constantFrom('http', 'https', 'HTTP'),
        fc.constantFrom('', ':80', ':443', ':8080'),
        (ip, spell, bases, scheme, port) => {
          expect(why(`${scheme}://${spell(ip, bases)}${port}/x`)).toEqual(refused)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('of the open net passes, in IPv4 and in IPv6', () => {
    const outside = fc.tuple(fc.integer({ min: 1, max: 223 }), octet, octet, octet).map((ip) => ip.join('.'))
    fc.assert(
      fc.property(outside.filter(isOpenAddress), (ip) => {
        expect(why(`https://${ip}/x`)).toBe(`https://${ip}/x`)
      }),
    )
    expect(why('http://[2606:2800:220:1::1]/')).toBe('http://[2606:2800:220:1::1]/')
    expect(why('https://en.wikipedia.org/wiki/Cell')).toBe('https://en.wikipedia.org/wiki/Cell')
  })

  it.each([
    'http://localhost/',
    'http://LOCALHOST:8080/',
    'http://localhost./',
    'http://a.localhost/',
    'http://printer.local/',
    'http://nas.home.arpa/',
    'http://metadata.google.internal/',
    'http://router/',
    'http://[::1]/',
    'http://[::]/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'http://[2001:db8::1]/',
    'http://１２７.０.０.１/',
    'http://①②⑦.0.0.1/',
    'http://127%2E0.0.1/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'gopher://example.org/',
    'javascript:alert(1)',
    'data:text/plain,x',
    'http://user:word@example.org/',
    'http://user@example.org/',
    'http://example.org:22/',
    'http://example.org:25/',
    'http://example.org:6667/',
    'example.org',
    'http://',
    '',
  ])('is not %s', (address) => expect(why(address)).toEqual(refused))

  it('is one of the server that the learner typed in, and of nothing else beside it', () => {
    expect(why('http://127.0.0.1:8888/search?q=x', 'http://127.0.0.1:8888')).toBe('http://127.0.0.1:8888/search?q=x')
    expect(why('http://localhost:8888/', 'http://localhost:8888')).toBe('http://localhost:8888/')
    for (const other of [
      'http://127.0.0.1:8889/',
      'https://127.0.0.1:8888/',
      'http://127.0.0.1/',
      'http://127.0.0.2:8888/',
      'http://localhost:8888/',
      'http://u:p@127.0.0.1:8888/',
    ])
      expect(why(other, 'http://127.0.0.1:8888')).toEqual(refused)
  })
})

describe('an IP address', () => {
  it.each(['fe80::1%eth0', '2606:2800::1%1', 'x', '', '127.0.0.1', '::ffff:10.0.0.1'])('is not open: %s', (ip) =>
    expect(isOpenAddress(ip)).toBe(false),
  )
  it('of IPv4 is open also where a socket writes it as IPv6', () =>
    expect(isOpenAddress('::ffff:93.184.216.34')).toBe(true))
})
