import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import * as Y from 'yjs'
import { LvaError } from '../../kernel/index.ts'
import { type PhraseVaultKeys, vaultKeysFromPhrase } from '../../keys/index.ts'
import type { RelayFrame } from '../frames.ts'
import { DEVICES_DOCUMENT } from '../roster.ts'
import { openFrame } from '../sealed-frame.ts'
import { type VaultKeys, vaultKeys } from '../vault-keys.ts'
import { unwrapKey } from '../wrapped-key.ts'
import { framesOf, hasRooms, type VisitParts, visitRelay } from './relay-visit.ts'
import { type RosterState, readRoster } from './roster-state.ts'
import { PHRASE, rememberingVerifier, type Signer, signed, type VerifyWith } from './statements.ts'

/** What a phrase gives whoever begins or joins a vault with it. */
export interface PhraseMember {
  root: Uint8Array
  epochKeys: Map<number, Uint8Array>
  signer: Signer
  agreeKey: { key: Uint8Array; signature: Uint8Array }
  /** The document `devices` as the relay has it, as one update; undefined for the first device. */
  devices?: Uint8Array
}

/** The first device. @throws LvaError vault-exists where the account holds a vault; phrase-invalid */
export async function beginVault(phrase: string, parts: VisitParts): Promise<PhraseMember> {
  const keys = vaultKeysFromPhrase(phrase)
  if (await visitRelay(parts, hasRooms)) {
    throw new LvaError('vault-exists', 'This account holds a vault already.', {
      advice: 'Add this device to it: from another device, or with the recovery phrase.',
    })
  }
  return memberOf(keys)
}

/** @throws LvaError vault-not-there, vault-phrase-wrong, phrase-invalid */
export async function findVault(phrase: string, parts: VisitParts): Promise<PhraseMember> {
  const keys = vaultKeysFromPhrase(phrase)
  const first = vaultKeys(new Map([[1, keys.firstEpochKey]]))
  const frames = await visitRelay(parts, async (visit) => {
    if (!(await hasRooms(visit))) {
      throw new LvaError('vault-not-there', 'This account holds no vault yet.', {
        advice: 'Begin with this device, or check which account the other devices use.',
      })
    }
    return framesOf(visit, first.room(DEVICES_DOCUMENT))
  })
  const member = memberOf(keys)
  const doc = new Y.Doc()
  const verify = rememberingVerifier()
  for (const frame of frames) takeFrame(doc, frame, { root: member.root, keys: first, verify })
  const state = readRoster(doc, member.root, verify)
  if (state.devices.size === 0) {
    throw new LvaError('vault-phrase-wrong', 'These words are of another vault than that of the account.', {
      advice: 'Look for the words that were shown when sync was set up.',
    })
  }
  openForPhrase(state, keys, member.epochKeys)
  return { ...member, devices: Y.encodeStateAsUpdate(doc) }
}

function memberOf(keys: PhraseVaultKeys): PhraseMember {
  const sign = (message: Uint8Array) => ed25519.sign(message, keys.signingSecret)
  const key = x25519.getPublicKey(keys.agreementSecret)
  return {
    root: ed25519.getPublicKey(keys.signingSecret),
    epochKeys: new Map([[1, keys.firstEpochKey]]),
    signer: { by: PHRASE, sign },
    agreeKey: { key, signature: sign(signed.phraseKey(key)) },
  }
}

/** Applies a frame of the room of `devices` if the device that sent it counts, by what it brings at the latest. */
function takeFrame(
  doc: Y.Doc,
  { room, device, sequence, sealed }: Extract<RelayFrame, { type: 'frame' }>,
  { root, keys, verify }: { root: Uint8Array; keys: VaultKeys; verify: VerifyWith },
): void {
  const place = { room, device, sequence }
  const draft = new Y.Doc()
  try {
    const { kind, payload } = openFrame(sealed, place, { keys, verify: () => true })
    if (kind !== 'update' && kind !== 'snapshot') return
    Y.applyUpdate(draft, Y.encodeStateAsUpdate(doc))
    Y.applyUpdate(draft, payload)
    const sender = readRoster(draft, root, verify).devices.get(device)
    if (!sender || (sender.revoked && sequence > sender.revoked.lastSequence)) return
    openFrame(sealed, place, {
      keys,
      verify: (_, message, signature) => verify(sender.signKey, message, signature),
    })
    Y.applyUpdate(doc, payload)
  } catch {
    // Not of this vault, or damaged: what counts must come from the others.
  } finally {
    draft.destroy()
  }
}

function openForPhrase(state: RosterState, keys: PhraseVaultKeys, epochKeys: Map<number, Uint8Array>): void {
  for (const [epoch, { wrapped }] of state.keysOf(PHRASE)) {
    if (epoch === 1) continue
    try {
      epochKeys.set(epoch, unwrapKey(wrapped, epoch, keys.agreementSecret))
    } catch {
      // What is sealed in this epoch stays closed until another device hands the key over.
    }
  }
}
