import { describe, expect, it } from 'vitest'
import { isPlainObject, readInstant, toJson, wellFormed } from './door.ts'

describe('toJson', () => {
  it('is what JSON makes of a value, with well-formed strings', () => {
    const value = {
      number: 1.5,
      negativeZero: -0,
      nothing: null,
      missing: undefined,
      call: () => 1,
      notANumber: Number.NaN,
      infinite: Number.POSITIVE_INFINITY,
      date: new Date(Date.UTC(2026, 0, 1)),
      list: [undefined, 'a\u0000', { '\ud800': true }],
    }
    expect(toJson(value)).toEqual({
      number: 1.5,
      negativeZero: 0,
      nothing: null,
      notANumber: null,
      infinite: null,
      date: '2026-01-01T00:00:00.000Z',
      list: [null, 'a\ufffd', { '\ufffd': true }],
    })
    expect(Object.is((toJson({ zero: -0 }) as { zero: number }).zero, 0)).toBe(true)
    expect(toJson(12345678901234567890n)).toBe('12345678901234567890')
    expect(toJson(new Map())).toBeNull()
    expect(toJson(new Uint8Array(2))).toBeNull()
  })

  it('leaves no way to a prototype', () => {
    const hostile = toJson(JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "a": {"__proto__": 1}}'))
    expect(hostile).toEqual({ constructor: 1, a: {} })
    expect(Object.getPrototypeOf(hostile)).toBe(Object.prototype)
    expect(isPlainObject(hostile)).toBe(true)
  })

  it('ends where a value is endlessly deep', () => {
    const endless: Record<string, unknown> = {}
    endless.again = endless
    expect(JSON.stringify(toJson(endless)).length).toBeLessThan(2_000)
  })
})

describe('readInstant', () => {
  it('reads instants with any offset and writes them in UTC', () => {
    expect(readInstant('2026-11-03T10:15:00+01:00')).toBe('2026-11-03T09:15:00.000Z')
    expect(readInstant('0001-01-01T00:00:00Z')).toBe('0001-01-01T00:00:00.000Z')
  })

  it('takes nothing else for one', () => {
    for (const value of ['', '2026', '2026-11-03', '2026-13-01T00:00:00Z', '0000-06-01T00:00:00Z', 'now', 7, null]) {
      expect(readInstant(value)).toBeNull()
    }
    expect(readInstant('9999-12-31T23:59:59-12:00')).toBeNull()
  })
})

describe('wellFormed', () => {
  it('replaces half characters and U+0000, one for one', () => {
    expect(wellFormed('a\u0000b\ud800c😀\udc00')).toBe('a\ufffdb\ufffdc😀\ufffd')
  })
})
