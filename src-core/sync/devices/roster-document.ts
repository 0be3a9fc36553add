import type * as Y from 'yjs'
import { z } from 'zod'
import { type NewDevice, PHRASE, type Revocation, type Signer, signed, type WrappedEpochKey } from './statements.ts'

/** The document `devices` as it is stored (docs/protocol.md §10): what is in it, whether it counts or not. */

const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
const WRAPPED = 80

const id = z.string().regex(/^[0-9a-f]{32}$/)
const signer = z.union([id, z.literal(PHRASE)])
const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const epoch = z.number().int().min(1).max(0xffff_ffff)
const bytes = (length?: number) =>
  z
    .base64()
    .max(4_000)
    .transform((text) => Uint8Array.from(Buffer.from(text, 'base64')))
    .refine((value) => length === undefined || value.length === length)

const deviceValue = z.object({
  kind: z.string().min(1).max(40),
  signKey: bytes(KEY_BYTES),
  agreeKey: bytes(KEY_BYTES),
  addedAt: whole,
  by: signer,
  signature: bytes(SIGNATURE_BYTES),
})
const nameValue = z.object({ epoch, sealed: bytes() })
const revocationValue = z.object({
  epoch,
  lastSequence: whole,
  vouched: z.array(id).max(1_000),
  at: whole,
  by: signer,
  signature: bytes(SIGNATURE_BYTES),
})
const keyValue = z.object({ wrapped: bytes(WRAPPED), by: signer, signature: bytes(SIGNATURE_BYTES) })
const phraseValue = z.object({ key: bytes(KEY_BYTES), signature: bytes(SIGNATURE_BYTES) })
const keyName = /^([1-9]\d{0,9})\/([0-9a-f]{16})\/([0-9a-f]{32}|phrase)$/

/** A statement with who signed it. */
export type Stated<T> = T & { by: string; signature: Uint8Array }

export interface SealedName {
  epoch: number
  sealed: Uint8Array
}

export interface RosterStatements {
  devices: Map<string, Stated<NewDevice>>
  names: Map<string, SealedName>
  revocations: Stated<Revocation>[]
  keys: Stated<WrappedEpochKey>[]
  phrase: { key: Uint8Array; signature: Uint8Array } | undefined
}

/** Everything in it that can be read. What cannot be is left out. */
export function readStatements(doc: Y.Doc): RosterStatements {
  const devices = new Map<string, Stated<NewDevice>>()
  for (const [key, value] of entriesOf(doc, 'devices', deviceValue)) {
    if (id.safeParse(key).success) devices.set(key, { id: key, ...value })
  }
  const names = new Map(entriesOf(doc, 'names', nameValue))
  const revocations = entriesOf(doc, 'revoked', revocationValue).flatMap(([key, value]) => {
    const [device, by] = key.split('/')
    return device && by === value.by && id.safeParse(device).success ? [{ device, ...value }] : []
  })
  const keys = entriesOf(doc, 'keys', keyValue).flatMap(([key, value]) => {
    const [, number, keyId, receiver] = keyName.exec(key) ?? []
    return number && keyId && receiver ? [{ epoch: Number(number), keyId, receiver, ...value }] : []
  })
  const phrase = phraseValue.safeParse(doc.getMap('phrase').get('agreeKey')).data
  return { devices, names, revocations, keys, phrase }
}

/** Writes statements, inside a change of the document. */
export function rosterWriter(doc: Y.Doc, { by, sign }: Signer) {
  return {
    device(device: NewDevice): void {
      writeDevice(doc, { ...device, by, signature: sign(signed.device(device)) })
    },
    revocation(revocation: Revocation): void {
      const { device, vouched, ...rest } = revocation
      const signature = base64(sign(signed.revocation(revocation)))
      doc.getMap('revoked').set(`${device}/${by}`, { ...rest, vouched: [...vouched].sort(), by, signature })
    },
    epochKey(key: WrappedEpochKey): void {
      doc.getMap('keys').set(`${key.epoch}/${key.keyId}/${key.receiver}`, {
        wrapped: base64(key.wrapped),
        by,
        signature: base64(sign(signed.epochKey(key))),
      })
    },
  }
}

/** An entry that was signed elsewhere. */
export function writeDevice(doc: Y.Doc, entry: Stated<NewDevice>): void {
  const { id: device, signKey, agreeKey, signature, ...rest } = entry
  doc.getMap('devices').set(device, {
    ...rest,
    signKey: base64(signKey),
    agreeKey: base64(agreeKey),
    signature: base64(signature),
  })
}

export function writeName(doc: Y.Doc, device: string, { epoch: sealedIn, sealed }: SealedName): void {
  doc.getMap('names').set(device, { epoch: sealedIn, sealed: base64(sealed) })
}

export function writePhraseKey(doc: Y.Doc, key: Uint8Array, signature: Uint8Array): void {
  doc.getMap('phrase').set('agreeKey', { key: base64(key), signature: base64(signature) })
}

export function forgetStatements(doc: Y.Doc): void {
  for (const map of ['devices', 'names', 'revoked', 'keys', 'phrase']) doc.getMap(map).clear()
}

function entriesOf<T>(doc: Y.Doc, map: string, schema: z.ZodType<T>): [string, T][] {
  return Array.from(doc.getMap(map).entries()).flatMap(([key, value]): [string, T][] => {
    const read = schema.safeParse(value)
    return read.success ? [[key, read.data]] : []
  })
}

function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64')
}
