import { type VaultKeys, vaultKeys } from '../../src-core/sync/index.ts'

/** A device asks for the rooms of a thousand names at each of its starts; more than this many names are never asked for again. */
const MOST_KEPT = 20_000

/** By the keys of all epochs that a device has. */
const vaults = new Map<string, VaultKeys>()

/** The vault's own keys, each made once and then remembered, also from one story to the next: they depend on nothing but what they are asked for. */
export function rememberedKeys(epochKeys: ReadonlyMap<number, Uint8Array>): VaultKeys {
  const name = Array.from(epochKeys, ([epoch, key]) => `${epoch} ${Buffer.from(key).toString('base64')}`).join()
  const known = vaults.get(name)
  if (known) return known
  const keys = vaultKeys(new Map(epochKeys))
  const bytes = (given: Uint8Array) => Buffer.from(given).toString('latin1')
  const [roomKey, blobKey, blobName] = [remembered<Uint8Array>(), remembered<Uint8Array>(), remembered<string>()]
  const room = remembered<ReturnType<VaultKeys['room']>>()
  const made: VaultKeys = {
    epoch: keys.epoch,
    roomKey: (epoch, of) => roomKey(`${epoch} ${of}`, () => keys.roomKey(epoch, of)),
    blobKey: (epoch, sha256) => blobKey(`${epoch} ${bytes(sha256)}`, () => keys.blobKey(epoch, sha256)),
    room: (of) => room(of, () => keys.room(of)),
    blobName: (epoch, sha256) => blobName(`${epoch} ${bytes(sha256)}`, () => keys.blobName(epoch, sha256)),
    deviceNameKey: (epoch, device) => keys.deviceNameKey(epoch, device),
  }
  vaults.set(name, made)
  return made
}

function remembered<T>(): (name: string, make: () => T) => T {
  const kept = new Map<string, T>()
  return (name, make) => {
    const known = kept.get(name)
    if (known !== undefined) return known
    const made = make()
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(name, made)
    return made
  }
}
