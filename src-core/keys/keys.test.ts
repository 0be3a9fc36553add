import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../kernel/index.ts'
import { fileKeyOf, keyFromPhrase, keyIdOf } from './derive.ts'
import { entropyOf, newPhrase, wordsOf } from './phrase.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
/** The published vectors of BIP-39 (trezor/python-mnemonic) for 256 bits. */
const ZEROS = `${'abandon '.repeat(23)}art`
const VECTOR =
  'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold'

describe('a recovery phrase', () => {
  it('stands for the bytes of the published vectors', () => {
    expect(hex(entropyOf(ZEROS))).toBe('00'.repeat(32))
    expect(hex(entropyOf(VECTOR))).toBe('f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f')
  })

  it('is read as people type it', () => {
    const listed = VECTOR.split(' ')
      .map((word, at) => `${at + 1}. ${word.toUpperCase()}`)
      .join('\n')
    expect(hex(entropyOf(listed))).toBe(hex(entropyOf(VECTOR)))
  })

  it('has 24 words and goes there and back, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const phrase = newPhrase(seededRandom(seed))
        expect(wordsOf(phrase)).toHaveLength(24)
        expect(hex(entropyOf(phrase))).toBe(hex(seededRandom(seed).bytes(32)))
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    ['', { problem: 'count', words: 0 }],
    ['void come', { problem: 'count', words: 2 }],
    [VECTOR.replace('effort', 'efort'), { problem: 'word', position: 3 }],
    [VECTOR.replace('void come', 'come void'), { problem: 'checksum' }],
  ])('that is none is refused, and no word of it is repeated: %s', (phrase, params) => {
    let refused: unknown
    try {
      entropyOf(phrase)
    } catch (error) {
      refused = error
    }
    expect(refused).toMatchObject({ code: 'phrase-invalid', params })
    for (const word of ['efort', 'camp', 'warrior']) expect(JSON.stringify(refused)).not.toContain(word)
    expect(String((refused as Error).stack)).not.toContain('efort')
  })
})

describe('keys', () => {
  it('are those that OpenSSL derives with HKDF-SHA256', async () => {
    const { hkdfSync } = await import('node:crypto')
    const reference = (label: string, key: Uint8Array, length: number) =>
      hex(new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), label, length)))
    const entropy = entropyOf(VECTOR)
    const backup = keyFromPhrase(VECTOR, 'backup')
    expect(hex(backup)).toBe(reference('lva backup key v1', entropy, 32))
    expect(hex(keyFromPhrase(VECTOR, 'vault'))).toBe(reference('lva vault key v1', entropy, 32))
    expect(keyIdOf(backup)).toBe(reference('lva backup key id v1', backup, 16))
  })

  it('of two files differ by salt and by header', () => {
    const key = new Uint8Array(32)
    const one = hex(fileKeyOf(key, new Uint8Array(32), new Uint8Array([1])))
    expect(hex(fileKeyOf(key, new Uint8Array(32).fill(1), new Uint8Array([1])))).not.toBe(one)
    expect(hex(fileKeyOf(key, new Uint8Array(32), new Uint8Array([2])))).not.toBe(one)
  })
})
