import type { Addition, AgentName, Answer, Citation, Source } from '../../vault/index.ts'
import { checkedMarks, narrowed, type Offered, renumbered } from '../citations.ts'
import type { Finding, Outcome } from './agent.ts'

/** What the agents of a turn have found, under the numbers that the learner sees. */
export interface Found {
  answer: Answer | null
  /** Places in memory: those of the answer, then those of additions. */
  citations: Citation[]
  /** Places elsewhere. */
  sources: Source[]
  additions: Addition[]
  followUps: string[]
  /** Of the next citation or source. */
  nextNumber: number
}

export const NOTHING_FOUND: Found = {
  answer: null,
  citations: [],
  sources: [],
  additions: [],
  followUps: [],
  nextNumber: 1,
}

/** More questions than this are no help. */
const MOST_FOLLOW_UPS = 3

/** @param outcomes in the order in which they ended; the first that has an answer gives it */
export function joined(outcomes: readonly Outcome[]): Found {
  const answer = outcomes.find(({ finding }) => finding?.answer)?.finding?.answer
  // Its numbers come first, so that all else waits for it.
  return answer ? outcomes.reduce(withFinding, answeredBy(answer)) : NOTHING_FOUND
}

function answeredBy(answer: Answer): Found {
  const { citations, sources = [], followUps = [] } = answer
  return {
    ...NOTHING_FOUND,
    answer,
    citations,
    sources,
    followUps,
    nextNumber: afterAll([...citations, ...sources]),
  }
}

/**
 * Joins what one agent found beside the answer to what there is. Its addition is checked as the answer was: a number whose place does
 * not say it becomes `[?]`. Then its own numbers go on after those that there are.
 */
function withFinding(found: Found, { run, finding, startedFrom, endedAt }: Outcome): Found {
  if (!finding) return found
  const { addition = '', sources = [], citations = [], followUps = [] } = finding
  const before = [...found.citations, ...found.sources].filter(({ number }) => number < startedFrom)
  const named = [...before, ...citations, ...sources]
  const { text, held } = checkedMarks(addition.trim(), named.map(asOffered))
  const shift = found.nextNumber - startedFrom
  const moved = <Placed extends { number: number }>(placed: Placed) => ({ ...placed, number: placed.number + shift })
  // A place of which nothing was said leads nowhere; what was looked up is named all the same.
  const newCitations = citations.flatMap((citation) => {
    const span = held.get(citation.number)
    return span ? [moved(narrowed(citation, span))] : []
  })
  const newSources = sources.map(moved)
  const numbers = new Map(named.map(({ number }) => [number, number < startedFrom ? number : number + shift]))
  const added = { agent: run.agent as AgentName, text: renumbered(text, numbers), createdAt: endedAt }
  return {
    answer: found.answer,
    citations: [...found.citations, ...newCitations],
    sources: [...found.sources, ...newSources],
    additions: text === '' ? found.additions : [...found.additions, added],
    followUps: [...new Set([...found.followUps, ...followUps.map((question) => question.trim())])]
      .filter((question) => question !== '')
      .slice(0, MOST_FOLLOW_UPS),
    nextNumber: Math.max(found.nextNumber, afterAll([...newCitations, ...newSources])),
  }
}

/**
 * What an agent answers, as what it adds to the answer of another.
 * @param from the number that its own places begin at
 */
export function asAddition({ answer, ...rest }: Finding, from: number): Finding {
  if (!answer) return rest
  const { text, citations, sources = [] } = answer
  const moved = <Placed extends { number: number }>(placed: Placed) => ({ ...placed, number: placed.number + from - 1 })
  const numbers = new Map([...citations, ...sources].map(({ number }) => [number, number + from - 1]))
  return {
    ...rest,
    addition: renumbered(text, numbers),
    citations: citations.map(moved),
    sources: sources.map(moved),
  }
}

/** The answer with all that was found beside it. */
export function wholeAnswer({ answer, citations, sources, additions, followUps }: Found): Answer | null {
  if (!answer) return null
  return {
    ...answer,
    citations,
    ...(sources.length > 0 && { sources }),
    ...(additions.length > 0 && { additions }),
    ...(followUps.length > 0 && { followUps }),
  }
}

function afterAll(placed: readonly { number: number }[]): number {
  return Math.max(0, ...placed.map(({ number }) => number)) + 1
}

function asOffered(placed: Citation | Source): Offered {
  return { number: placed.number, text: 'quote' in placed ? placed.quote : placed.text }
}
