import type { PeriodTopics, TopicPassage } from '../../memory/index.ts'
import { detectLanguage, type LanguageProvider, OFFLINE_MODEL, type TutorLanguage } from '../../models/index.ts'
import type { Answer, Capture, Citation } from '../../vault/index.ts'
import { isAsking } from '../asking.ts'
import { checkedCitations } from '../citations.ts'
import { Draft } from '../draft.ts'
import { ORIGIN_OF } from '../grounding.ts'
import type { AgentHelp, Finding, Task } from '../orchestrator/agent.ts'
import { insightPrompt } from '../prompts/index.ts'
import { SYNTHESIS_PHRASES } from './phrases.ts'
import { cardsFrom } from './topic-cards.ts'
import { quoted, splitQuestions } from './words.ts'

const SAID_LENGTH = 4_000
const DAY_MS = 24 * 3_600_000
/** Where no time is named. */
const DEFAULT_DAYS = 7
const MOST_TOPICS = 6
const PASSAGES_OF_A_TOPIC = 2
/** Captures that are looked through for questions that were left open. */
const MOST_CAPTURES = 100
const MOST_OPEN = 2
const MOST_GAPS = 2

/** What the learner kept in the time that they ask about. */
export interface Gathered {
  language: TutorLanguage
  from: Date
  /** Exclusive. */
  to: Date
  kept: PeriodTopics
  /** Each passage once, under its number. */
  /** Without a name what was not read for concepts yet. */
  topics: { name: string; texts: number; passages: (TopicPassage & { number: number })[] }[]
  citations: Citation[]
  /** Questions of the learner that no answer rests on a place for. */
  open: string[]
  /** Concepts that are often told and hardly connected. */
  gaps: string[]
}

/** What summing up works with. */
export type SummingHelp = Pick<AgentHelp, 'languageModel' | 'maxOutputTokens' | 'signal' | 'tell' | 'clock'>

/** Answers from a time of memory; nothing where memory holds nothing of it. */
export async function insight(task: Task, help: AgentHelp): Promise<Finding> {
  const gathered = await gather(task.capture, help)
  return gathered ? sumUp(gathered, task.capture.userText, task.provider, help) : {}
}

/**
 * Puts what was gathered into words: with a model, else by topics, word for word. What a model wrote before the learner stopped it counts.
 * @param words what the learner wants
 */
export async function sumUp(
  gathered: Gathered,
  words: string,
  provider: LanguageProvider | undefined,
  help: SummingHelp,
): Promise<Finding> {
  const model = await help.languageModel(provider)
  if (model.provider === 'offline') return answerHere(gathered, help)
  const { citations, topics, kept, from, to } = gathered
  help.tell({ type: 'memory', citations, provider: model.provider, model: model.model })
  const draft = new Draft(model, citations)
  const shown = new WordsBeforeQuestions()
  try {
    const stream = model.stream({
      system: insightPrompt(
        dayOf(from),
        dayOf(lastDay(to)),
        dayOf(new Date(help.clock.now())),
        `${kept.captures} captures, ${kept.notes} notes, ${kept.documents} documents`,
        topics.map(({ name, texts, passages }) => ({
          ...{ name: name || 'what they said', texts },
          passages: passages.map(({ field, ...passage }) => ({ ...passage, from: ORIGIN_OF[field] })),
        })),
      ),
      messages: [{ role: 'user', text: words.slice(0, SAID_LENGTH) }],
      passages: [],
      maxOutputTokens: help.maxOutputTokens,
      signal: help.signal,
    })
    for await (const event of stream) {
      if (event.type === 'end') draft.end(event)
      if (event.type !== 'delta') continue
      draft.text += event.text
      const text = shown.next(event.text)
      if (text !== '') help.tell({ type: 'delta', text })
    }
  } catch (error) {
    if (!help.signal.aborted || draft.text.trim() === '') throw error
  }
  const { text, questions } = splitQuestions(draft.text)
  if (text === '') return answerHere(gathered, help)
  draft.text = text
  return {
    answer: draft.finish(help.clock.now()),
    followUps: questions.length > 0 ? questions : followUpsOf(gathered),
    ...cardsOf(gathered),
  }
}

export async function insightOnDevice({ capture }: Task, help: AgentHelp): Promise<Finding> {
  const gathered = await gather(capture, help)
  return gathered ? answerHere(gathered, help) : {}
}

async function gather(capture: Capture, { search, concepts, vault, clock, log, signal }: AgentHelp) {
  const period = await search({ query: capture.userText.slice(0, SAID_LENGTH), limit: 1, signal }).then(
    ({ understood }) => understood.period ?? understood.emptyPeriod,
    (error: unknown) => {
      signal.throwIfAborted()
      log.warn(
        { error, capture: capture.id },
        'looking back over the last week: the time that was asked for could not be read',
      )
      return null
    },
  )
  const now = clock.now()
  const to = new Date(period?.to ?? now)
  const from = new Date(period ? (period.from ?? 0) : now - DEFAULT_DAYS * DAY_MS)
  const between = { from: from.toISOString(), to: to.toISOString() }
  if (!concepts) return undefined
  const [kept, captures, gaps] = await Promise.all([
    concepts.topics({ ...between, topics: MOST_TOPICS, passages: PASSAGES_OF_A_TOPIC, without: capture.id }),
    vault.captures.list({ ...between, order: 'newest' }, { limit: MOST_CAPTURES }),
    concepts.gaps(MOST_GAPS),
  ])
  const { topics, citations } = numbered(kept)
  if (topics.length === 0) return undefined
  return {
    language: detectLanguage(capture.userText),
    ...{ from, to, kept, topics, citations },
    open: captures.items
      .filter((one) => one.id !== capture.id && one.answer?.kind !== 'insight')
      .flatMap(leftOpenBy)
      .slice(0, MOST_OPEN),
    gaps: gaps.map(({ name }) => name),
  } satisfies Gathered
}

/** Numbers each place once, under the topic that tells it first. A topic whose places are all told under others is one with them. */
export function numbered({ topics }: Pick<PeriodTopics, 'topics'>): Pick<Gathered, 'topics' | 'citations'> {
  const seen = new Set<string>()
  const citations: Citation[] = []
  const named = topics.map(({ name, texts, passages }) => ({
    name,
    texts,
    passages: passages.flatMap((passage) => {
      const place = `${passage.kind} ${passage.captureId} ${passage.field} ${passage.start}`
      if (seen.has(place) || passage.text === '') return []
      seen.add(place)
      const number = citations.length + 1
      citations.push({ ...passage, number })
      return [{ ...passage, number }]
    }),
  }))
  return { topics: named.filter(({ passages }) => passages.length > 0), citations }
}

/** Questions that were left open with something that was said: one that no answer rests on a place for, and what they said not to know yet. */
export function leftOpenBy(capture: Capture): string[] {
  const unknown = capture.answer?.analysis?.openQuestions ?? []
  return isLeftOpen(capture) ? [capture.userText.trim(), ...unknown] : unknown
}

/** A short question whose answer rests on no place. */
function isLeftOpen({ userText, answer }: Capture): boolean {
  const text = userText.trim()
  return text.length <= 160 && /[?？]$/.test(text) && isAsking(text) && (answer?.citations.length ?? 0) === 0
}

function answerHere(gathered: Gathered, { clock, tell }: SummingHelp): Finding {
  const { language, from, to, kept, topics, citations, open, gaps } = gathered
  const phrases = SYNTHESIS_PHRASES[language]
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' })
  const [first, last] = [
    day.format(from.getTime() === 0 ? new Date(citations.at(-1)?.when ?? from) : from),
    day.format(lastDay(to)),
  ]
  const text = [
    first === last ? phrases.keptOn(first, kept) : phrases.kept(first, last, kept),
    ...topics.map(({ name, texts, passages }) => {
      const quotes = passages.map(quoted).join(' ')
      return `- ${name === '' ? quotes : phrases.topic(name, texts, quotes)}`
    }),
    ...(open.length > 0 ? [phrases.open(open.join(' '))] : []),
    ...(gaps[0] ? [phrases.next(gaps[0])] : []),
  ].join('\n')
  tell({ type: 'memory', citations, provider: 'offline', model: OFFLINE_MODEL })
  tell({ type: 'delta', text })
  const answer: Answer = {
    ...checkedCitations(text, citations),
    ...{ provider: 'offline', model: OFFLINE_MODEL, inputTokens: 0, outputTokens: 0, costUsd: 0, agentsUsed: [] },
    ...{ ending: 'complete', createdAt: new Date(clock.now()).toISOString() },
  }
  return { answer, followUps: followUpsOf(gathered), ...cardsOf(gathered) }
}

function followUpsOf({ language, topics, open, gaps }: Gathered): string[] {
  const phrases = SYNTHESIS_PHRASES[language]
  const [first, second] = topics.filter(({ name }) => name !== '')
  return [
    ...open.slice(0, 1),
    ...(first && second ? [phrases.whatConnects(first.name, second.name)] : []),
    ...(gaps[0] ? [phrases.untold(gaps[0])] : first ? [phrases.whatElse(first.name)] : []),
  ]
}

/** From all places of a topic: a sentence that names two is numbered under one of them, and may say what the other is. */
function cardsOf({ kept, language }: Gathered): Pick<Finding, 'cards'> {
  const cards = cardsFrom(kept.topics, language)
  return cards.length > 0 ? { cards } : {}
}

/** The day that ends with an exclusive instant. */
function lastDay(to: Date): Date {
  return new Date(to.getTime() - 1)
}

/** By the clock of this machine, as `2026-11-16`. */
function dayOf(instant: Date): string {
  return new Intl.DateTimeFormat('en-CA', { dateStyle: 'short' }).format(instant)
}

/** Lets words through as they come, up to the lines of questions, which the learner sees as such. */
class WordsBeforeQuestions {
  #held = ''
  #isOver = false

  next(text: string): string {
    if (this.#isOver) return ''
    this.#held += text
    const question = /(?:^|\n)\s*\?\s/.exec(this.#held)
    if (question) {
      this.#isOver = true
      return this.#held.slice(0, question.index)
    }
    // A line that may yet become one waits.
    const open = /(?:^|\n)\s*\??$/.exec(this.#held)
    const ready = open ? this.#held.slice(0, open.index) : this.#held
    this.#held = this.#held.slice(ready.length)
    return ready
  }
}
