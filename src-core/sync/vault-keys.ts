import { createHmac, createSecretKey } from 'node:crypto'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { LvaError } from '../kernel/index.ts'
import { joined, number, utf8 } from './bytes.ts'
import { ID_BYTES, idBytes, idOf } from './frames.ts'
import { DEVICES_DOCUMENT } from './roster.ts'

const KEY_BYTES = 32

/** The keys of a vault by epoch (docs/protocol.md §2). A revocation begins the next epoch. */
export interface VaultKeys {
  /** The epoch in which new frames are sealed. */
  readonly epoch: number
  /** That of the room of `devices` is the first in every epoch. @throws LvaError sync-key-missing for an epoch that this device was not given */
  roomKey(epoch: number, room: string): Uint8Array
  /** @param sha256Of of the blob before it is sealed, 32 bytes */
  blobKey(epoch: number, sha256Of: Uint8Array): Uint8Array
  /** Name of a document's room: 32 hex digits. */
  room(documentName: string): string
  blobName(epoch: number, sha256Of: Uint8Array): string
  /** Seals the name of a device. @throws LvaError sync-key-missing */
  deviceNameKey(epoch: number, device: string): Uint8Array
}

/** @param epochKeys 32 bytes each, by epoch; the first is always among them */
export function vaultKeys(epochKeys: ReadonlyMap<number, Uint8Array>): VaultKeys {
  const nameKey = createSecretKey(derived(keyOf(1), new Uint8Array(), 'lva room names v1'))

  function keyOf(epoch: number): Uint8Array {
    const key = epochKeys.get(epoch)
    if (!key) {
      throw new LvaError('sync-key-missing', `This device was not given the vault's key ${epoch}.`, {
        advice: 'Sync once more; if it stays so, add this device anew from another one.',
        params: { epoch },
      })
    }
    return key
  }

  function named(bytes: Uint8Array): string {
    // A thousand names at each start: a key that is no mere bytes takes half the time.
    return idOf(createHmac('sha256', nameKey).update(bytes).digest().subarray(0, ID_BYTES))
  }

  const room = (documentName: string) => named(utf8(documentName))
  const devicesRoom = room(DEVICES_DOCUMENT)

  return {
    epoch: Math.max(...epochKeys.keys()),
    roomKey: (epoch, room) => derived(keyOf(room === devicesRoom ? 1 : epoch), idBytes(room), 'lva room key v1'),
    blobKey: (epoch, sha256Of) => derived(keyOf(epoch), sha256Of, 'lva blob key v1'),
    room,
    blobName: (epoch, sha256Of) => named(joined(utf8('blob '), number(epoch, 4), sha256Of)),
    deviceNameKey: (epoch, device) => derived(keyOf(epoch), idBytes(device), 'lva device name v1'),
  }
}

function derived(key: Uint8Array, salt: Uint8Array, label: string): Uint8Array {
  return hkdf(sha256, key, salt, utf8(label), KEY_BYTES)
}
