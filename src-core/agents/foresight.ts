import { isLvaError } from '../kernel/index.ts'
import type { SearchFilters, SearchResult } from '../memory/index.ts'
import type { Capture, Memory, TalkMode } from '../vault/index.ts'
import { isAsking } from './asking.ts'
import { MAX_PASSAGES, OWN_FIELDS, READ_FIELDS } from './grounding.ts'
import { knownOfLearner } from './memories/known.ts'
import { asksForChange } from './tools/gate.ts'
import type { AgentServices } from './types.ts'

/** Exchanges of the session that go along, as in v1 (contract §1.1, `max_context_exchanges`). */
const HISTORY_EXCHANGES = 5
/** Of what is said now, so much goes to retrieval and to the model, in UTF-16 code units; the whole is stored. */
const SAID_LENGTH = 24_000

export type Retrieved = Pick<SearchResult, 'hits'> & { understood?: SearchResult['understood'] }

/**
 * What conversation will want to know, looked up while what the learner said is still being stored. Nothing of it is told before that is
 * done, and whoever does not need it leaves it. A rejection waits until somebody asks.
 */
export interface Foresight {
  /** The exchanges of the session before this one, newest first. */
  before: Promise<Capture[]>
  known: Promise<Memory[]>
  /** What memory holds about the words as they were said; undefined where the learner may be asked back, which rests on what was said before. */
  retrieved?: Promise<Retrieved> | undefined
}

/**
 * @param text as the learner said it
 * @param mode in which it is answered
 * @param signal ends the search
 */
export function foresee(
  services: AgentServices,
  { text, mode, before }: { text: string; mode: TalkMode; before: Foresight['before'] },
  signal: AbortSignal,
): Foresight {
  const said = saidIn(text)
  const retrieved =
    mode === 'answer' ? retrieve(services, said, { fields: fieldsFor(said), exclude: [] }, signal) : undefined
  retrieved?.catch(() => undefined)
  return { before, known: known(services, said), retrieved }
}

/** What of a text is looked at. */
export function saidIn(text: string): string {
  return text.slice(0, SAID_LENGTH)
}

/** Where the learner asks for a change, no words of others are read: nothing else can decide what is changed. */
export function fieldsFor(said: string) {
  return asksForChange(said) ? [...OWN_FIELDS] : [...READ_FIELDS]
}

/** What the memory holds about it. A memory that cannot be searched leaves the answer without passages; it does not prevent it. */
export async function retrieve(
  services: Pick<AgentServices, 'search' | 'log'>,
  said: string,
  filters: Required<Pick<SearchFilters, 'fields' | 'exclude'>>,
  signal: AbortSignal,
): Promise<Retrieved> {
  try {
    return await services.search({
      query: said,
      // Whoever tells of today does not ask for what is from today.
      ignorePeriod: !isAsking(said),
      // One capture may give several hits, of which the best counts.
      limit: 4 * MAX_PASSAGES,
      filters,
      signal,
    })
  } catch (error) {
    if (signal.aborted || isLvaError(error, 'cancelled')) throw error
    services.log.warn({ error, capture: filters.exclude[0] }, 'answering without memory: search failed')
    return { hits: [] }
  }
}

/** What the learner accepted about themselves. Where it cannot be read, the answer does without. */
export async function known({ vault, clock, log }: AgentServices, said: string): Promise<Memory[]> {
  try {
    return await knownOfLearner(vault, clock, said)
  } catch (error) {
    log.warn({ error }, 'answering without what is known of the learner')
    return []
  }
}

/** The exchanges of the session before this one, oldest first. */
export async function recentExchanges(
  { vault }: Pick<AgentServices, 'vault'>,
  { capture, foreseen }: { capture: Capture; foreseen?: Foresight | undefined },
): Promise<Capture[]> {
  const { sessionId, createdAt } = capture
  const latest = foreseen
    ? await foreseen.before
    : (await vault.captures.list({ sessionId, to: createdAt, order: 'newest' }, { limit: HISTORY_EXCHANGES })).items
  return latest.filter(({ id }) => id !== capture.id).reverse()
}

/** The latest exchanges of a session, newest first. */
export async function exchangesOf({ vault }: AgentServices, sessionId: string | null): Promise<Capture[]> {
  if (sessionId === null) return []
  return (await vault.captures.list({ sessionId, order: 'newest' }, { limit: HISTORY_EXCHANGES })).items
}
