import type { ConceptCorrections } from '../../vault/index.ts'
import { slipsOf } from './slips.ts'
import { atOnce, eachOf, type Steps } from './steps.ts'
import { initialsOf, spellingKey } from './terms.ts'
import type { RelationKind } from './types.ts'

/** One spelling of a term in all texts. */
export interface TermFact {
  termId: string
  normal: string
  surface: string
  type: string
  count: number
  weight: number
  firstAt: number
  lastAt: number
  definition: string | null
}

/** One term in one text. */
export interface MentionFact {
  /** `kind:id` of the capture, note or document. */
  source: string
  sessionId: string | null
  termId: string
  weight: number
  /** Milliseconds since 1970. */
  at: number
}

export interface CueFact {
  source: string
  from: string
  to: string
  relation: string
  at: number
}

export interface Facts {
  terms: readonly TermFact[]
  mentions: readonly MentionFact[]
  cues: readonly CueFact[]
  corrections: ConceptCorrections
}

export interface FoldedConcept {
  id: string
  name: string
  type: string
  hidden: boolean
  definition: string | null
  variants: { id: string; text: string; count: number }[]
  mentions: number
  captures: number
  links: number
  weight: number
  firstAt: number
  lastAt: number
}

export interface FoldedRelation {
  fromId: string
  toId: string
  kind: RelationKind
  weight: number
  evidence: number
  byLearner: boolean
  firstAt: number
  lastAt: number
}

export interface Folded {
  concepts: FoldedConcept[]
  relations: FoldedRelation[]
  /** Concept of each term. */
  conceptOf: Map<string, string>
}

/** Concepts of one text that are counted as standing together: those that it is most about. */
const TOGETHER_IN_A_TEXT = 12
/** Of these, standing together once is enough. */
const FIRST_IN_A_TEXT = 4
/** A term written so often is no slip. */
const OFTEN = 5
/** `related` neighbours of one concept. */
const MOST_RELATED = 12
const SYMMETRIC: readonly string[] = ['similar', 'contradicts', 'related']

/** Concepts and relations from what all texts say and what the learner corrected (docs/graph.md §2, §3). The same facts give the same result in any order. */
export function fold(facts: Facts): Folded {
  return atOnce(foldInSteps(facts))
}

/** Rows that a step goes through, so that it takes a few milliseconds. */
const ROWS = 4_000
const TEXTS = 200
const CONCEPTS = 400

/** `fold`, for those who share their thread with a learner who waits: over 10,000 captures it takes a quarter of a second. */
export function* foldInSteps(facts: Facts): Steps<Folded> {
  const conceptOf = yield* resolveTerms(facts)
  const concepts = yield* foldConcepts(facts, conceptOf)
  const relations = yield* foldRelations(facts, conceptOf, concepts)
  yield
  for (const { fromId, toId } of relations) {
    const [from, to] = [concepts.get(fromId), concepts.get(toId)]
    if (!from || !to || from.hidden || to.hidden) continue
    from.links += 1
    to.links += 1
  }
  return { concepts: [...concepts.values()], relations, conceptOf }
}

/** Which concept each term belongs to: the learner's word first, then abbreviations and spellings. */
function* resolveTerms({ terms, mentions, cues, corrections }: Facts): Steps<Map<string, string>> {
  const facts = new Map<string, TermFact>()
  for (const term of terms) {
    const known = facts.get(term.termId)
    if (!known || term.count > known.count) facts.set(term.termId, term)
  }
  const auto = new Map<string, string>()
  joinSpellings(facts, auto)
  yield
  joinSlips(facts, auto)
  yield
  yield* joinInitials(facts, mentions, auto)
  for (const { from, to } of cues.filter(({ relation }) => relation === 'abbreviation').sort(byFromAndTo))
    if (facts.has(from) && facts.has(to)) auto.set(from, to)
  const step = (id: string) => corrections.terms.get(id) ?? auto.get(id) ?? id
  return new Map(Array.from(facts.keys(), (id) => [id, follow(id, step)]))
}

function follow(id: string, step: (id: string) => string): string {
  const seen: string[] = []
  for (let at = id; ; ) {
    const next = step(at)
    if (next === at) return at
    const circle = seen.indexOf(next)
    seen.push(at)
    if (circle >= 0 || next === id) return seen.slice(Math.max(0, circle)).sort()[0] ?? at
    at = next
  }
}

/** "data base", "database"; "colour", "color": the spelling seen more often gives its id. */
function joinSpellings(facts: ReadonlyMap<string, TermFact>, auto: Map<string, string>): void {
  const groups = new Map<string, TermFact[]>()
  for (const fact of facts.values()) {
    const joined = spellingKey(fact.normal)
    groups.set(joined, [...(groups.get(joined) ?? []), fact])
  }
  for (const group of groups.values()) {
    const [first, ...others] = group.sort((a, b) => b.count - a.count || (a.termId < b.termId ? -1 : 1))
    for (const other of others) auto.set(other.termId, (first as TermFact).termId)
  }
}

/** "gradeint descent", written once, beside "gradient descent". Names and short forms differ by a letter for good reason. */
function joinSlips(facts: ReadonlyMap<string, TermFact>, auto: Map<string, string>): void {
  const terms = [...facts.values()].filter(({ termId, type }) => type === 'term' && !auto.has(termId))
  const often = new Map(terms.filter(({ count }) => count >= OFTEN).map(({ normal, termId }) => [normal, termId]))
  const rare = terms.filter(({ count }) => count === 1).map(({ normal }) => normal)
  const slips = slipsOf(rare, [...often.keys()])
  for (const { normal, termId } of terms) {
    const meant = often.get(slips.get(normal) ?? '')
    if (meant !== undefined) auto.set(termId, meant)
  }
}

/** A term of capitals is short for the one longer term that has its initials and stands in the same capture or session. */
function* joinInitials(
  facts: ReadonlyMap<string, TermFact>,
  mentions: readonly MentionFact[],
  auto: Map<string, string>,
): Steps<void> {
  const shorts = [...facts.values()].filter(({ type }) => type === 'short')
  if (shorts.length === 0) return
  const wanted = new Set(shorts.map(({ normal }) => normal))
  const longs = new Map<string, string[]>()
  for (const { normal, termId } of facts.values()) {
    const initials = initialsOf(normal)
    if (wanted.has(initials)) longs.set(initials, [...(longs.get(initials) ?? []), termId])
  }
  const places = new Map<string, Set<string>>()
  yield* eachOf(mentions, ROWS, ({ termId, source, sessionId }) => {
    places.set(termId, (places.get(termId) ?? new Set()).add(source).add(`session:${sessionId ?? source}`))
  })
  for (const { normal, termId } of shorts) {
    const near = (longs.get(normal) ?? []).filter((long) => {
      const others = places.get(long)
      return [...(places.get(termId) ?? [])].some((place) => others?.has(place))
    })
    if (near.length === 1 && near[0] !== undefined) auto.set(termId, near[0])
  }
}

function* foldConcepts(
  { terms, mentions, corrections }: Facts,
  conceptOf: ReadonlyMap<string, string>,
): Steps<Map<string, FoldedConcept>> {
  const spellings = new Map<string, TermFact[]>()
  for (const term of terms) {
    const id = conceptOf.get(term.termId) ?? term.termId
    spellings.set(id, [...(spellings.get(id) ?? []), term])
  }
  const sources = new Map<string, Set<string>>()
  yield* eachOf(mentions, ROWS, ({ termId, source }) => {
    const id = conceptOf.get(termId) ?? termId
    sources.set(id, (sources.get(id) ?? new Set()).add(source))
  })
  const concepts = new Map<string, FoldedConcept>()
  yield* eachOf(spellings, CONCEPTS, ([id, list]) => {
    list.sort(bySpelling)
    const own = list.find(({ termId }) => termId === id) ?? (list[0] as TermFact)
    const variants = new Map<string, { id: string; text: string; count: number }>()
    for (const { termId, surface, count } of list) {
      const known = variants.get(termId)
      if (known) known.count += count
      else variants.set(termId, { id: termId, text: surface, count })
    }
    const sum = (of: (term: TermFact) => number) => list.reduce((total, term) => total + of(term), 0)
    concepts.set(id, {
      id,
      name: corrections.names.get(id) ?? own.surface,
      type: list.some(({ type }) => type === 'name') && own.type !== 'term' ? 'name' : own.type,
      hidden: corrections.hidden.has(id),
      definition: own.definition ?? list.find(({ definition }) => definition)?.definition ?? null,
      variants: [...variants.values()].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1)),
      mentions: sum(({ count }) => count),
      captures: sources.get(id)?.size ?? 0,
      links: 0,
      weight: sum(({ weight }) => weight),
      firstAt: Math.min(...list.map(({ firstAt }) => firstAt)),
      lastAt: Math.max(...list.map(({ lastAt }) => lastAt)),
    })
  })
  return concepts
}

function* foldRelations(
  { mentions, cues, corrections }: Facts,
  conceptOf: ReadonlyMap<string, string>,
  concepts: ReadonlyMap<string, FoldedConcept>,
): Steps<FoldedRelation[]> {
  const evidence = new Evidence()
  for (const cue of cues) {
    if (cue.relation === 'abbreviation') continue
    const [from, to] = [conceptOf.get(cue.from), conceptOf.get(cue.to)]
    if (from !== undefined && to !== undefined) evidence.add(from, to, cue.relation as RelationKind, cue.source, cue.at)
  }
  const relations = yield* evidence.relations((count) => 1 - 0.5 ** count)
  const said = new Set(relations.map(({ fromId, toId }) => pairKey(fromId, toId)))
  // Not spread: a call takes some 100,000 arguments at most.
  for (const relation of yield* related(mentions, conceptOf, concepts, said)) relations.push(relation)
  yield
  return corrected(relations, corrections, conceptOf, concepts)
}

/** Which texts show a relation, and when. */
class Evidence {
  readonly #found = new Map<string, { relation: FoldedRelation; sources: Set<string> }>()

  add(from: string, to: string, kind: RelationKind, source: string, at: number): void {
    if (from === to) return
    const [fromId, toId] = SYMMETRIC.includes(kind) && from > to ? [to, from] : [from, to]
    const key = `${fromId}/${toId}/${kind}`
    const known = this.#found.get(key)
    if (!known) {
      const relation = { fromId, toId, kind, weight: 0, evidence: 0, byLearner: false, firstAt: at, lastAt: at }
      this.#found.set(key, { relation, sources: new Set([source]) })
      return
    }
    known.sources.add(source)
    known.relation.firstAt = Math.min(known.relation.firstAt, at)
    known.relation.lastAt = Math.max(known.relation.lastAt, at)
  }

  *relations(weightOf: (count: number, relation: FoldedRelation) => number): Steps<FoldedRelation[]> {
    const all: FoldedRelation[] = []
    yield* eachOf(this.#found.values(), ROWS, ({ relation, sources }) => {
      all.push({ ...relation, evidence: sources.size, weight: weightOf(sources.size, relation) })
    })
    return all
  }
}

/**
 * Concepts that stand together more often than by chance: normalised pointwise mutual information (G. Bouma, "Normalized (pointwise) mutual
 * information in collocation extraction", 2009), times n / (n + 1) for n texts.
 */
function* related(
  mentions: readonly MentionFact[],
  conceptOf: ReadonlyMap<string, string>,
  concepts: ReadonlyMap<string, FoldedConcept>,
  said: ReadonlySet<string>,
): Steps<FoldedRelation[]> {
  const texts = new Map<string, Map<string, { weight: number; at: number }>>()
  yield* eachOf(mentions, ROWS, ({ source, termId, weight, at }) => {
    const id = conceptOf.get(termId) ?? termId
    const text = texts.get(source) ?? new Map<string, { weight: number; at: number }>()
    texts.set(source, text.set(id, { weight: Math.max(weight, text.get(id)?.weight ?? 0), at }))
  })
  const evidence = new Evidence()
  const close = new Set<string>()
  yield* eachOf(texts, TEXTS, ([source, text]) => {
    const ranked = [...text].sort(([a, x], [b, y]) => y.weight - x.weight || (a < b ? -1 : 1))
    const top = ranked.slice(0, TOGETHER_IN_A_TEXT)
    for (const [first, [a, { at }]] of top.entries()) {
      for (const [offset, [b]] of top.slice(first + 1).entries()) {
        if (said.has(pairKey(a, b))) continue
        evidence.add(a, b, 'related', source, at)
        if (first + 1 + offset < FIRST_IN_A_TEXT) close.add(pairKey(a, b))
      }
    }
  })
  const total = Math.max(2, texts.size)
  const captures = (id: string) => concepts.get(id)?.captures ?? 1
  const pairs = yield* evidence.relations((count, { fromId, toId }) => {
    const together = Math.min(count / total, 0.999)
    const information = Math.log(together / ((captures(fromId) / total) * (captures(toId) / total)))
    const normalised = Math.min(1, information / -Math.log(together))
    return Math.max(0.01, normalised) * (count / (count + 1))
  })
  const shown = pairs.filter(({ fromId, toId, evidence: count }) => count > 1 || close.has(pairKey(fromId, toId)))
  yield
  return strongest(shown)
}

/** The strongest neighbours of each: a pair stays while it is among those of either. */
function strongest(pairs: readonly FoldedRelation[]): FoldedRelation[] {
  const degree = new Map<string, number>()
  const sorted = pairs.toSorted((a, b) => b.weight - a.weight || (a.fromId + a.toId < b.fromId + b.toId ? -1 : 1))
  return sorted.filter(({ fromId, toId }) => {
    const [from, to] = [degree.get(fromId) ?? 0, degree.get(toId) ?? 0]
    if (from >= MOST_RELATED && to >= MOST_RELATED) return false
    degree.set(fromId, from + 1)
    degree.set(toId, to + 1)
    return true
  })
}

/** The learner's links: set ones are there, taken ones are not. */
function corrected(
  relations: readonly FoldedRelation[],
  { links, terms }: ConceptCorrections,
  conceptOf: ReadonlyMap<string, string>,
  concepts: ReadonlyMap<string, FoldedConcept>,
): FoldedRelation[] {
  const found = new Map(relations.map((relation) => [relationKey(relation), relation]))
  for (const link of links) {
    const [a, b] = [link.fromId, link.toId].map((id) => conceptOf.get(id) ?? terms.get(id) ?? id) as [string, string]
    const [fromId, toId] = SYMMETRIC.includes(link.kind) && a > b ? [b, a] : [a, b]
    const key = relationKey({ fromId, toId, kind: link.kind })
    const known = found.get(key)
    const [from, to] = [concepts.get(fromId), concepts.get(toId)]
    if (!link.linked) found.delete(key)
    else if (from && to && fromId !== toId) {
      const firstAt = known?.firstAt ?? Math.min(from.firstAt, to.firstAt)
      const lastAt = known?.lastAt ?? Math.max(from.lastAt, to.lastAt)
      found.set(key, {
        fromId,
        toId,
        kind: link.kind,
        weight: 1,
        evidence: known?.evidence ?? 0,
        byLearner: true,
        firstAt,
        lastAt,
      })
    }
  }
  return [...found.values()]
}

export function relationKey({ fromId, toId, kind }: Pick<FoldedRelation, 'fromId' | 'toId' | 'kind'>): string {
  return `${fromId}/${toId}/${kind}`
}

function pairKey(a: string, b: string): string {
  return a < b ? `${a}/${b}` : `${b}/${a}`
}

function byFromAndTo(a: CueFact, b: CueFact): number {
  return `${a.from}/${a.to}` < `${b.from}/${b.to}` ? -1 : 1
}

/** Most frequent first; then those that do not begin with a capital of a sentence. */
function bySpelling(a: TermFact, b: TermFact): number {
  if (a.count !== b.count) return b.count - a.count
  const [lowerA, lowerB] = [a, b].map(({ surface }) => Number(/^\p{Ll}/u.test(surface))) as [number, number]
  return lowerB - lowerA || (a.surface < b.surface ? -1 : 1)
}
