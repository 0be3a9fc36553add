import type * as Y from 'yjs'
import { isId, type Json, LONGEST_ID, LONGEST_TITLE, wellFormed } from './door.ts'

/** What the document `library` holds about concepts (docs/graph.md §2), and how it becomes rows. */

/** How two concepts can be connected by the learner's word. */
export const LINK_KINDS = ['prerequisite', 'part_of', 'similar', 'uses', 'contradicts', 'related'] as const
export type LinkKind = (typeof LINK_KINDS)[number]

/** Top-level maps of the document. */
export const CORRECTION_MAPS = ['conceptNames', 'conceptTerms', 'conceptsHidden', 'conceptLinks'] as const
export type CorrectionMap = (typeof CORRECTION_MAPS)[number]

export interface CorrectionKey {
  part: CorrectionMap
  key: string
}

/** A row of `concept_corrections`; undefined for none. */
export interface Correction extends CorrectionKey {
  value: Json | undefined
}

/** All that the learner corrected. */
export interface ConceptCorrections {
  /** Name by concept. */
  names: Map<string, string>
  /** Concept by term. */
  terms: Map<string, string>
  hidden: Set<string>
  links: { fromId: string; toId: string; kind: LinkKind; linked: boolean }[]
}

const LONGEST_KEY = 2 * LONGEST_ID + 20

export function linkKey(fromId: string, toId: string, kind: LinkKind): string {
  return `${fromId}/${toId}/${kind}`
}

/** What the document would hold for these corrections; those that do not fit are left out. */
export function correctionEntries({ names, terms, hidden, links }: ConceptCorrections): Correction[] {
  const entries: Correction[] = [
    ...Array.from(names, ([key, value]) => ({ part: 'conceptNames' as const, key, value })),
    ...Array.from(terms, ([key, value]) => ({ part: 'conceptTerms' as const, key, value })),
    ...Array.from(hidden, (key) => ({ part: 'conceptsHidden' as const, key, value: true })),
    ...links.map(({ fromId, toId, kind, linked }) => ({
      part: 'conceptLinks' as const,
      key: linkKey(fromId, toId, kind),
      value: linked,
    })),
  ]
  return entries.filter(({ part, key, value }) => isId(key, LONGEST_KEY) && readValue(part, value) !== undefined)
}

/** Every key that the document holds. */
export function allCorrections(doc: Y.Doc): CorrectionKey[] {
  return CORRECTION_MAPS.flatMap((part) => Array.from(doc.getMap(part).keys(), (key) => ({ part, key })))
}

/** Values that do not fit, which another device may have written, have no row. */
export function projectCorrections(doc: Y.Doc, keys: readonly CorrectionKey[]): Correction[] {
  return keys
    .filter(({ key }) => isId(key, LONGEST_KEY))
    .map(({ part, key }) => ({ part, key, value: readValue(part, doc.getMap(part).get(key)) }))
}

/** The corrections that rows hold; what cannot be read is left out. */
export function readCorrections(rows: readonly { part: string; key: string; value: unknown }[]): ConceptCorrections {
  const corrections: ConceptCorrections = { names: new Map(), terms: new Map(), hidden: new Set(), links: [] }
  for (const { part, key, value } of rows) {
    if (part === 'conceptNames' && typeof value === 'string') corrections.names.set(key, value)
    if (part === 'conceptTerms' && typeof value === 'string') corrections.terms.set(key, value)
    if (part === 'conceptsHidden' && value === true) corrections.hidden.add(key)
    if (part !== 'conceptLinks' || typeof value !== 'boolean') continue
    const [fromId, toId, name] = key.split('/')
    const kind = LINK_KINDS.find((known) => known === name)
    if (fromId && toId && kind) corrections.links.push({ fromId, toId, kind, linked: value })
  }
  return corrections
}

function readValue(part: CorrectionMap, value: unknown): Json | undefined {
  if (part === 'conceptNames') {
    const isName = typeof value === 'string' && value.trim() !== ''
    return isName ? wellFormed(value).slice(0, LONGEST_TITLE).toWellFormed() : undefined
  }
  if (part === 'conceptTerms') return isId(value, LONGEST_ID) ? value : undefined
  return typeof value === 'boolean' ? value : undefined
}
