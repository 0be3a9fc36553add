import type * as Y from 'yjs'
import { readStatements, type SealedName, type Stated } from './roster-document.ts'
import { type NewDevice, PHRASE, signed, type VerifyWith, type WrappedEpochKey } from './statements.ts'

/** A device that counts. */
export interface KnownDevice extends NewDevice {
  /** Who added it. */
  by: string
  signature: Uint8Array
  revoked?: { epoch: number; lastSequence: number; at: number }
}

/** What of the document `devices` counts, for whoever knows the root (docs/protocol.md §10). */
export interface RosterState {
  readonly devices: ReadonlyMap<string, KnownDevice>
  readonly names: ReadonlyMap<string, SealedName>
  /** X25519 public key of the phrase. */
  readonly phraseKey: { key: Uint8Array; signature: Uint8Array } | undefined
  /** The epoch that the newest revocation began; 1 without any. */
  readonly epochInForce: number
  /** Wrapped keys that count, the one to take of each epoch. @param receiver a device id, or `PHRASE` */
  keysOf(receiver: string): Map<number, WrappedEpochKey>
}

/** @param root Ed25519 public key of the phrase */
export function readRoster(doc: Y.Doc, root: Uint8Array, verify: VerifyWith): RosterState {
  const { devices: entries, names, revocations, keys, phrase } = readStatements(doc)
  const chained = new Map<string, boolean>()

  /** Whether signatures lead from an entry to the root, whoever was revoked since. */
  function isChained(id: string): boolean {
    const known = chained.get(id)
    if (known !== undefined) return known
    // While it is looked at it leads nowhere, so that a circle ends.
    chained.set(id, false)
    const entry = entries.get(id)
    const holds = entry !== undefined && isSignedBy(entry.by, signed.device(entry), entry.signature)
    chained.set(id, holds)
    return holds
  }

  function isSignedBy(by: string, message: Uint8Array, signature: Uint8Array): boolean {
    if (by === PHRASE) return verify(root, message, signature)
    const signer = entries.get(by)
    return signer !== undefined && isChained(by) && verify(signer.signKey, message, signature)
  }

  const counting = revocations.filter((one) => isSignedBy(one.by, signed.revocation(one), one.signature))

  /** Several revocations of one device count together: each can only take more away. */
  function revocationOf(id: string) {
    const own = counting.filter(({ device }) => device === id)
    if (own.length === 0) return undefined
    return {
      epoch: Math.min(...own.map(({ epoch }) => epoch)),
      lastSequence: Math.min(...own.map(({ lastSequence }) => lastSequence)),
      at: Math.min(...own.map(({ at }) => at)),
      vouchedFor: (other: string) => own.every(({ vouched }) => vouched.includes(other)),
    }
  }

  function counts(entry: Stated<NewDevice>): boolean {
    if (!isChained(entry.id)) return false
    if (entry.by === PHRASE) return true
    const adder = entries.get(entry.by)
    if (!adder || !counts(adder)) return false
    return revocationOf(adder.id)?.vouchedFor(entry.id) ?? true
  }

  const devices = new Map<string, KnownDevice>()
  for (const entry of entries.values()) {
    if (!counts(entry)) continue
    const revocation = revocationOf(entry.id)
    const { epoch, lastSequence, at } = revocation ?? { epoch: 0, lastSequence: 0, at: 0 }
    devices.set(entry.id, { ...entry, ...(revocation && { revoked: { epoch, lastSequence, at } }) })
  }

  function keyCounts(key: Stated<WrappedEpochKey>): boolean {
    const maker = devices.get(key.by)
    if (!maker || (maker.revoked && maker.revoked.epoch <= key.epoch)) return false
    return verify(maker.signKey, signed.epochKey(key), key.signature)
  }

  return {
    devices,
    names,
    phraseKey: phrase && verify(root, signed.phraseKey(phrase.key), phrase.signature) ? phrase : undefined,
    epochInForce: Math.max(1, ...counting.filter(({ device }) => devices.has(device)).map(({ epoch }) => epoch)),
    keysOf(receiver) {
      const taken = new Map<number, WrappedEpochKey>()
      for (const key of keys) {
        if (key.receiver !== receiver) continue
        const other = taken.get(key.epoch)
        if (other && other.keyId <= key.keyId) continue
        if (keyCounts(key)) taken.set(key.epoch, key)
      }
      return taken
    },
  }
}
