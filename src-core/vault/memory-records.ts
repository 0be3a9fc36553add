import { isId, isPlainObject, LONGEST_ID, readInstant, wellFormed } from './door.ts'
import { fieldKey, type KeptRecords } from './kept-records.ts'
import type { CardPlace, CardSource, Memory, MemoryReceipt } from './types.ts'

/** What the documents `memories` and `deck` hold of one record, read leniently: another device may have written it. */

/** The longest statement about the learner, in UTF-16 code units. */
export const LONGEST_STATEMENT = 500
/** The longest side of a card. */
export const LONGEST_CARD_SIDE = 10_000
/** The longest quote that a receipt or a card's source holds. */
const LONGEST_QUOTE = 4_000

export const STATEMENT_KINDS = ['fact', 'preference', 'goal'] as const
const MEMORY_STATES = ['proposed', 'accepted'] as const
const CARD_STATES = ['candidate', 'kept'] as const
const PLACE_KINDS = ['capture', 'note', 'document', 'memory'] as const
const PLACE_FIELDS = ['userText', 'agentText', 'noteText', 'documentText', 'memoryText'] as const

/** What stands in the document: whether a receipt holds is the capture's to say. */
export interface MemoryRecord extends Omit<Memory, 'receipt'> {
  receipt: Omit<MemoryReceipt, 'holds'> | null
}

export interface CardRecord {
  id: string
  front: string
  back: string
  state: 'candidate' | 'kept'
  source: Omit<CardSource, 'holds'> | null
  createdAt: string
  updatedAt: string
}

/** Undefined for a record that cannot be read. Fields that are missing or odd get the value that says least. */
export function readMemory({ fields }: KeptRecords, id: string): MemoryRecord | undefined {
  const get = (field: string) => fields.get(fieldKey(id, field))
  const text = readWords(get('text'), LONGEST_STATEMENT)
  const createdAt = readInstant(get('createdAt'))
  const kind = STATEMENT_KINDS.find((known) => known === get('kind'))
  const state = MEMORY_STATES.find((known) => known === get('state'))
  if (text === '' || !createdAt || !kind || !state) return undefined
  const about = readWords(get('about'), LONGEST_STATEMENT)
  return {
    id,
    text,
    kind,
    state,
    about: about === '' ? null : about,
    receipt: readReceipt(get('receipt')),
    validFrom: readInstant(get('validFrom')) ?? createdAt,
    validTo: readInstant(get('validTo')),
    createdAt,
    updatedAt: readInstant(get('updatedAt')) ?? createdAt,
  }
}

/** Undefined for a record that cannot be read. */
export function readCard({ fields }: KeptRecords, id: string): CardRecord | undefined {
  const get = (field: string) => fields.get(fieldKey(id, field))
  const front = readWords(get('front'), LONGEST_CARD_SIDE)
  const back = readWords(get('back'), LONGEST_CARD_SIDE)
  const createdAt = readInstant(get('createdAt'))
  const state = CARD_STATES.find((known) => known === get('state'))
  if (front === '' || back === '' || !createdAt || !state) return undefined
  return {
    id,
    front,
    back,
    state,
    source: readPlace(get('source')),
    createdAt,
    updatedAt: readInstant(get('updatedAt')) ?? createdAt,
  }
}

/** The place as it is stored, or null where the value names none. */
export function readPlace(value: unknown): CardPlace | null {
  if (!isPlainObject(value)) return null
  const kind = PLACE_KINDS.find((known) => known === value.kind)
  const field = PLACE_FIELDS.find((known) => known === value.field)
  const when = readInstant(value.when)
  const { captureId } = value
  if (!kind || !field || !when || !isId(captureId, LONGEST_ID) || !isSpan(value)) return null
  const { start, end } = value
  return { captureId, kind, field, start, end, text: readWords(value.text, LONGEST_QUOTE), when }
}

function readReceipt(value: unknown): Omit<MemoryReceipt, 'holds'> | null {
  if (!isPlainObject(value)) return null
  const { captureId, quote } = value
  if (!isId(captureId, LONGEST_ID) || typeof quote !== 'string' || quote === '' || !isSpan(value)) return null
  return { captureId, quote: wellFormed(quote), start: value.start, end: value.end }
}

function isSpan(value: Record<string, unknown>): value is Record<string, unknown> & { start: number; end: number } {
  const { start, end } = value
  return isPlace(start) && isPlace(end) && start <= end
}

/** Fits the columns, which are 32-bit integers. */
function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31
}

/** Empty for what is no text or blank. */
function readWords(value: unknown, longest: number): string {
  return typeof value === 'string' ? wellFormed(value).slice(0, longest).toWellFormed().trim() : ''
}
