import Graph from 'graphology'
import louvain from 'graphology-communities-louvain'
import type { ConceptMap, ConceptRelation, RelationKind } from '../../src-core/contract/index.ts'

/** What is drawn of a map. */
export interface DrawingFilter {
  /** Kinds of relations that are left out. */
  without: readonly RelationKind[]
  /** Captures, notes and documents that mention a concept, at least. */
  least: number
}

export const EVERYTHING: DrawingFilter = { without: [], least: 1 }

export interface DrawnConcept {
  label: string
  captures: number
  /** Radius on the screen, in pixels. */
  size: number
  /** Group of concepts that hang together; undefined for one that belongs to none of the shown groups. */
  group: number | undefined
  x: number
  y: number
}

export interface DrawnRelation {
  kind: RelationKind
  weight: number
  size: number
  type: 'line' | 'arrow'
}

export type Drawing = Graph<DrawnConcept, DrawnRelation>

/** Concepts that hang together, named by the one of them that is mentioned most. */
export interface Group {
  number: number
  /** Id of the concept that names it. */
  leader: string
  name: string
  count: number
}

/** As many as there are colours (design/tokens.css). */
export const GROUPS = 8
const SMALLEST_GROUP = 3
const SMALLEST = 3
const LARGEST = 14
/** Concepts from which on they are drawn smaller. */
const MANY = 150
const SEED = 20_261_126

/** Kinds that mean the same from either end. */
const MUTUAL: readonly RelationKind[] = ['similar', 'contradicts', 'related']

/** Makes what is drawn of a map. The same map gives the same drawing. */
export function draw(map: ConceptMap, filter: DrawingFilter): { drawing: Drawing; groups: Group[] } {
  const drawing: Drawing = new Graph({ multi: false, type: 'directed' })
  const shown = map.concepts.filter(({ captures }) => captures >= filter.least)
  const most = Math.max(1, ...shown.map(({ captures }) => captures))
  const scale = Math.min(1, Math.sqrt(MANY / Math.max(1, shown.length)) + 0.1)
  for (const [rank, { id, name, captures }] of shown.entries()) {
    const share = Math.sqrt(captures / most)
    drawing.addNode(id, {
      label: name,
      captures,
      size: Math.max(2, scale * (SMALLEST + (LARGEST - SMALLEST) * share)),
      group: undefined,
      ...placeOf(rank),
    })
  }
  for (const relation of strongestFirst(map.relations, filter)) {
    const { fromId, toId, kind, weight } = relation
    // One line between two concepts: more would lie upon each other.
    if (!drawing.hasNode(fromId) || !drawing.hasNode(toId)) continue
    if (drawing.hasDirectedEdge(fromId, toId) || drawing.hasDirectedEdge(toId, fromId)) continue
    drawing.addDirectedEdge(fromId, toId, {
      kind,
      weight,
      size: 0.6 + 1.6 * weight,
      type: MUTUAL.includes(kind) ? 'line' : 'arrow',
    })
  }
  return { drawing, groups: group(drawing) }
}

function strongestFirst(relations: readonly ConceptRelation[], { without }: DrawingFilter): ConceptRelation[] {
  return relations
    .filter(({ kind }) => !without.includes(kind))
    .toSorted((a, b) => Number(b.byLearner) - Number(a.byLearner) || b.weight - a.weight)
}

/** A sunflower: the most mentioned in the middle, all evenly apart. The layout begins here, so that it ends the same each time. */
function placeOf(rank: number): { x: number; y: number } {
  const angle = rank * Math.PI * (3 - Math.sqrt(5))
  const distance = 10 * Math.sqrt(rank + 0.5)
  return { x: distance * Math.cos(angle), y: distance * Math.sin(angle) }
}

/** Louvain's communities (Blondel et al. 2008), the largest first; sets the group of each concept. */
function group(drawing: Drawing): Group[] {
  if (drawing.size === 0) return []
  const communities = louvain(drawing, { getEdgeWeight: 'weight', rng: randomFrom(SEED) })
  const members = Map.groupBy(drawing.nodes(), (id) => communities[id] ?? -1)
  const capturesOf = (id: string) => drawing.getNodeAttribute(id, 'captures')
  const groups = [...members.values()]
    .filter((ids) => ids.length >= SMALLEST_GROUP)
    .map((ids) => ids.toSorted((a, b) => capturesOf(b) - capturesOf(a) || drawing.degree(b) - drawing.degree(a)))
    .sort((a, b) => b.length - a.length || ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1))
    .slice(0, GROUPS)
  return groups.map((ids, number) => {
    for (const id of ids) drawing.setNodeAttribute(id, 'group', number)
    const [leader = ''] = ids
    return { number, leader, name: drawing.getNodeAttribute(leader, 'label'), count: ids.length }
  })
}

/** Mulberry32: a small generator whose numbers are the same each time. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface Point {
  x: number
  y: number
}

/**
 * The concept that lies next in a direction: near, and not far off the way.
 * @param places of the concepts that may be gone to, on the screen, y downwards
 */
export function nextTowards(from: Point, direction: Point, places: ReadonlyMap<string, Point>): string | undefined {
  let best: { id: string; cost: number } | undefined
  for (const [id, { x, y }] of places) {
    const [dx, dy] = [x - from.x, y - from.y]
    const along = dx * direction.x + dy * direction.y
    const aside = Math.abs(dx * direction.y - dy * direction.x)
    if (along <= 1 || aside > 2 * along) continue
    const cost = along + 2 * aside
    if (!best || cost < best.cost) best = { id, cost }
  }
  return best?.id
}
