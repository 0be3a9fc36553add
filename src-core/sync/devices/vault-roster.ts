import { ed25519 } from '@noble/curves/ed25519.js'
import * as Y from 'yjs'
import type { Closable } from '../../kernel/index.ts'
import type { VaultDocuments } from '../../vault/index.ts'
import { fromHex } from '../bytes.ts'
import { DEVICES_DOCUMENT, type Roster } from '../roster.ts'
import type { Sign } from '../sealed-frame.ts'
import { type VaultKeys, vaultKeys } from '../vault-keys.ts'
import { unwrapKey } from '../wrapped-key.ts'
import { openName, toldApart } from './device-name.ts'
import { epochKeysOf, type Identity } from './identity.ts'
import { type RosterState, readRoster } from './roster-state.ts'
import { epochKeyId, rememberingVerifier } from './statements.ts'

/** The roster of this vault, as its document `devices` says. */
export interface VaultRoster extends Roster, Closable {
  state(): RosterState
  /** Epoch keys by epoch. */
  epochKeys(): ReadonlyMap<number, Uint8Array>
  /** As it is shown: no two devices have the same. Undefined where it has none, or none that opens. */
  nameOf(device: string): string | undefined
}

export type Member = Pick<Identity, 'device' | 'signSecret' | 'agreeSecret'> & { vault: NonNullable<Identity['vault']> }

/** Keeps a copy of the document in memory, and follows every update of it. */
export async function openVaultRoster(
  documents: Pick<VaultDocuments, 'updateSince' | 'onUpdate'>,
  { device, signSecret, agreeSecret, vault }: Member,
): Promise<VaultRoster> {
  const doc = new Y.Doc()
  const verify = rememberingVerifier()
  const root = fromHex(vault.root)
  const secret = fromHex(signSecret)
  const sign: Sign = (message) => ed25519.sign(message, secret)
  const listeners = new Set<() => void>()
  const opened = new Map<string, Uint8Array>()
  let state: RosterState
  let epochKeys: ReadonlyMap<number, Uint8Array>
  let keys: VaultKeys
  let names: ReadonlyMap<string, string> | undefined

  function look(): void {
    state = readRoster(doc, root, verify)
    epochKeys = givenKeys(state)
    keys = vaultKeys(epochKeys)
    names = undefined
  }

  /** Of the devices that count, by when they came. */
  function shownNames(): Map<string, string> {
    const inOrder = [...state.devices.values()].sort((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1))
    return toldApart(
      inOrder.flatMap(({ id }) => {
        const sealed = state.names.get(id)
        const name = sealed && openName(sealed, id, keys)
        return name === undefined ? [] : [[id, name] as const]
      }),
    )
  }

  /** What the document gives this device wins, so that all agree; what it was handed in pairing fills the rest. */
  function givenKeys(from: RosterState): Map<number, Uint8Array> {
    const given = epochKeysOf(vault.epochKeys)
    for (const [epoch, { keyId, wrapped }] of from.keysOf(device)) {
      // The first comes from the phrase alone.
      if (epoch === 1) continue
      const key = opened.get(keyId) ?? unwrapped(wrapped, epoch)
      if (!key || epochKeyId(key) !== keyId) continue
      opened.set(keyId, key)
      given.set(epoch, key)
    }
    return given
  }

  function unwrapped(wrapped: Uint8Array, epoch: number): Uint8Array | undefined {
    try {
      return unwrapKey(wrapped, epoch, fromHex(agreeSecret))
    } catch {
      return undefined
    }
  }

  const early: Uint8Array[] = []
  let isLoaded = false
  const stop = documents.onUpdate((name, update) => {
    if (name !== DEVICES_DOCUMENT) return
    if (!isLoaded) {
      early.push(update)
      return
    }
    Y.applyUpdate(doc, update)
    look()
    for (const listener of listeners) listener()
  })
  Y.applyUpdate(doc, await documents.updateSince(DEVICES_DOCUMENT))
  for (const update of early) Y.applyUpdate(doc, update)
  isLoaded = true
  look()

  return {
    device,
    sign,
    state: () => state,
    keys: () => keys,
    epochKeys: () => epochKeys,
    epochInForce: () => state.epochInForce,
    member(id) {
      const known = state.devices.get(id)
      if (!known) return undefined
      return { signingKey: known.signKey, ...(known.revoked && { lastSequence: known.revoked.lastSequence }) }
    },
    introduced(id, update) {
      const draft = new Y.Doc()
      try {
        Y.applyUpdate(draft, Y.encodeStateAsUpdate(doc))
        Y.applyUpdate(draft, update)
        const known = readRoster(draft, root, verify).devices.get(id)
        return known && !known.revoked ? known.signKey : undefined
      } catch {
        return undefined
      } finally {
        draft.destroy()
      }
    },
    nameOf(id) {
      names ??= shownNames()
      return names.get(id)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      stop()
      listeners.clear()
      doc.destroy()
    },
  }
}
