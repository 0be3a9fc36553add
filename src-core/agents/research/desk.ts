import { type Clock, type Config, isLvaError, type Log, LvaError, Mutex, withinTime } from '../../kernel/index.ts'
import type { GuardedFetch } from '../../net/index.ts'
import type { Settings } from '../../vault/index.ts'
import type { ResearchCache } from './cache.ts'
import { createPace } from './pace.ts'
import { arxiv } from './sources/arxiv.ts'
import { givenAddress, type ReadPage } from './sources/given-address.ts'
import { jsonEndpoint, searxng } from './sources/json-endpoint.ts'
import { brave, tavily } from './sources/keyed-search.ts'
import { wikipedia } from './sources/wikipedia.ts'
import type { FoundText, Question, ResearchSource, SourceName } from './types.ts'

/** Keys that the learner typed into Settings. */
export type ResearchKeys = Partial<Record<'tavily' | 'brave', string>>

/** What came of a question to a source. */
export interface LookedUp {
  found: FoundText[]
  /** When it was fetched: ISO 8601. */
  at: string
}

/** Sources as the learner has set them up, with what is kept of their answers. */
export interface ResearchDesk {
  mode(): Promise<Settings['research']>
  /** Those that the learner has switched on. */
  sources(): Promise<ResearchSource[]>
  /** One by its name, also where Settings leave it out. */
  source(name: SourceName): Promise<ResearchSource>
  /** Whether the learner has said that this source may always be asked. */
  isAllowed(source: Pick<ResearchSource, 'allowedAs'>): Promise<boolean>
  allow(source: Pick<ResearchSource, 'allowedAs'>): Promise<void>
  /** The learner is asked again before this source is. */
  disallow(source: Pick<ResearchSource, 'allowedAs'>): Promise<void>
  /** What the source answered to the same question not long ago. */
  kept(source: ResearchSource, question: Question): Promise<LookedUp | undefined>
  /**
   * Asks at the source's pace, and keeps the answer. One that wants to be left alone for a while is.
   * @throws LvaError as `ResearchSource.ask`, timeout
   */
  lookUp(source: ResearchSource, question: Question, signal: AbortSignal): Promise<LookedUp>
}

export interface DeskParts {
  config: Config['agents']['research']
  settings: { get(): Promise<Settings>; set(patch: Partial<Settings>): Promise<Settings> }
  keys(): Promise<ResearchKeys>
  fetch: GuardedFetch
  readPage: ReadPage
  cache: ResearchCache
  clock: Clock
  log: Log
}

/** Seconds for which a source is left alone that says it takes no more questions, and not for how long. */
const REST_SECONDS = 60
const MS = 1_000
/** Addresses that are not the learner's own. */
const PUBLIC = new Set([
  'https://{language}.wikipedia.org',
  'https://export.arxiv.org',
  'https://api.tavily.com',
  'https://api.search.brave.com',
])

export function createResearchDesk(parts: DeskParts): ResearchDesk {
  const { config, settings, cache, clock, log } = parts
  const pace = createPace(clock)
  const allowing = new Mutex()
  const resting = new Map<string, { until: number; error: LvaError }>()
  const reach = { fetch: parts.fetch, answerKb: config.answerKb, timeoutMs: config.sourceMs }
  const server = ({ baseUrl }: { baseUrl: string }) => {
    const base = baseUrl.trim().replace(/\/+$/, '')
    return { baseUrl: base, isOwn: !PUBLIC.has(base) }
  }

  async function open(name: SourceName): Promise<ResearchSource> {
    const { researchWebUrl: address, researchWebResults: results } = await settings.get()
    switch (name) {
      case 'address':
        return givenAddress(reach, parts.readPage)
      case 'wikipedia':
        return wikipedia(reach, server(config.wikipedia))
      case 'arxiv':
        return arxiv(reach, server(config.arxiv))
      case 'searxng':
        return searxng(reach, { address })
      case 'json':
        return jsonEndpoint(reach, { address, results })
      case 'tavily':
      case 'brave': {
        // What was typed is newer than what the environment has held for years.
        const apiKey = (await parts.keys())[name] || config[name].apiKey
        return (name === 'tavily' ? tavily : brave)(reach, { ...server(config[name]), apiKey })
      }
    }
  }

  return {
    mode: async () => (await settings.get()).research,

    async sources() {
      const chosen = await settings.get()
      const names: SourceName[] = [
        ...(chosen.researchAddresses ? ['address' as const] : []),
        ...(chosen.researchWeb === 'none' ? [] : [chosen.researchWeb]),
        ...(chosen.researchWikipedia ? ['wikipedia' as const] : []),
        ...(chosen.researchArxiv ? ['arxiv' as const] : []),
      ]
      return Promise.all(names.map((name) => open(name).catch((error) => outOfOrder(name, error))))
    },

    source: open,

    isAllowed: async ({ allowedAs }) => (await settings.get()).researchAllowed.includes(allowedAs),

    async allow({ allowedAs }) {
      // Two may be allowed at once.
      await allowing.run(async () => {
        const { researchAllowed } = await settings.get()
        await settings.set({ researchAllowed: [...new Set([...researchAllowed, allowedAs])] })
      })
    },

    async disallow({ allowedAs }) {
      await allowing.run(async () => {
        const { researchAllowed } = await settings.get()
        if (!researchAllowed.includes(allowedAs)) return
        await settings.set({ researchAllowed: researchAllowed.filter((one) => one !== allowedAs) })
      })
    },

    async kept(source, question) {
      try {
        return await cache.get(keyOf(source, question))
      } catch (error) {
        log.warn({ error }, 'research goes on without what was kept')
        return undefined
      }
    },

    async lookUp(source, question, signal) {
      const rest = resting.get(source.allowedAs)
      if (rest && rest.until > clock.monotonic()) throw rest.error
      const late = new LvaError('timeout', 'The source did not answer in time.', { advice: 'Ask again later.' })
      try {
        const found = await withinTime(
          clock,
          config.sourceMs,
          signal,
          (stop) => pace.run(source.allowedAs, source.pauseMs, stop, () => source.ask(question, stop)),
          late,
        )
        await cache.put(keyOf(source, question), found).catch((error: unknown) => {
          log.warn({ error, source: source.name }, 'what a source answered could not be kept')
        })
        return { found, at: new Date(clock.now()).toISOString() }
      } catch (error) {
        if (isLvaError(error, 'source-rate-limited')) {
          const seconds = Number(error.params.retryAfterSeconds ?? REST_SECONDS)
          resting.set(source.allowedAs, { until: clock.monotonic() + seconds * MS, error })
        }
        throw error
      }
    },
  }
}

function keyOf(source: ResearchSource, question: Question): string {
  const { to, sends } = source.leaving(question)
  return JSON.stringify([source.name, to, sends])
}

/** One that was chosen, and is not set up rightly: who asks it is told what to mend. */
function outOfOrder(name: SourceName, error: unknown): ResearchSource {
  return {
    name,
    kind: 'web',
    allowedAs: name,
    pauseMs: 0,
    leaving: ({ words }) => ({ to: name, sends: words }),
    ask: () => Promise.reject(error),
  }
}
