import type { Closable } from '../../kernel/index.ts'
import type { RelationKind } from '../concepts/types.ts'

/** Everything that the graph holds (docs/graph.md §4). Instants are milliseconds since 1970. */
export interface GraphSnapshot {
  /** Of the fold that it shows. */
  revision: number
  concepts: { id: string; name: string; weight: number }[]
  relations: GraphRelation[]
  /** Captures, notes and documents; `id` with the kind before it. */
  captures: { id: string; at: number; sessionId: string | null }[]
  mentions: { captureId: string; conceptId: string; weight: number }[]
}

export interface GraphRelation {
  fromId: string
  toId: string
  kind: RelationKind
  weight: number
  evidence: number
  firstAt: number
  lastAt: number
}

export interface Surroundings {
  /** The nearest first; the concept itself is the first. */
  ids: string[]
  relations: GraphRelation[]
}

/** Concepts and how they are connected. An id that the graph does not know has no neighbours. */
export interface Graph extends Closable {
  /** Of the snapshot that it shows; undefined while it is empty. */
  revision(): Promise<number | undefined>
  /** Takes the place of everything that was there. */
  replace(snapshot: GraphSnapshot): Promise<void>
  /** Relations of a concept in either direction, the strongest first. */
  neighbours(id: string, limit: number): Promise<GraphRelation[]>
  /** A shortest way from one concept to another along `prerequisite` and `part_of`, ends included; null when there is none of at most `LONGEST_PATH` steps. */
  path(fromId: string, toId: string): Promise<string[] | null>
  /** Up to `limit` concepts at most `steps` relations away, and the relations among them. */
  around(id: string, steps: number, limit: number): Promise<Surroundings>
  /** Captures that mention a concept, the newest first. */
  mentionedIn(id: string, limit: number): Promise<string[]>
}

export const LONGEST_PATH = 20
export const LEARNING_KINDS: readonly RelationKind[] = ['prerequisite', 'part_of']
