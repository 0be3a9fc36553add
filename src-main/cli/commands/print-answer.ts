import type { AgentName, Answer } from '../../../src-core/contract/index.ts'
import type { CommandContext } from '../command.ts'
import { harmless, shownTime } from '../terminal.ts'

/** Characters of a place that are shown beside its number. */
const SHOWN_TEXT = 100

const AGENT_NAMES: Record<AgentName, string> = {
  conversation: 'Conversation',
  analysis: 'Analysis',
  research: 'Research',
  vision: 'Vision',
  synthesis: 'Synthesis',
}

const MISSING = { late: 'did not answer in time', failed: 'failed', refused: 'was not allowed' } as const

/** What came of words that went beyond this device, or would have. */
const ASKED = {
  answered: 'Sent to',
  kept: 'Kept from an earlier answer, not sent to',
  refused: 'Not sent to',
  late: 'Sent, with no answer in time, to',
  failed: 'Nothing usable came from',
} as const

const MADE = { note: 'Note made', memory: 'Remembered', card: 'Card made', forgotten: 'Forgotten' } as const

/** What one agent adds below the answer. */
export function printAddition({ terminal }: CommandContext, agent: AgentName, text: string): void {
  terminal.line()
  terminal.line(`${AGENT_NAMES[agent]} adds:`)
  terminal.line(harmless(text))
}

/** Who is missing from an answer, what was made for the learner, what it rests on, what could be asked next. */
export function printWhatBelongsTo(
  { terminal }: CommandContext,
  answer: Pick<Answer, 'agentsUsed' | 'made' | 'citations' | 'sources' | 'followUps' | 'provider' | 'model'>,
): void {
  const missing = answer.agentsUsed.map(missingLine).filter((line) => line !== null)
  if (missing.length > 0) terminal.line()
  for (const line of missing) terminal.line(line)
  const made = answer.made ?? []
  if (made.length > 0) terminal.line()
  for (const { kind, text, id } of made)
    terminal.line(`${MADE[kind]}${text === '' ? '' : `: ${beginningOf(text)}`}  (${id})`)
  const asked = answer.agentsUsed.flatMap((run) => run.asked ?? [])
  if (asked.length > 0) terminal.line()
  for (const { to, sends, outcome } of asked) {
    terminal.line(`${ASKED[outcome]} ${harmless(to)}: "${beginningOf(sends)}"`)
  }
  const sources = answer.sources ?? []
  if (answer.citations.length + sources.length > 0) terminal.line()
  for (const { number, when, captureId, text, place } of answer.citations) {
    const which = place?.picture === undefined ? '' : `  picture ${place.picture}`
    terminal.line(`[${number}] ${shownTime(when)}${which}  ${beginningOf(text)}  (${captureId})`)
  }
  for (const { number, title, url, quote } of sources) {
    terminal.line(`[${number}] ${beginningOf(title)}${url === null ? '' : `  ${harmless(url)}`}`)
    if (quote !== '') terminal.line(`    "${beginningOf(quote)}"`)
  }
  for (const [index, question] of (answer.followUps ?? []).entries()) {
    if (index === 0) terminal.line('\nYou could ask next:')
    terminal.line(`- ${harmless(question)}`)
  }
  terminal.remark(`${answer.provider}, ${answer.model}`)
}

function missingLine({ agent, outcome, model }: Answer['agentsUsed'][number]): string | null {
  const why = outcome === 'late' || outcome === 'failed' || outcome === 'refused' ? MISSING[outcome] : null
  if (why === null) return null
  const name = Object.hasOwn(AGENT_NAMES, agent) ? AGENT_NAMES[agent as AgentName] : harmless(agent)
  return `${name}${model ? ` (${harmless(model)})` : ''} ${why}.`
}

function beginningOf(text: string): string {
  return harmless(text).replace(/\s+/g, ' ').slice(0, SHOWN_TEXT)
}
