import type * as Y from 'yjs'
import { fromHex } from '../bytes.ts'
import type { VaultKeys } from '../vault-keys.ts'

/** What devices tell each other of blobs, in the documents `attachments:0` to `attachments:f` (docs/protocol.md §7). */

/** Where a blob is at the relay. */
export interface Sent {
  name: string
  epoch: number
  /** Before it is sealed. */
  bytes: number
}

export type Answer = 'sent' | 'lacks' | 'keeps'
const ANSWERS: readonly unknown[] = ['sent', 'lacks', 'keeps'] satisfies Answer[]

/** Of one document; by SHA-256, then by device. */
export interface Said {
  sent: Map<string, Sent>
  asked: Map<string, Set<string>>
  answers: Map<string, Map<string, Answer>>
}

const PREFIX = 'attachments:'
const DOCUMENT = /^attachments:[0-9a-f]$/
const SHA256 = /^[0-9a-f]{64}$/
const PAIR = /^([0-9a-f]{64})\/([0-9a-f]{32})$/

export function isAttachmentDocument(name: string): boolean {
  return DOCUMENT.test(name)
}

export function attachmentDocument(keys: VaultKeys, sha256: string): string {
  return PREFIX + keys.blobName(1, fromHex(sha256)).slice(0, 1)
}

/** What it says that counts: entries of another vault, and what does not fit, do nothing. */
export function readSaid(doc: Y.Doc, keys: VaultKeys): Said {
  const said: Said = { sent: new Map(), asked: new Map(), answers: new Map() }
  for (const [sha256, value] of doc.getMap('sent')) {
    const sent = SHA256.test(sha256) ? readSent(value) : undefined
    if (sent && keys.blobName(sent.epoch, fromHex(sha256)) === sent.name) said.sent.set(sha256, sent)
  }
  for (const key of doc.getMap('asked').keys()) {
    const [, sha256, device] = PAIR.exec(key) ?? []
    if (sha256 && device) said.asked.set(sha256, (said.asked.get(sha256) ?? new Set()).add(device))
  }
  for (const [key, value] of doc.getMap('answers')) {
    const [, sha256, device] = PAIR.exec(key) ?? []
    if (!sha256 || !device || !ANSWERS.includes(value)) continue
    said.answers.set(sha256, (said.answers.get(sha256) ?? new Map()).set(device, value as Answer))
  }
  return said
}

/** Only inside `documents.change`, as the writers below. */
export function writeSent(doc: Y.Doc, sha256: string, sent: Sent): void {
  doc.getMap('sent').set(sha256, sent)
}

export function takeSentOut(doc: Y.Doc, sha256: string): void {
  doc.getMap('sent').delete(sha256)
}

/** Asks anew: what was answered before counts no more. @param at instant, ISO 8601 */
export function writeAsked(doc: Y.Doc, sha256: string, device: string, at: string): void {
  takeAnswersOut(doc, sha256)
  doc.getMap('asked').set(`${sha256}/${device}`, at)
}

/** Answers go with the last device that asks. */
export function takeAskedOut(doc: Y.Doc, sha256: string, device: string): void {
  const asked = doc.getMap('asked')
  asked.delete(`${sha256}/${device}`)
  if (![...asked.keys()].some((key) => key.startsWith(`${sha256}/`))) takeAnswersOut(doc, sha256)
}

export function writeAnswer(doc: Y.Doc, sha256: string, device: string, answer: Answer): void {
  doc.getMap('answers').set(`${sha256}/${device}`, answer)
}

/** Everything that is said of it. */
export function takeAllOut(doc: Y.Doc, sha256: string): void {
  takeSentOut(doc, sha256)
  for (const key of [...doc.getMap('asked').keys()]) if (key.startsWith(`${sha256}/`)) doc.getMap('asked').delete(key)
  takeAnswersOut(doc, sha256)
}

function takeAnswersOut(doc: Y.Doc, sha256: string): void {
  const answers = doc.getMap('answers')
  for (const key of [...answers.keys()]) if (key.startsWith(`${sha256}/`)) answers.delete(key)
}

function readSent(value: unknown): Sent | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { name, epoch, bytes } = value as Partial<Sent>
  const isEpoch = Number.isSafeInteger(epoch) && Number(epoch) >= 1 && Number(epoch) < 2 ** 32
  const isSize = Number.isSafeInteger(bytes) && Number(bytes) >= 0
  if (typeof name !== 'string' || !isEpoch || !isSize) return undefined
  return { name, epoch: Number(epoch), bytes: Number(bytes) }
}
