import { type VaultKeys, vaultKeys } from '../../src-core/sync/index.ts'

/** A device asks for the rooms of a thousand names at each of its starts; more than this many names are never asked for again. */
const MOST_KEPT = 20_000

/** What was made, by what it was made of. */
const kept = new Map<string, unknown>()

/** The vault's own keys, each made once and then remembered, also from one story to the next: they depend on nothing but what they are asked for. */
export function rememberedKeys(epochKeys: ReadonlyMap<number, Uint8Array>): VaultKeys {
  const vault = Array.from(epochKeys, ([epoch, key]) => `${epoch} ${Buffer.from(key).toString('base64')}`).join()
  const keys = once(`keys ${vault}`, () => vaultKeys(new Map(epochKeys)))
  const bytes = (given: Uint8Array) => Buffer.from(given).toString('latin1')
  return {
    epoch: keys.epoch,
    roomKey: (epoch, room) => once(`room key ${vault} ${epoch} ${room}`, () => keys.roomKey(epoch, room)),
    blobKey: (epoch, sha256) => keys.blobKey(epoch, sha256),
    room: (name) => once(`room ${vault} ${name}`, () => keys.room(name)),
    blobName: (epoch, sha256) => once(`blob ${vault} ${epoch} ${bytes(sha256)}`, () => keys.blobName(epoch, sha256)),
    deviceNameKey: (epoch, device) => keys.deviceNameKey(epoch, device),
  }
}

function once<T>(name: string, make: () => T): T {
  if (kept.has(name)) return kept.get(name) as T
  const made = make()
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(name, made)
  return made
}
