import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { byPhrase, entryOf, FIRST_KEY, madeDevice, ROOT } from '../../../test/roster-world.ts'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { seededRandom } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { toHex } from '../bytes.ts'
import { DEVICES_DOCUMENT } from '../roster.ts'
import { wrapKey } from '../wrapped-key.ts'
import { sealName } from './device-name.ts'
import { keptEpochKeys } from './identity.ts'
import { rosterWriter, writeName } from './roster-document.ts'
import { epochKeyId } from './statements.ts'
import { openVaultRoster } from './vault-roster.ts'

const [a, b] = [madeDevice(1), madeDevice(2)]
const SECOND_KEY = new Uint8Array(32).fill(22)
let store: Store

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

/** A vault whose `devices` holds a, and the roster that a has of it. */
async function world() {
  const { vault } = await openTestVault(store.database)
  await vault.documents.change(DEVICES_DOCUMENT, (doc) => rosterWriter(doc, byPhrase).device(entryOf(a)))
  const roster = await openVaultRoster(vault.documents, {
    device: a.id,
    signSecret: toHex(a.signSecret),
    agreeSecret: toHex(a.agreeSecret),
    vault: { root: toHex(ROOT), epochKeys: keptEpochKeys(new Map([[1, FIRST_KEY]])) },
  })
  return { vault, roster }
}

describe('the roster of a vault', () => {
  it('knows a device as soon as its entry is stored, and tells', async () => {
    const { vault, roster } = await world()
    expect(roster.member(a.id)?.signingKey).toEqual(a.signKey)
    expect(roster.member(b.id)).toBeUndefined()
    let told = 0
    roster.onChange(() => {
      told += 1
    })
    await vault.documents.change(DEVICES_DOCUMENT, (doc) => rosterWriter(doc, a.signer).device(entryOf(b)))
    expect(roster.member(b.id)?.signingKey).toEqual(b.signKey)
    expect(told).toBe(1)
  })

  it('judges a device that brings itself by what it brings, and changes nothing by that', async () => {
    const other = await world()
    await other.vault.documents.change(DEVICES_DOCUMENT, (doc) => rosterWriter(doc, byPhrase).device(entryOf(b)))
    const update = await other.vault.documents.updateSince(DEVICES_DOCUMENT)
    const { roster } = await world()
    expect(roster.introduced(b.id, update)).toEqual(b.signKey)
    expect(roster.introduced(madeDevice(3).id, update)).toBeUndefined()
    expect(roster.introduced(b.id, new Uint8Array([9, 9, 9]))).toBeUndefined()
    expect(roster.member(b.id)).toBeUndefined()
  })

  it('opens the key of a new epoch that was wrapped for this device, and seals in it from then on', async () => {
    const { vault, roster } = await world()
    expect(roster.keys().epoch).toBe(1)
    await vault.documents.change(DEVICES_DOCUMENT, (doc) => {
      const writer = rosterWriter(doc, a.signer)
      writer.device(entryOf(b))
      writer.revocation({ device: b.id, epoch: 2, lastSequence: 3, vouched: [], at: 9 })
      const wrapped = wrapKey(SECOND_KEY, 2, a.agreeKey, new Uint8Array(32).fill(5))
      writer.epochKey({ epoch: 2, keyId: epochKeyId(SECOND_KEY), receiver: a.id, wrapped })
    })
    expect(roster.keys().epoch).toBe(2)
    expect(roster.epochInForce()).toBe(2)
    expect(roster.epochKeys().get(2)).toEqual(SECOND_KEY)
    expect(roster.member(b.id)?.lastSequence).toBe(3)
  })

  it('opens names with the key of their epoch', async () => {
    const { vault, roster } = await world()
    const sealed = sealName('Kitchen tablet', a.id, roster.keys(), seededRandom(3))
    await vault.documents.change(DEVICES_DOCUMENT, (doc) => writeName(doc, a.id, sealed))
    expect(roster.nameOf(a.id)).toBe('Kitchen tablet')
    await vault.documents.change(DEVICES_DOCUMENT, (doc) => writeName(doc, b.id, sealed))
    expect(roster.nameOf(b.id)).toBeUndefined()
  })
})
