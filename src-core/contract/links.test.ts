import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AppLink, readLink, writeLink } from './links.ts'

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,40}$/)
const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
  .map((text) => text.replace(/[\p{Cc}\p{Bidi_Control}\ufeff]/gu, '').trim())
  .filter((text) => text !== '' && text.isWellFormed())

describe('a link', () => {
  it('is read as it was written', () => {
    const link: fc.Arbitrary<AppLink> = fc.oneof(
      fc.record({ kind: fc.constantFrom('capture', 'session', 'note', 'document'), id }),
      fc.record({ kind: fc.constant('search'), q: words }),
      fc.record({ kind: fc.constant('quick'), text: words }),
    )
    fc.assert(
      fc.property(link, (given) => {
        expect(readLink(writeLink(given))).toEqual(given)
      }),
    )
  })

  it.each([
    ['LVA://Capture/0197b3e2', { kind: 'capture', id: '0197b3e2' }],
    ['lva://search/?q=cell%20walls', { kind: 'search', q: 'cell walls' }],
    ['lva://search?q=a+b&delete=all', { kind: 'search', q: 'a b' }],
    ['lva://quick', { kind: 'quick', text: '' }],
    ['lva://session/quick-2026-01-09/', { kind: 'session', id: 'quick-2026-01-09' }],
    ['lva://quick?text=safe%E2%80%AEtxt.exe%00%1b[2J%0D%0Ab', { kind: 'quick', text: 'safetxt.exe[2J\nb' }],
  ])('%s', (text, link) => expect(readLink(text)).toEqual(link))

  it.each([
    '',
    'capture/1',
    'https://capture/1',
    'javascript:alert(1)',
    'lva:',
    'lva://',
    'lva:capture/1',
    'lva://app/index.html',
    'lva://app/#/settings?section=erase',
    'lva://settings?theme=dark',
    'lva://delete/1',
    'lva://capture',
    'lva://capture/',
    'lva://capture/../../etc/passwd',
    'lva://capture/a/b',
    'lva://capture/%2e%2e%2fsecret',
    'lva://capture/a%00b',
    'lva://capture/%E0%A4%A',
    'lva://capture/<script>',
    `lva://capture/${'a'.repeat(129)}`,
    'lva://capture/1#/settings',
    'lva://user:word@capture/1',
    'lva://capture:80/1',
    'lva://search',
    'lva://search?q=%20',
    `lva://search?q=${'a'.repeat(1_001)}`,
    'lva://search/more?q=a',
    `lva://quick?text=${'a'.repeat(10_001)}`,
    `lva://quick?text=${'a'.repeat(20_000)}`,
  ])('is refused: %s', (text) => {
    expect(() => readLink(text)).toThrow(expect.objectContaining({ code: 'link-invalid' }))
  })

  it('what was refused is not repeated', () => {
    try {
      readLink('lva://quick/canary-secret')
      expect.unreachable()
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).not.toContain('canary')
    }
  })

  it('whatever is given, is a link or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.webUrl(),
          fc.string().map((rest) => `lva://${rest}`),
        ),
        (text) => {
          try {
            const link = readLink(text)
            expect(Object.values(link).every((part) => part.length <= 10_000)).toBe(true)
          } catch (error) {
            expect(error).toMatchObject({ code: 'link-invalid' })
          }
        },
      ),
    )
  })
})
