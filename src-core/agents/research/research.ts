import { isLvaError, withinTime } from '../../kernel/index.ts'
import { RELEVANT } from '../../memory/index.ts'
import type { LanguageModel } from '../../models/index.ts'
import type { Source } from '../../vault/index.ts'
import { checkedCitations } from '../citations.ts'
import type { Agent, AgentHelp, Finding, Task } from '../orchestrator/agent.ts'
import { researchAnswerPrompt, researchPlanMessage, researchPlanPrompt } from '../prompts/index.ts'
import { askBeyond } from './ask-beyond.ts'
import { askServers, type Went } from './ask-servers.ts'
import type { ResearchDesk } from './desk.ts'
import { type Errand, keyPhrases, onlyAsks, planOnDevice, wantsFresh } from './look-up-plan.ts'
import { bestPassages, type Given } from './passages.ts'
import { readPlan } from './read-plan.ts'
import { addressesIn } from './sources/given-address.ts'
import type { ResearchSource } from './types.ts'

/** Of what is said, so much is looked at, in UTF-16 code units. */
const SAID_LENGTH = 4_000
/** Milliseconds that a model has to choose searches, and to write; then the device does it. */
const PLAN_MS = 1_200
const WRITE_MS = 2_000
const PLAN_TOKENS = 120
const WRITE_TOKENS = 300
const MEMORY_HITS = 8
/** Of a quotation, so much is shown in an addition that no model wrote. */
const SHOWN_QUOTE = 300
const MOST_SHOWN = 3

/** Looks things up beyond this device, where the learner lets it: what memory holds is not looked up. */
export const research: Agent = {
  name: 'research',
  kinds: ['simple', 'complex'],
  due: 'whole',
  onlyAdds: true,
  async isWanted({ capture, kind }, { research: desk }) {
    if (!desk || (await desk.mode()) === 'off') return false
    return kind === 'complex' || addressesIn(capture.userText).length > 0
  },
  run: (task, help) => (help.research ? lookUp(task, help, help.research) : Promise.resolve({})),
}

async function lookUp({ capture, provider }: Task, help: AgentHelp, desk: ResearchDesk): Promise<Finding> {
  const said = capture.userText.slice(0, SAID_LENGTH)
  const sources = await desk.sources()
  const isGiven = addressesIn(said).length > 0
  if (!isGiven && !wantsFresh(said) && (await memoryHolds(said, capture.id, help))) return {}
  const model = await modelOf(help, provider)
  const askSources = async () => {
    const errands = isGiven ? planOnDevice(said, namesOf(sources)) : await planOf(said, sources, model, help)
    return Promise.all(
      errands.map(async (errand) => {
        const source = sources.find(({ name }) => name === errand.source)
        return source ? askedOf(source, errand, help, desk) : undefined
      }),
    )
  }
  const went = (await Promise.all([askSources(), model && !isGiven ? askServers(said, model, help, desk) : []])).flat()
  const given = went.filter((one): one is Given => one !== undefined && 'found' in one)
  if (given.length === 0) {
    const failed = went.find((one): one is { error: unknown } => one !== undefined && 'error' in one)
    if (failed) throw failed.error
    return {}
  }
  const found = await bestPassages(said, given, help.embedder, help.signal)
  if (found.length === 0) return {}
  return { sources: found, addition: (await written(said, found, model, help)) ?? quoting(found) }
}

const namesOf = (sources: readonly ResearchSource[]) => sources.map(({ name }) => name)

/** Whether memory has a relevant passage for each thing that the turn is about. A memory that cannot be searched holds nothing. */
async function memoryHolds(said: string, captureId: string, { search, signal, log }: AgentHelp): Promise<boolean> {
  const phrases = keyPhrases(said).map((phrase) => phrase.toLowerCase())
  if (phrases.length === 0) return false
  try {
    const { hits } = await search({
      query: said,
      ignorePeriod: true,
      limit: MEMORY_HITS,
      filters: { fields: ['userText', 'noteText', 'documentText'], exclude: [captureId] },
      signal,
    })
    const held = hits
      .filter(({ relevance, text }) => relevance >= RELEVANT && !onlyAsks(text))
      .map(({ text }) => text.toLowerCase())
    return held.length > 0 && phrases.every((phrase) => held.some((text) => text.includes(phrase)))
  } catch (error) {
    if (signal.aborted) throw error
    log.warn({ error }, 'research goes on without memory: search failed')
    return false
  }
}

/** A model that is worth asking; the offline tutor chooses and writes no better than the device. */
async function modelOf(help: AgentHelp, provider: Task['provider']): Promise<LanguageModel | undefined> {
  const model = await help.languageModel(provider)
  return model.provider === 'offline' ? undefined : model
}

async function planOf(
  said: string,
  sources: readonly ResearchSource[],
  model: LanguageModel | undefined,
  help: AgentHelp,
): Promise<Errand[]> {
  const searches = namesOf(sources).filter((name) => name !== 'address')
  if (model && searches.length > 0) {
    const plan = await textFrom(
      model,
      help,
      PLAN_MS,
      PLAN_TOKENS,
      researchPlanPrompt(searches),
      researchPlanMessage(said),
    )
    const errands = plan === undefined ? [] : readPlan(plan, searches)
    if (errands.length > 0) return errands
  }
  return planOnDevice(said, searches)
}

/** One question to one source: from what is kept, or, where the learner lets it, from the source itself. Undefined where they do not. */
async function askedOf(source: ResearchSource, errand: Errand, help: AgentHelp, desk: ResearchDesk): Promise<Went> {
  const leaving = source.leaving(errand)
  const kept = await desk.kept(source, errand)
  if (kept) {
    help.asking(leaving)({ outcome: 'kept' })
    return { ...kept, source }
  }
  const went = await askBeyond(source, leaving, help, desk, () => desk.lookUp(source, errand, help.signal))
  return went && 'found' in went ? { ...went, source } : went
}

/** A few sentences of the model, checked; undefined where it was late, failed, or said nothing that the sources hold. */
async function written(
  said: string,
  sources: readonly Source[],
  model: LanguageModel | undefined,
  help: AgentHelp,
): Promise<string | undefined> {
  if (!model) return undefined
  const text = await textFrom(model, help, WRITE_MS, WRITE_TOKENS, researchAnswerPrompt(sources), said)
  if (text === undefined) return undefined
  const offered = sources.map(({ number, quote, at }) => ({
    number,
    text: quote,
    when: at,
    captureId: '',
    kind: 'capture' as const,
    field: 'userText' as const,
    start: 0,
    end: quote.length,
  }))
  const checked = checkedCitations(text, offered)
  return checked.citations.length > 0 ? text : undefined
}

/** What the sources say in their own words. */
function quoting(sources: readonly Source[]): string {
  return sources
    .slice(0, MOST_SHOWN)
    .map(({ number, title, quote }) => `${title}: “${shortened(quote)}” [${number}]`)
    .join('\n\n')
}

function shortened(quote: string): string {
  if (quote.length <= SHOWN_QUOTE) return quote
  const cut = quote.slice(0, SHOWN_QUOTE)
  return cut.slice(0, Math.max(cut.lastIndexOf(' '), SHOWN_QUOTE / 2))
}

/** What a model writes within so many milliseconds; undefined where it does not, whatever the reason but a stop. */
async function textFrom(
  model: LanguageModel,
  { clock, signal, log }: AgentHelp,
  ms: number,
  maxOutputTokens: number,
  system: string,
  text: string,
): Promise<string | undefined> {
  try {
    const written = await withinTime(clock, ms, signal, async (stop) => {
      let read = ''
      const request = {
        system,
        messages: [{ role: 'user' as const, text }],
        passages: [],
        maxOutputTokens,
        signal: stop,
      }
      for await (const event of model.stream(request)) if (event.type === 'delta') read += event.text
      return read.trim()
    })
    return written || undefined
  } catch (error) {
    // The reader meets a stop in what comes next.
    if (!signal.aborted && !isLvaError(error, 'timeout'))
      log.warn({ error }, 'research goes on without the language model')
    return undefined
  }
}
