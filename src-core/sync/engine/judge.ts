import { createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto'
import { isLvaError } from '../../kernel/index.ts'
import { joined } from '../bytes.ts'
import type { RelayFrame } from '../frames.ts'
import { DEVICES_DOCUMENT, type Roster } from '../roster.ts'
import { type FrameContent, openFrame } from '../sealed-frame.ts'

export type ReceivedFrame = Extract<RelayFrame, { type: 'frame' }>

/** Why nothing of a frame is applied. */
export type Refusal = 'stranger' | 'revoked' | 'signature' | 'content'

export type Verdict =
  | { kind: 'taken'; content: FrameContent }
  | { kind: 'refused'; reason: Refusal }
  /** It may be taken later: its device, or the key that it is sealed with, is not known here yet. */
  | { kind: 'early'; lacks: 'device' | 'key' }

/** Checks 1 to 4 of docs/protocol.md §4. The fifth, that it was not taken before, is the receiver's. */
export function judge(frame: ReceivedFrame, roster: Roster): Verdict {
  const member = roster.member(frame.device)
  if (!member) return judgeNewcomer(frame, roster)
  if (member.lastSequence !== undefined && frame.sequence > member.lastSequence)
    return { kind: 'refused', reason: 'revoked' }
  return opened(frame, roster, member.signingKey)
}

/** A device that nobody has introduced may introduce itself, in the room of `devices` alone. */
function judgeNewcomer(frame: ReceivedFrame, roster: Roster): Verdict {
  const keys = roster.keys()
  const early: Verdict = { kind: 'early', lacks: 'device' }
  if (frame.room !== keys.room(DEVICES_DOCUMENT)) return early
  try {
    const { payload } = openFrame(frame.sealed, frame, { keys, verify: () => true })
    const signingKey = roster.introduced(frame.device, payload)
    return signingKey ? opened(frame, roster, signingKey) : early
  } catch {
    return early
  }
}

function opened(frame: ReceivedFrame, roster: Roster, signingKey: Uint8Array): Verdict {
  let isSigned = false
  try {
    const content = openFrame(frame.sealed, frame, {
      keys: roster.keys(),
      verify: (_device, message, signature) => {
        isSigned = isSignedBy(signingKey, message, signature)
        return isSigned
      },
    })
    const isSnapshot = content.kind === 'snapshot'
    if (content.kind === 'whisper' || isSnapshot !== frame.covers > 0) return { kind: 'refused', reason: 'content' }
    return { kind: 'taken', content }
  } catch (error) {
    if (isLvaError(error, 'sync-key-missing')) return { kind: 'early', lacks: 'key' }
    return { kind: 'refused', reason: isSigned ? 'content' : 'signature' }
  }
}

/** DER of an Ed25519 public key up to the key itself (RFC 8410). */
const DER_HEAD = Uint8Array.from([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00])
const known = new Map<string, KeyObject>()
const MOST_KNOWN = 100

/** @param signingKey Ed25519, 32 bytes */
export function isSignedBy(signingKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const name = Buffer.from(signingKey).toString('hex')
  let key = known.get(name)
  if (!key) {
    key = createPublicKey({ key: Buffer.from(joined(DER_HEAD, signingKey)), format: 'der', type: 'spki' })
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(name, key)
  }
  return verifySignature(null, message, key, signature)
}
