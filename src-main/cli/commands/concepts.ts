import {
  type Client,
  type Concept,
  type ConceptMap,
  type ConceptTimeline,
  graphSchemas,
  type Passage,
} from '../../../src-core/contract/index.ts'
import { systemClock } from '../../../src-core/kernel/index.ts'
import { type CommandContext, usageError, wholeNumber } from '../command.ts'
import { counted, harmless, shownTime } from '../terminal.ts'

const LINK_KINDS = graphSchemas.linkKind.options

const LOOK_AGAIN_MS = 100
const CATCH_UP_MS = 60_000

/** What there is to do with concepts, by its word: how many names it takes, and how it is done. */
const DEEDS: Record<string, { names: [least: number, most: number]; run: Deed }> = {
  list: { names: [0, 1], run: async (client, [query], limit) => client.graph.list({ query, limit }) },
  show: { names: [1, 1], run: async (client, [concept = ''], limit) => client.graph.show({ concept, limit }) },
  around: {
    names: [1, 1],
    run: async (client, [concept = ''], limit) => client.graph.around({ concept, steps: 2, limit }),
  },
  evidence: {
    names: [2, 2],
    run: async (client, [from = '', to = ''], limit) => client.graph.relation({ from, to, limit }),
  },
  timeline: { names: [1, 1], run: async (client, [concept = '']) => client.graph.overTime({ concept, passages: 3 }) },
  path: { names: [2, 2], run: async (client, [from = '', to = '']) => client.graph.path({ from, to }) },
  gaps: { names: [0, 0], run: async (client, _names, limit) => client.graph.gaps({ limit }) },
  trending: { names: [0, 0], run: async (client, _names, limit) => client.graph.trending({ limit }) },
  merge: { names: [2, 2], run: async (client, [into = '', other = '']) => client.graph.merge({ into, other }) },
  split: {
    names: [2, 2],
    run: async (client, [concept = '', variant = '']) => client.graph.split({ concept, variant }),
  },
  link: { names: [2, 3], run: async (client, names) => client.graph.link({ ...ends(names), linked: true }) },
  unlink: { names: [2, 3], run: async (client, names) => client.graph.link({ ...ends(names), linked: false }) },
  rename: { names: [2, 2], run: async (client, [concept = '', name = '']) => client.graph.rename({ concept, name }) },
  hide: { names: [1, 1], run: async (client, [concept = '']) => client.graph.hide({ concept, hidden: true }) },
  unhide: { names: [1, 1], run: async (client, [concept = '']) => client.graph.hide({ concept, hidden: false }) },
}

/** Two concepts and how they are connected. */
function ends([from = '', to = '', kind = 'related']: string[]) {
  const known = LINK_KINDS.find((each) => each === kind)
  if (!known) throw usageError(`There is no link "${kind}"; there are ${LINK_KINDS.join(', ')}.`)
  return { from, to, kind: known }
}

type Deed = (client: Client, names: string[], limit: number) => Promise<unknown>

/** Asks for concepts, or corrects them. */
export async function concepts(context: CommandContext, words: string[], options: { limit: string }): Promise<void> {
  const { terminal, json } = context
  const [word = 'list', ...names] = words
  const deed = DEEDS[word]
  if (!deed) throw usageError(`There is no "${word}"; there are ${Object.keys(DEEDS).join(', ')}.`)
  const [least, most] = deed.names
  if (names.length < least || names.length > most)
    throw usageError(`"concepts ${word}" takes ${least === most ? least : `${least} or ${most}`} names.`)
  const client = await context.client()
  await catchUpWithConcepts(client, context)
  const result = await deed.run(client, names, wholeNumber(options.limit, 'limit', 1, 2_000))
  if (json) return terminal.json(result ?? { done: true })
  for (const line of linesOf(result)) terminal.line(line)
}

/** Waits until what was said is read for concepts. */
export async function catchUpWithConcepts(client: Client, { terminal, signal }: CommandContext): Promise<void> {
  const begun = systemClock.monotonic()
  for (;;) {
    const { pending } = await client.graph.status(undefined, { signal })
    if (pending === 0) return
    if (systemClock.monotonic() - begun > CATCH_UP_MS) return terminal.remark(`${pending} entries are not read yet.`)
    await systemClock.sleep(LOOK_AGAIN_MS, signal)
  }
}

function linesOf(result: unknown): string[] {
  if (!result || typeof result !== 'object') return ['Done.']
  if ('path' in result) {
    const path = result.path as Concept[] | null
    return [path ? path.map(({ name }) => harmless(name)).join(' -> ') : 'There is no learning path between them.']
  }
  if ('passages' in result) return connected(result as Awaited<ReturnType<Client['graph']['relation']>>)
  if ('periods' in result) return told(result as ConceptTimeline)
  if ('relations' in result) return drawn(result as ConceptMap)
  if ('concept' in result) return shown(result as Awaited<ReturnType<Client['graph']['show']>>)
  const items = (result as { items: (Concept | { concept: Concept; recent: number; before: number })[] }).items
  if (items.length === 0) return ['There is nothing yet.']
  return items.map((item) =>
    'concept' in item ? `${lineOf(item.concept)}  ${item.recent} lately, ${item.before} before` : lineOf(item),
  )
}

function lineOf({ name, captures, links, id }: Concept): string {
  return `${harmless(name)}  ${captures} captures, ${links} links  ${id}`
}

function shown({ concept, neighbours, evidence }: Awaited<ReturnType<Client['graph']['show']>>): string[] {
  return [
    lineOf(concept),
    ...(concept.definition ? [harmless(concept.definition)] : []),
    `also written: ${concept.variants.map(({ text }) => harmless(text)).join(', ')}`,
    ...neighbours.map(({ fromId, kind, name }) =>
      fromId === concept.id ? `  ${kind} -> ${harmless(name)}` : `  ${harmless(name)} ${kind} ->`,
    ),
    ...evidence.map(passageLine),
  ]
}

function passageLine({ when, kind, captureId, snippet }: Passage): string {
  return `${shownTime(when)}  ${kind} ${captureId}  ${harmless(snippet.map(({ text }) => text).join(''))}`
}

function connected({ from, to, relations, passages }: Awaited<ReturnType<Client['graph']['relation']>>): string[] {
  const nameOf = (id: string) => harmless(id === from.id ? from.name : to.name)
  if (relations.length + passages.length === 0) return ['Nothing connects them yet.']
  return [
    ...relations.map(
      ({ fromId, toId, kind, byLearner }) =>
        `${nameOf(fromId)} ${kind} -> ${nameOf(toId)}${byLearner ? '  linked by you' : ''}`,
    ),
    ...passages.map(passageLine),
  ]
}

function told({ periods }: ConceptTimeline): string[] {
  if (periods.length === 0) return ['There is nothing yet.']
  return periods.flatMap(({ from, count, passages }) => [
    `${shownTime(from)}  ${counted(count, 'entry', 'entries')}`,
    ...passages.map((passage) => `  ${passageLine(passage)}`),
  ])
}

function drawn({ concepts, relations }: ConceptMap): string[] {
  const names = new Map(concepts.map(({ id, name }) => [id, harmless(name)]))
  return [
    ...concepts.map(lineOf),
    ...relations.map(({ fromId, toId, kind }) => `  ${names.get(fromId)} ${kind} -> ${names.get(toId)}`),
  ]
}
