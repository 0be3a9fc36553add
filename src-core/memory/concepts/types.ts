/** How a text says that two terms are connected; `related` is never read but counted. */
export type RelationKind = 'prerequisite' | 'part_of' | 'similar' | 'uses' | 'contradicts' | 'related'

/** What one text says (docs/graph.md). Places are UTF-16 code units of the text, end exclusive. */
export interface Reading {
  terms: ReadTerm[]
  relations: ReadRelation[]
}

export interface ReadTerm {
  normal: string
  surface: string
  type: 'term' | 'name' | 'short'
  /** The first place. */
  start: number
  end: number
  count: number
  /** How much the text is about it, in (0, 1]. */
  weight: number
  definition: string | null
  /** Of names, as far as the grammar tells. */
  names?: NamedKind
}

export type NamedKind = 'person' | 'place' | 'organisation'

export interface ReadRelation {
  /** Normal forms. */
  from: string
  to: string
  relation: Exclude<RelationKind, 'related'> | 'abbreviation'
  /** The sentence. */
  start: number
  end: number
}

/** A phrase where it stands. */
export interface Mention {
  start: number
  end: number
  surface: string
  normal: string
  type: ReadTerm['type']
  names?: NamedKind
}

/** Work on concepts in the background. */
export interface ConceptProgress {
  /** Captures, notes and documents that wait to be read, and a fold. */
  pending: number
  /** Those that could not be read: tried again at the next start. */
  failed: number
}

/** Reads texts for concepts. */
export interface Reader {
  read(text: string, signal?: AbortSignal): Promise<Reading>
  close(): Promise<void>
}
