import { x25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Clock, Random } from '../../kernel/index.ts'
import { idOf } from '../frames.ts'
import { openMailbox } from './mailbox.ts'
import { PAIRING_BYTES, type PairingTarget, pairingCode, unknown } from './pairing-code.ts'
import {
  contentOf,
  type JoinRequest,
  mismatch,
  packRequest,
  packWelcome,
  pairingKeys,
  pairingMessage,
  readRequest,
  readWelcome,
  type Welcome,
} from './pairing-messages.ts'
import type { RelayHttp } from './relay-http.ts'
import { type NewDevice, type Signer, signed } from './statements.ts'

const SECRET_BYTES = 32

export interface PairingParts {
  http: RelayHttp
  clock: Clock
  random: Random
  signal: AbortSignal
}

/** What the new device shows while it joins, in order. */
export type JoinStep =
  | { state: 'code'; code: string; qr: string }
  | { state: 'compare'; number: string }
  | { state: 'welcome'; welcome: Welcome }

/** The new device's side. @throws LvaError pairing-over, pairing-refused, pairing-mismatch, and what the relay refuses with */
export async function* joinByCode(request: JoinRequest, parts: PairingParts): AsyncGenerator<JoinStep> {
  const { http, clock, random, signal } = parts
  const id = random.bytes(PAIRING_BYTES)
  const pairing = idOf(id)
  const secret = random.bytes(SECRET_BYTES)
  const own = x25519.getPublicKey(secret)
  const mailbox = openMailbox(http, pairing, clock, signal)
  await mailbox.leave(pairingMessage.hash(sha256(own)))
  yield { state: 'code', ...pairingCode(id, sha256(own)) }
  const theirs = contentOf('oldKey', await mailbox.message(1)).slice()
  const keys = pairingKeys('new', { pairing, secret, theirs })
  await mailbox.leave(pairingMessage.newKey(own, keys.seal('newKey', packRequest(request))))
  yield { state: 'compare', number: keys.number }
  const welcome = readWelcome(keys.open('welcome', contentOf('welcome', await mailbox.message(3))))
  yield { state: 'welcome', welcome }
}

/** What the old device shows while it adds another, in order. */
export type AdmitStep =
  | { state: 'compare'; number: string; name: string; kind: string }
  | { state: 'added'; request: JoinRequest; entry: NewDevice & { by: string; signature: Uint8Array } }

export interface Host {
  root: Uint8Array
  signer: Signer
  epochKeys: ReadonlyMap<number, Uint8Array>
}

/**
 * The old device's side.
 * @param isEqual resolves with what the learner says of the two numbers
 * @throws LvaError pairing-unknown, pairing-over, pairing-mismatch, and what the relay refuses with
 */
export async function* admitByCode(
  target: PairingTarget,
  host: Host,
  isEqual: Promise<boolean>,
  { http, clock, random, signal }: PairingParts,
): AsyncGenerator<AdmitStep> {
  const { pairing } = target
  const mailbox = openMailbox(http, pairing, clock, signal)
  const first = await mailbox.peek(0)
  if (!first) throw unknown()
  const hash = contentOf('hash', first)
  if (target.hash && !isSame(target.hash, hash)) throw mismatch()
  const secret = random.bytes(SECRET_BYTES)
  await mailbox.leave(pairingMessage.oldKey(x25519.getPublicKey(secret)))
  const answer = contentOf('newKey', await mailbox.message(2))
  const theirs = answer.slice(0, SECRET_BYTES)
  if (!isSame(sha256(theirs), hash)) throw mismatch()
  const keys = pairingKeys('old', { pairing, secret, theirs })
  const request = readRequest(keys.open('newKey', answer.subarray(SECRET_BYTES)))
  yield { state: 'compare', number: keys.number, name: request.name, kind: request.kind }
  if (!(await isEqual)) {
    await mailbox.leave(pairingMessage.refused())
    return
  }
  const { device: id, kind, signKey, agreeKey } = request
  const device: NewDevice = { id, kind, signKey, agreeKey, addedAt: clock.now() }
  const { by, sign } = host.signer
  const signature = sign(signed.device(device))
  const { root, epochKeys } = host
  const welcome = packWelcome({ root, by, addedAt: device.addedAt, signature, epochKeys })
  await mailbox.leave(pairingMessage.welcome(keys.seal('welcome', welcome)))
  yield { state: 'added', request, entry: { ...device, by, signature } }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
