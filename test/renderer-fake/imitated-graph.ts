import { implement } from '@orpc/server'
import {
  type Capture,
  type Concept,
  type ConceptRelation,
  contract,
  type Passage,
  type RelationKind,
} from '../../src-core/contract/index.ts'
import type { ClientContext } from '../../src-core/contract/server/index.ts'
import { LvaError } from '../../src-core/kernel/index.ts'
import type { Scenario } from './scenario.ts'

const DAY = 86_400_000
const CLUSTER = 40
const FOLD_MS = 80

/** Name, captures, and what it is to others. */
const GROWN: [name: string, captures: number, links: [RelationKind, string][]][] = [
  ['Attention', 9, [['part_of', 'Transformer']]],
  ['Transformer', 7, [['uses', 'Attention head']]],
  ['Softmax', 6, [['prerequisite', 'Attention']]],
  ['Attention head', 5, [['part_of', 'Attention']]],
  [
    'Query',
    4,
    [
      ['part_of', 'Attention'],
      ['similar', 'Key'],
    ],
  ],
  ['Key', 4, [['part_of', 'Attention']]],
  ['Value', 3, [['part_of', 'Attention']]],
  ['Weighted average', 3, [['prerequisite', 'Softmax']]],
  ['Exponential function', 2, [['prerequisite', 'Softmax']]],
  ['Gradient', 3, [['related', 'Softmax']]],
  ['Positional encoding', 1, [['part_of', 'Transformer']]],
  ['Photosynthesis', 8, []],
  ['Photosystem II', 5, [['part_of', 'Photosynthesis']]],
  [
    'Photosystem I',
    4,
    [
      ['part_of', 'Photosynthesis'],
      ['similar', 'Photosystem II'],
    ],
  ],
  ['Oxygen', 3, [['related', 'Photosystem II']]],
  [
    'Proton gradient',
    4,
    [
      ['prerequisite', 'ATP synthase'],
      ['part_of', 'Photosynthesis'],
    ],
  ],
  ['ATP synthase', 4, [['part_of', 'Photosynthesis']]],
  [
    'Thylakoid membrane',
    3,
    [
      ['part_of', 'Photosynthesis'],
      ['related', 'Proton gradient'],
    ],
  ],
  ['Cytochrome complex', 2, [['related', 'Photosystem I']]],
  ['Bayes’ theorem', 6, []],
  ['Base rate', 5, [['prerequisite', 'Bayes’ theorem']]],
  ['False positive', 4, [['related', 'Base rate']]],
  ['Conditional probability', 3, [['prerequisite', 'Bayes’ theorem']]],
  [
    'Sensitivity',
    3,
    [
      ['contradicts', 'False positive'],
      ['related', 'Bayes’ theorem'],
    ],
  ],
  ['Subjuntivo', 4, []],
  ['Expresiones de duda', 2, [['uses', 'Subjuntivo']]],
  ['Exam topics', 5, []],
]

/** Concepts of what the imitated learner said; corrections take effect a moment later, as with the real core. */
export function imitateGraph(
  scenario: Scenario,
  now: number,
  captures: ReadonlyMap<string, Capture>,
  undoing: (() => void)[],
  tell: () => void,
) {
  const os = implement(contract).$context<ClientContext>()
  const { concepts, relations } = scenario.isEmpty ? { concepts: [], relations: [] } : grow(scenario.concepts, now)
  let known = new Map(concepts.map((concept) => [concept.id, concept]))
  let linked: ConceptRelation[] = relations
  let waiting = scenario.unread

  const gone = () =>
    new LvaError('not-found', 'This concept does not exist, or not any more.', { advice: 'This is an imitation.' })
  const find = (which: string): Concept => {
    const wanted = which.toLowerCase()
    for (const concept of known.values())
      if (
        concept.id === which ||
        concept.name.toLowerCase() === wanted ||
        concept.variants.some(({ id, text }) => id === which || text.toLowerCase() === wanted)
      )
        return concept
    throw gone()
  }
  const shown = () => [...known.values()].filter(({ hidden }) => !hidden).sort((a, b) => b.captures - a.captures)
  /** Changes everything at once, and can be taken back. */
  const correct = (change: () => void) => {
    const before = { known, linked }
    const apply = (next: () => void) => {
      waiting += 1
      setTimeout(() => {
        next()
        for (const concept of known.values())
          known.set(concept.id, {
            ...concept,
            links: linked.filter(({ fromId, toId }) => fromId === concept.id || toId === concept.id).length,
          })
        waiting -= 1
        tell()
      }, FOLD_MS)
    }
    undoing.push(() =>
      apply(() => {
        known = before.known
        linked = before.linked
      }),
    )
    apply(() => {
      known = new Map(known)
      change()
    })
  }
  const mapOf = (some: Concept[]) => {
    const ids = new Set(some.map(({ id }) => id))
    return {
      concepts: some,
      relations: linked.filter(({ fromId, toId }) => ids.has(fromId) && ids.has(toId)),
      total: shown().length,
    }
  }
  const passagesOf = (words: readonly string[]): Passage[] => {
    const all = [...captures.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    const speaking = all.filter(({ userText }) => words.every((word) => userText.toLowerCase().includes(word)))
    return (speaking.length > 0 ? speaking : all.slice(0, 2)).map((capture) => passageOf(capture, words))
  }
  const neighboursOf = (id: string) =>
    linked
      .filter(({ fromId, toId }) => fromId === id || toId === id)
      .flatMap((relation) => {
        const other = known.get(relation.fromId === id ? relation.toId : relation.fromId)
        const { byLearner: _, ...rest } = relation
        return other && !other.hidden ? [{ ...rest, name: other.name }] : []
      })

  return {
    status: os.graph.status.handler(() => ({ pending: waiting })),
    list: os.graph.list.handler(({ input: { query = '', limit, hidden = false } }) => ({
      items: [...known.values()]
        .filter((concept) => concept.hidden === hidden && concept.name.toLowerCase().includes(query.toLowerCase()))
        .sort((a, b) => b.captures - a.captures)
        .slice(0, limit),
    })),
    show: os.graph.show.handler(({ input }) => {
      const concept = find(input.concept)
      return {
        concept,
        neighbours: neighboursOf(concept.id).slice(0, input.limit),
        evidence: passagesOf([wordOf(concept)])
          .slice(0, input.limit)
          .map((passage) => ({ ...passage, surface: concept.name })),
      }
    }),
    map: os.graph.map.handler(({ input }) => mapOf(shown().slice(0, input.limit))),
    around: os.graph.around.handler(({ input }) => {
      const { id } = find(input.concept)
      const near = new Set([id, ...neighboursOf(id).flatMap(({ fromId, toId }) => [fromId, toId])])
      return mapOf(shown().filter((concept) => near.has(concept.id)))
    }),
    relation: os.graph.relation.handler(({ input }) => {
      const [from, to] = [find(input.from), find(input.to)]
      const between = linked.filter(
        ({ fromId, toId }) => (fromId === from.id && toId === to.id) || (fromId === to.id && toId === from.id),
      )
      const passages = passagesOf([wordOf(from), wordOf(to)]).slice(0, input.limit)
      return {
        from,
        to,
        relations: between,
        passages: passages.map((passage, at) => ({ ...passage, says: at === 0 ? (between[0]?.kind ?? null) : null })),
      }
    }),
    overTime: os.graph.overTime.handler(({ input }) => {
      const concept = find(input.concept)
      const days = Map.groupBy(passagesOf([wordOf(concept)]).reverse(), ({ when }) => when.slice(0, 10))
      return {
        concept,
        unit: 'day' as const,
        periods: Array.from(days, ([day, passages]) => ({
          from: new Date(`${day}T00:00:00`).toISOString(),
          count: passages.length,
          passages: passages.slice(0, input.passages),
        })),
      }
    }),
    path: os.graph.path.handler(({ input }) => {
      const [from, to] = [find(input.from), find(input.to)]
      const ways: Concept[][] = [[from]]
      for (const way of ways) {
        const last = way.at(-1) as Concept
        if (last.id === to.id && way.length > 1) return { path: way }
        for (const { fromId, toId, kind } of linked)
          if (
            fromId === last.id &&
            (kind === 'prerequisite' || kind === 'part_of') &&
            !way.some(({ id }) => id === toId)
          )
            ways.push([...way, known.get(toId) as Concept])
      }
      return { path: null }
    }),
    gaps: os.graph.gaps.handler(({ input }) => ({
      items: shown()
        .filter(({ links, captures: count }) => links <= 1 && count >= 2)
        .slice(0, input.limit),
    })),
    trending: os.graph.trending.handler(({ input }) => ({
      items: shown()
        .slice(0, Math.min(4, input.limit))
        .map((concept) => ({ concept, recent: concept.captures, before: 1 })),
    })),
    rename: os.graph.rename.handler(({ input }) => {
      const concept = find(input.concept)
      correct(() =>
        known.set(concept.id, { ...concept, name: input.name ?? concept.variants[0]?.text ?? concept.name }),
      )
    }),
    merge: os.graph.merge.handler(({ input }) => {
      const [into, other] = [find(input.into), find(input.other)]
      correct(() => {
        known.set(into.id, {
          ...into,
          variants: [...into.variants, ...other.variants],
          captures: into.captures + other.captures,
        })
        known.delete(other.id)
        linked = linked
          .map((relation) => ({
            ...relation,
            fromId: relation.fromId === other.id ? into.id : relation.fromId,
            toId: relation.toId === other.id ? into.id : relation.toId,
          }))
          .filter(({ fromId, toId }) => fromId !== toId)
      })
    }),
    split: os.graph.split.handler(({ input }) => {
      const concept = find(input.concept)
      const variant = concept.variants.find(({ id, text }) => id === input.variant || text === input.variant)
      if (!variant) throw gone()
      correct(() => {
        known.set(concept.id, { ...concept, variants: concept.variants.filter((each) => each !== variant) })
        known.set(variant.id, {
          ...concept,
          id: variant.id,
          name: variant.text,
          captures: 1,
          links: 0,
          variants: [variant],
        })
      })
    }),
    hide: os.graph.hide.handler(({ input }) => {
      const concept = find(input.concept)
      correct(() => known.set(concept.id, { ...concept, hidden: input.hidden }))
    }),
    link: os.graph.link.handler(({ input: { from, to, kind, linked: isLinked } }) => {
      const [fromId, toId] = [find(from).id, find(to).id]
      correct(() => {
        const others = linked.filter((each) => !(each.fromId === fromId && each.toId === toId && each.kind === kind))
        const made = { fromId, toId, kind, weight: 1, evidence: 0, byLearner: true }
        linked = isLinked ? [...others, made] : others
      })
    }),
  }
}

/** The word by which the imitated texts are looked through. */
function wordOf({ variants, name }: Concept): string {
  return (variants[0]?.text ?? name).toLowerCase()
}

function passageOf(capture: Capture, words: readonly string[]): Passage {
  const text = capture.userText
  const found = text.toLowerCase().indexOf(words[0] ?? '')
  const [at, end] = found < 0 ? [0, text.length] : [found, found + (words[0]?.length ?? 0)]
  return {
    kind: 'capture',
    captureId: capture.id,
    when: capture.createdAt,
    field: 'userText',
    start: at,
    end,
    snippet: [
      { text: text.slice(0, at), marked: false },
      { text: text.slice(at, end), marked: true },
      { text: text.slice(end), marked: false },
    ].filter((piece) => piece.text !== ''),
  }
}

/** The concepts that are written by hand, and `more` in clusters. The same every time. */
function grow(more: number, now: number): { concepts: Concept[]; relations: ConceptRelation[] } {
  const idOf = (name: string) => `concept-${name.toLowerCase().replaceAll(/\W+/g, '-')}`
  const relations: ConceptRelation[] = []
  const link = (fromId: string, toId: string, kind: RelationKind, weight: number) =>
    relations.push({ fromId, toId, kind, weight, evidence: 2, byLearner: false })
  for (const [name, , links] of GROWN) for (const [kind, other] of links) link(idOf(name), idOf(other), kind, 0.7)
  for (let index = 0; index < more; index += 1) {
    const first = index - (index % CLUSTER)
    const before = index === first ? index - CLUSTER : first + Math.floor((index - first - 1) / 3)
    if (before >= 0) link(`more-${index}`, `more-${before}`, index % 5 === 0 ? 'part_of' : 'related', 0.4)
    if (index % 4 === 3) link(`more-${index}`, `more-${index - 2}`, 'uses', 0.3)
  }
  const many = Array.from(
    { length: more },
    (_, index) => [`more-${index}`, `Idea ${index + 1}`, 1 + Math.round(30 / (1 + (index % CLUSTER)))] as const,
  )
  const all = [...GROWN.map(([name, count]) => [idOf(name), name, count] as const), ...many]
  const degrees = new Map<string, number>()
  for (const { fromId, toId } of relations) for (const id of [fromId, toId]) degrees.set(id, (degrees.get(id) ?? 0) + 1)
  return {
    relations,
    concepts: all.map(([id, name, count]) => ({
      id,
      name,
      type: 'term',
      hidden: false,
      definition: name === 'Softmax' ? 'turns scores into shares that sum to one' : null,
      variants: [
        { id, text: name, count },
        ...(name === 'Attention' ? [{ id: 'concept-self-attention', text: 'self-attention', count: 2 }] : []),
      ],
      mentions: count,
      captures: count,
      links: degrees.get(id) ?? 0,
      firstAt: new Date(now - 30 * DAY).toISOString(),
      lastAt: new Date(now - DAY).toISOString(),
    })),
  }
}
