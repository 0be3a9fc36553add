import { detectLanguage } from '../../models/index.ts'
import type { AgentHelp, Finding, Task } from '../orchestrator/agent.ts'
import type { Found } from '../orchestrator/findings.ts'
import { synthesisPrompt } from '../prompts/index.ts'
import { type Disagreement, disagreementsAmong } from './disagreements.ts'
import { SYNTHESIS_PHRASES } from './phrases.ts'
import { quoted, splitQuestions } from './words.ts'

const SAID_LENGTH = 4_000
/** Of each finding so much goes to the model, in UTF-16 code units. */
const FINDING_LENGTH = 1_500
const MOST_OUTPUT_TOKENS = 600
const MOST_DISAGREEMENTS = 2
/** What a model writes that has nothing to add. */
const NOTHING = /^\W*NOTHING\W*$/

/** Joins with the model, where there is one and others have found something; else by simple means. */
export async function joinFindings(task: Task, help: AgentHelp): Promise<Finding> {
  const { soFar, capture, provider } = task
  if (soFar.sources.length + soFar.additions.length === 0) return joinOnDevice(task, help)
  const model = await help.languageModel(provider)
  if (model.provider === 'offline') return joinOnDevice(task, help)
  let written = ''
  const stream = model.stream({
    system: synthesisPrompt(
      soFar.answer?.text ?? '',
      soFar.additions.map(({ text }) => text),
      [
        ...soFar.citations.map(({ number, text }) => ({ number, kind: 'memory', text: text.slice(0, FINDING_LENGTH) })),
        ...soFar.sources.map(({ number, kind, quote }) => ({ number, kind, text: quote.slice(0, FINDING_LENGTH) })),
      ],
    ),
    messages: [{ role: 'user', text: capture.userText.slice(0, SAID_LENGTH) }],
    passages: [],
    maxOutputTokens: Math.min(help.maxOutputTokens, MOST_OUTPUT_TOKENS),
    signal: help.signal,
  })
  for await (const event of stream) if (event.type === 'delta') written += event.text
  const { text, questions } = splitQuestions(written)
  const onDevice = await joinOnDevice(task, help)
  return {
    // What disagrees is told even where the model saw nothing.
    ...(NOTHING.test(text) || text === '' ? onDevice : { addition: text }),
    followUps: questions.length > 0 ? questions : (onDevice.followUps ?? []),
  }
}

/** What disagrees, word for word; and questions from what is left open. */
export async function joinOnDevice({ soFar, capture }: Task, { concepts }: AgentHelp): Promise<Finding> {
  const phrases = SYNTHESIS_PHRASES[detectLanguage(capture.userText)]
  const disagreements = disagreementsAmong(placesOf(soFar)).slice(0, MOST_DISAGREEMENTS)
  const lines = disagreements.map(({ by, one, other }) =>
    by === 'figures'
      ? phrases.disagreeFigures(quoted(one), quoted(other))
      : phrases.disagreeDenial(quoted(one), quoted(other)),
  )
  const named = await conceptsIn([capture.userText, soFar.answer?.text ?? ''].join('\n'), concepts)
  const [first, second] = named
  const followUps = [
    ...disagreements.flatMap((disagreement) => whichIsRight(disagreement, phrases.whichIsRight)),
    ...(first && second ? [phrases.whatConnects(first, second)] : []),
    ...(first ? [phrases.untold(first)] : []),
  ]
  return {
    ...(lines.length > 0 && { addition: lines.join(' ') }),
    ...(followUps.length > 0 && { followUps }),
  }
}

function placesOf({ citations, sources }: Found) {
  return [
    ...citations.map(({ number, text }) => ({ number, text })),
    ...sources.map(({ number, quote }) => ({ number, text: quote })),
  ].filter(({ text }) => text !== '')
}

/** Where single figures differ, they are the question. */
function whichIsRight({ by, one, other }: Disagreement, ask: (one: string, other: string) => string): string[] {
  if (by !== 'figures') return []
  const figuresOf = (text: string) => text.match(/\d+(?:[.,]\d+)*/g) ?? []
  const [ones, others] = [figuresOf(one.text), figuresOf(other.text)]
  return ones.length === 1 && others.length === 1 ? [ask(String(ones[0]), String(others[0]))] : []
}

const MOST_CONCEPTS = 200

/** The learner's concepts that a text names, the most told first. */
async function conceptsIn(text: string, concepts: AgentHelp['concepts']): Promise<string[]> {
  const said = ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `
  const all = (await concepts?.list({ limit: MOST_CONCEPTS })) ?? []
  return all
    .filter(({ variants }) =>
      variants.some(({ text: spelling }) =>
        said.includes(
          ` ${spelling
            .toLowerCase()
            .replace(/[^\p{L}\p{N}]+/gu, ' ')
            .trim()} `,
        ),
      ),
    )
    .map(({ name }) => name)
}
