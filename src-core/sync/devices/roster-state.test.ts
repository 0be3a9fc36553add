import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { byPhrase, entryOf, type MadeDevice, madeDevice, PHRASE_AGREE_KEY, ROOT } from '../../../test/roster-world.ts'
import { wrapKey } from '../wrapped-key.ts'
import { rosterWriter, writePhraseKey } from './roster-document.ts'
import { readRoster } from './roster-state.ts'
import { epochKeyId, PHRASE, rememberingVerifier, type Signer, signed, type VerifyWith } from './statements.ts'

const [a, b, c, d] = [1, 2, 3, 4].map(madeDevice) as [MadeDevice, MadeDevice, MadeDevice, MadeDevice]
const verify: VerifyWith = rememberingVerifier()

const look = (doc: Y.Doc, root: Uint8Array = ROOT) => readRoster(doc, root, verify)
const add = (doc: Y.Doc, device: MadeDevice, signer: Signer) => rosterWriter(doc, signer).device(entryOf(device))
const revoke = (
  doc: Y.Doc,
  device: MadeDevice,
  signer: Signer,
  more: Partial<{ epoch: number; vouched: string[] }> = {},
) => rosterWriter(doc, signer).revocation({ device: device.id, epoch: 2, lastSequence: 7, vouched: [], at: 5, ...more })
const give = (doc: Y.Doc, epoch: number, key: Uint8Array, receiver: string, agreeKey: Uint8Array, signer: Signer) =>
  rosterWriter(doc, signer).epochKey({
    epoch,
    keyId: epochKeyId(key),
    receiver,
    wrapped: wrapKey(key, epoch, agreeKey, new Uint8Array(32).fill(99)),
  })

/** The phrase added a, a added b. */
function twoDevices(): Y.Doc {
  const doc = new Y.Doc()
  add(doc, a, byPhrase)
  add(doc, b, a.signer)
  return doc
}

describe('who counts as a device', () => {
  it('is whom the phrase added, and whom they added', () => {
    const { devices, epochInForce } = look(twoDevices())
    expect([...devices.keys()]).toEqual([a.id, b.id])
    expect(devices.get(b.id)).toMatchObject({ by: a.id, kind: 'linux', addedAt: 2_000 })
    expect(epochInForce).toBe(1)
  })

  it('is nobody for another phrase', () => {
    expect(look(twoDevices(), madeDevice(9).signKey).devices.size).toBe(0)
  })

  it('is nobody whose entry was changed after it was signed', () => {
    const doc = twoDevices()
    const value = doc.getMap('devices').get(b.id) as object
    doc.getMap('devices').set(b.id, { ...value, kind: 'darwin' })
    expect([...look(doc).devices.keys()]).toEqual([a.id])
  })

  it('is nobody whom a stranger added, nor two who vouch for each other', () => {
    const doc = twoDevices()
    add(doc, c, d.signer)
    add(doc, d, c.signer)
    expect([...look(doc).devices.keys()]).toEqual([a.id, b.id])
  })

  it('leaves what cannot be read out, and reads the rest', () => {
    const doc = twoDevices()
    doc.getMap('devices').set('x', 1)
    doc.getMap('devices').set(c.id, { kind: 'linux' })
    doc.getMap('revoked').set(`${a.id}/${b.id}`, { epoch: 0 })
    doc.getMap('keys').set('1/2/3', null)
    expect([...look(doc).devices.keys()]).toEqual([a.id, b.id])
  })
})

describe('a revocation', () => {
  it('names the last sequence, and begins an epoch', () => {
    const doc = twoDevices()
    revoke(doc, b, a.signer)
    expect(look(doc).devices.get(b.id)?.revoked).toEqual({ epoch: 2, lastSequence: 7, at: 5 })
    expect(look(doc).epochInForce).toBe(2)
  })

  it('of a stranger counts for nothing', () => {
    const doc = twoDevices()
    revoke(doc, b, d.signer)
    expect(look(doc).devices.get(b.id)?.revoked).toBeUndefined()
  })

  it('keeps whom the device had added by then, and nobody whom it adds afterwards', () => {
    const doc = twoDevices()
    add(doc, c, b.signer)
    revoke(doc, b, a.signer, { vouched: [c.id] })
    add(doc, d, b.signer)
    expect([...look(doc).devices.keys()].sort()).toEqual([a.id, b.id, c.id])
  })

  it('cannot be loosened by a later one: both count', () => {
    const doc = twoDevices()
    add(doc, c, b.signer)
    add(doc, d, b.signer)
    revoke(doc, b, a.signer, { vouched: [c.id] })
    rosterWriter(doc, c.signer).revocation({
      device: b.id,
      epoch: 9,
      lastSequence: 1_000,
      vouched: [c.id, d.id],
      at: 9,
    })
    const { devices } = look(doc)
    expect(devices.get(b.id)?.revoked).toEqual({ epoch: 2, lastSequence: 7, at: 5 })
    expect(devices.has(d.id)).toBe(false)
  })
})

describe('epoch keys', () => {
  const key = (byte: number) => new Uint8Array(32).fill(byte)

  it('count for whom they are wrapped', () => {
    const doc = twoDevices()
    give(doc, 2, key(20), b.id, b.agreeKey, a.signer)
    give(doc, 2, key(20), PHRASE, PHRASE_AGREE_KEY, a.signer)
    expect([...look(doc).keysOf(b.id).keys()]).toEqual([2])
    expect(look(doc).keysOf(PHRASE).get(2)?.keyId).toBe(epochKeyId(key(20)))
    expect(look(doc).keysOf(a.id).size).toBe(0)
  })

  it('of one epoch are one: everybody takes the same of two', () => {
    const ids = [key(20), key(21)].map(epochKeyId).sort()
    for (const [first, second] of [
      [20, 21],
      [21, 20],
    ] as const) {
      const doc = twoDevices()
      give(doc, 2, key(first), b.id, b.agreeKey, a.signer)
      give(doc, 2, key(second), b.id, b.agreeKey, b.signer)
      expect(look(doc).keysOf(b.id).get(2)?.keyId).toBe(ids[0])
    }
  })

  it('of a revoked device do not count from its last epoch on', () => {
    const doc = twoDevices()
    revoke(doc, b, a.signer)
    give(doc, 1, key(19), a.id, a.agreeKey, b.signer)
    give(doc, 2, key(20), a.id, a.agreeKey, b.signer)
    expect([...look(doc).keysOf(a.id).keys()]).toEqual([1])
  })
})

describe('the phrase', () => {
  it('has a key to wrap for, where the root has signed it', () => {
    const doc = twoDevices()
    writePhraseKey(doc, PHRASE_AGREE_KEY, byPhrase.sign(signed.phraseKey(PHRASE_AGREE_KEY)))
    expect(look(doc).phraseKey?.key).toEqual(PHRASE_AGREE_KEY)
    writePhraseKey(doc, c.agreeKey, a.signer.sign(signed.phraseKey(c.agreeKey)))
    expect(look(doc).phraseKey).toBeUndefined()
  })
})
