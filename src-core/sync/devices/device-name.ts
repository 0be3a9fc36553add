import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import type { Random } from '../../kernel/index.ts'
import { joined, textOf, utf8 } from '../bytes.ts'
import { idBytes } from '../frames.ts'
import type { VaultKeys } from '../vault-keys.ts'
import type { SealedName } from './roster-document.ts'

const NONCE_BYTES = 24
/** UTF-16 code units of a device's name. */
export const LONGEST_NAME = 60

/** Names are the learner's words: sealed once more, so that a revoked device cannot read them (docs/protocol.md §10). */
export function sealName(name: string, device: string, keys: VaultKeys, random: Random): SealedName {
  const nonce = random.bytes(NONCE_BYTES)
  const cipher = xchacha20poly1305(keys.deviceNameKey(keys.epoch, device), nonce, idBytes(device))
  return { epoch: keys.epoch, sealed: joined(nonce, cipher.encrypt(utf8(name))) }
}

/** @returns undefined where it cannot be opened */
export function openName({ epoch, sealed }: SealedName, device: string, keys: VaultKeys): string | undefined {
  try {
    const cipher = xchacha20poly1305(
      keys.deviceNameKey(epoch, device),
      sealed.subarray(0, NONCE_BYTES),
      idBytes(device),
    )
    return textOf(cipher.decrypt(sealed.subarray(NONCE_BYTES))).slice(0, LONGEST_NAME)
  } catch {
    return undefined
  }
}

/**
 * Names by device, of which no two are equal: of equal ones, such as those of two computers with one host name, the later ones get a number.
 * @param named device and name, in the order in which they came
 */
export function toldApart(named: Iterable<readonly [device: string, name: string]>): Map<string, string> {
  const all = [...named]
  const given = new Set<string>()
  const taken = new Set(all.map(([, name]) => name))
  return new Map(
    all.map(([device, name]) => {
      let shown = name
      for (let number = 2; given.has(shown) || (shown !== name && taken.has(shown)); number += 1) {
        const end = ` (${number})`
        shown = name.slice(0, LONGEST_NAME - end.length) + end
      }
      given.add(shown)
      return [device, shown]
    }),
  )
}
