import { readFileSync } from 'node:fs'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Random, seededRandom } from '../kernel/index.ts'
import { vaultKeysFromPhrase } from '../keys/index.ts'
import { idOf } from './frames.ts'
import { padded, paddedLength, unpadded } from './padding.ts'
import { DEVICES_DOCUMENT } from './roster.ts'
import { type FrameContent, type FramePlace, openFrame, readFrameHead, type Sign, sealFrame } from './sealed-frame.ts'
import { vaultKeys } from './vault-keys.ts'
import { unwrapKey, wrapKey } from './wrapped-key.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const filled = (value: number, length = 32) => new Uint8Array(length).fill(value)

const SECRET = filled(7)
const DEVICE = idOf(filled(0xd1, 16))
const sign: Sign = (message) => ed25519.sign(message, SECRET)
const known = new Map([[DEVICE, ed25519.getPublicKey(SECRET)]])
const verify = (device: string, message: Uint8Array, signature: Uint8Array) => {
  const key = known.get(device)
  return key !== undefined && ed25519.verify(signature, message, key)
}

const keys = vaultKeys(new Map([[1, filled(1)]]))
const CONTENT: FrameContent = { kind: 'update', name: 'note:n1', payload: bytesOf('0102030405060708') }
const PLACE: FramePlace = { room: keys.room('note:n1'), device: DEVICE, sequence: 42 }

function sealed(content = CONTENT, place = PLACE, random: Random = seededRandom(1)): Uint8Array {
  return sealFrame(content, place, { keys, sign, random })
}

describe('a sealed frame', () => {
  it('opens where it was sealed for, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.uint8Array({ maxLength: 3_000 }),
        fc.nat(),
        (name, payload, sequence) => {
          const place = { room: keys.room(name), device: DEVICE, sequence }
          const content: FrameContent = { kind: 'update', name, payload }
          expect(openFrame(sealed(content, place), place, { keys, verify })).toEqual(content)
        },
      ),
      { numRuns: 100 },
    )
  })

  it.each(['\ufeffa name that begins with a byte order mark', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'])(
    'gives back %j, and bytes that are bytes, packed or not',
    (name) => {
      const place = { ...PLACE, room: keys.room(name) }
      const content: FrameContent = { kind: 'update', name, payload: new Uint8Array(300) }
      expect(openFrame(sealed(content, place), place, { keys, verify })).toStrictEqual(content)
    },
  )

  it('adds fewer than 300 bytes to a short edit', () => {
    const payload = seededRandom(3).bytes(40)
    expect(sealed({ ...CONTENT, payload }).length - payload.length).toBeLessThan(300)
  })

  it('opens in no other room, for no other device, at no other place of the sequence', () => {
    const frame = sealed()
    const other = idOf(filled(0xd2, 16))
    known.set(other, ed25519.getPublicKey(SECRET))
    for (const place of [
      { ...PLACE, room: keys.room('note:n2') },
      { ...PLACE, device: other },
      { ...PLACE, sequence: 43 },
    ]) {
      expect(() => openFrame(frame, place, { keys, verify })).toThrow(
        expect.objectContaining({ code: 'sync-not-opened' }),
      )
    }
    known.delete(other)
  })

  it('with a name that is not of its room is refused, also when everything else fits', () => {
    const room = keys.room('note:n2')
    expect(() => openFrame(sealed(CONTENT, { ...PLACE, room }), { ...PLACE, room }, { keys, verify })).toThrow(
      expect.objectContaining({ code: 'sync-not-opened' }),
    )
  })

  it('of a device that is not known, or signed by another, is refused', () => {
    const forged = sealFrame(CONTENT, PLACE, {
      keys,
      sign: (message) => ed25519.sign(message, filled(8)),
      random: seededRandom(1),
    })
    expect(() => openFrame(forged, PLACE, { keys, verify })).toThrow(
      expect.objectContaining({ code: 'sync-not-opened' }),
    )
    expect(() => openFrame(sealed(), PLACE, { keys, verify: () => false })).toThrow(
      expect.objectContaining({ code: 'sync-not-opened' }),
    )
  })

  it('of which any bit was changed, or any part cut, gives nothing', () => {
    const frame = sealed()
    fc.assert(
      fc.property(fc.nat({ max: frame.length * 8 - 1 }), (bit) => {
        const changed = frame.slice()
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(() => openFrame(changed, PLACE, { keys, verify })).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^(?:sync-not-opened|sync-key-missing|bad-input)$/) }),
        )
      }),
      { numRuns: 200 },
    )
    for (let length = 0; length < frame.length; length += 13) {
      expect(() => openFrame(frame.subarray(0, length), PLACE, { keys, verify })).toThrow()
    }
  })

  it('of a later epoch does not open with the keys before it, and earlier ones stay open', () => {
    const after = vaultKeys(
      new Map([
        [1, filled(1)],
        [2, filled(2)],
      ]),
    )
    const later = sealFrame(CONTENT, PLACE, { keys: after, sign, random: seededRandom(1) })
    expect(readFrameHead(later)).toEqual({ kind: 'update', epoch: 2 })
    expect(() => openFrame(later, PLACE, { keys, verify })).toThrow(
      expect.objectContaining({ code: 'sync-key-missing' }),
    )
    expect(openFrame(sealed(), PLACE, { keys: after, verify })).toEqual(CONTENT)
    expect(after.room('note:n1')).toBe(keys.room('note:n1'))
  })

  it('that unfolds to more than a document can have is refused', () => {
    const bomb = { ...CONTENT, payload: new Uint8Array(65 * 2 ** 20) }
    expect(() => openFrame(sealed(bomb), PLACE, { keys, verify })).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    )
  })
})

describe('padding', () => {
  it('adds at most 12 % above 64 bytes, never loses a byte, and takes no other length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
        const long = padded(bytes)
        expect(long.length).toBeLessThanOrEqual(Math.max(64, bytes.length * 1.12))
        expect(hex(unpadded(long, bytes.length))).toBe(hex(bytes))
        expect(() => unpadded(new Uint8Array(long.length + 1), bytes.length)).toThrow()
      }),
    )
  })

  it('hides lengths that are near to each other', () => {
    expect(new Set(Array.from({ length: 64 }, (_, length) => paddedLength(length))).size).toBe(1)
    expect(paddedLength(1_000)).toBe(1_024)
  })
})

describe('a wrapped key', () => {
  const receiver = filled(9)

  it('opens for its receiver and its epoch alone', async () => {
    const { x25519 } = await import('@noble/curves/ed25519.js')
    const wrapped = wrapKey(filled(5), 3, x25519.getPublicKey(receiver), filled(11))
    expect(hex(unwrapKey(wrapped, 3, receiver))).toBe(hex(filled(5)))
    for (const open of [
      () => unwrapKey(wrapped, 4, receiver),
      () => unwrapKey(wrapped, 3, filled(10)),
      () => unwrapKey(wrapped.subarray(1), 3, receiver),
    ]) {
      expect(open).toThrow(expect.objectContaining({ code: 'sync-not-opened' }))
    }
  })

  it('is made for no point of small order', () => {
    expect(() => wrapKey(filled(5), 1, new Uint8Array(32), filled(11))).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    )
  })
})

describe('the room of `devices`', () => {
  it('opens with the first key in every epoch, so that it can bring the others', () => {
    const both = vaultKeys(
      new Map([
        [1, filled(1)],
        [2, filled(2)],
      ]),
    )
    const place = { ...PLACE, room: keys.room(DEVICES_DOCUMENT) }
    const content = { ...CONTENT, name: DEVICES_DOCUMENT }
    const sealed = sealFrame(content, place, { keys: both, sign, random: seededRandom(4) })
    expect(readFrameHead(sealed).epoch).toBe(2)
    expect(openFrame(sealed, place, { keys, verify })).toEqual(content)
  })
})

describe('the examples of docs/protocol.md', () => {
  const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8')
  const examples = new Map(
    Array.from(page.matchAll(/^ {4}([a-z ]+?) += ([0-9a-f]+)$/gm), ([, name = '', value = '']) => [name, value]),
  )

  it('are what the code makes', async () => {
    const { x25519 } = await import('@noble/curves/ed25519.js')
    const made = {
      room: keys.room('note:n1'),
      'room key': hex(keys.roomKey(1, keys.room('note:n1'))),
      'blob name': keys.blobName(1, filled(6)),
      'blob key': hex(keys.blobKey(1, filled(6))),
      frame: hex(sealFrame(CONTENT, PLACE, { keys, sign, random: { bytes: (n) => filled(3, n), fraction: () => 0 } })),
      wrapped: hex(wrapKey(filled(1), 1, x25519.getPublicKey(filled(9)), filled(11))),
    }
    expect(Object.fromEntries(examples)).toMatchObject(made)
  })

  it('of the phrase are what the code makes', async () => {
    const { entropyToMnemonic } = await import('@scure/bip39')
    const { wordlist } = await import('@scure/bip39/wordlists/english.js')
    const { ed25519, x25519 } = await import('@noble/curves/ed25519.js')
    const made = vaultKeysFromPhrase(entropyToMnemonic(filled(0x0d), wordlist))
    expect(examples.get('first epoch key')).toBe(hex(made.firstEpochKey))
    expect(examples.get('phrase agreement')).toBe(hex(x25519.getPublicKey(made.agreementSecret)))
    expect(examples.get('root')).toBe(hex(ed25519.getPublicKey(made.signingSecret)))
  })

  it('are what OpenSSL makes', async () => {
    const { createHmac, hkdfSync } = await import('node:crypto')
    const expand = (salt: Uint8Array, label: string) => new Uint8Array(hkdfSync('sha256', filled(1), salt, label, 32))
    const nameKey = expand(new Uint8Array(), 'lva room names v1')
    const room = createHmac('sha256', nameKey).update('note:n1').digest('hex').slice(0, 32)
    expect(examples.get('room')).toBe(room)
    expect(examples.get('room key')).toBe(hex(expand(bytesOf(room), 'lva room key v1')))
    expect(examples.get('blob key')).toBe(hex(expand(filled(6), 'lva blob key v1')))
    const blobName = createHmac('sha256', nameKey)
      .update('blob \0\0\0\x01')
      .update(filled(6))
      .digest('hex')
      .slice(0, 32)
    expect(examples.get('blob name')).toBe(blobName)
  })
})
