import type * as Y from 'yjs'
import type { DocumentKind } from './document-names.ts'
import { isId, isPlainObject, LONGEST_ID } from './door.ts'
import { OVERWRITTEN } from './overwritten.ts'

/**
 * The documents `memories` and `deck` (docs/vault.md §1): records that are kept field by field, `<id>/<field>` -> value, and forgotten for
 * good. The tombstone of a forgotten record holds no text, and nothing of the record stays beside it.
 */

export type KeptKind = Extract<DocumentKind['kind'], 'memories' | 'deck'>

/** Name of the map that holds the fields. */
export const FIELDS: Record<KeptKind, string> = { memories: 'memories', deck: 'cards' }
/** Name of the map that holds the tombstones. */
export const FORGOTTEN = 'forgotten'

export interface KeptRecords {
  fields: Y.Map<unknown>
  forgotten: Y.Map<unknown>
  /** Values of fields that were overwritten unseen. */
  overwritten: Y.Map<unknown>
}

export function isKept(kind: DocumentKind['kind']): kind is KeptKind {
  return kind === 'memories' || kind === 'deck'
}

export function keptRecords(doc: Y.Doc, kind: KeptKind): KeptRecords {
  return { fields: doc.getMap(FIELDS[kind]), forgotten: doc.getMap(FORGOTTEN), overwritten: doc.getMap(OVERWRITTEN) }
}

export function fieldKey(id: string, field: string): string {
  return `${id}/${field}`
}

/** The record that a key is a field of; read from the side that cannot hold a slash. */
export function recordOfKey(key: string): string | undefined {
  const id = key.slice(0, Math.max(0, key.lastIndexOf('/')))
  return isId(id, LONGEST_ID) ? id : undefined
}

/** Ids of all records that have a field. */
export function recordIds({ fields }: KeptRecords): Set<string> {
  const ids = new Set<string>()
  for (const key of fields.keys()) {
    const id = recordOfKey(key)
    if (id !== undefined) ids.add(id)
  }
  return ids
}

/** The first of these ids that no record ever had. */
export function unusedId(records: KeptRecords, ids: readonly string[]): string | undefined {
  if (ids.length === 0) return undefined
  const live = recordIds(records)
  return ids.find((id) => isId(id, LONGEST_ID) && !live.has(id) && !records.forgotten.has(id))
}

export function setFields(records: KeptRecords, id: string, values: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(values)) records.fields.set(fieldKey(id, field), value)
}

/** The record of whose field an entry of `overwritten` holds a value. */
export function recordOfEntry(entry: unknown): string | undefined {
  return isPlainObject(entry) && typeof entry.key === 'string' ? recordOfKey(entry.key) : undefined
}

/** Takes away every field of these records, with what was overwritten of them. */
export function removeFields({ fields, overwritten }: KeptRecords, ids: ReadonlySet<string>): void {
  for (const [key, entry] of Array.from(overwritten.entries())) {
    const id = recordOfEntry(entry)
    if (id !== undefined && ids.has(id)) overwritten.delete(key)
  }
  for (const key of Array.from(fields.keys())) {
    const id = recordOfKey(key)
    if (id !== undefined && ids.has(id)) fields.delete(key)
  }
}

/** Takes away what another device wrote of a record while this one forgot it. */
export function removeForgotten(records: KeptRecords): void {
  if (records.forgotten.size > 0) removeFields(records, new Set(records.forgotten.keys()))
}
