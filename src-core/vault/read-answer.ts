import { ERROR_CODES } from '../kernel/index.ts'
import { isId, isPlainObject, LONGEST_ID, readInstant, wellFormed } from './door.ts'
import { readPicturePlace } from './read-pictures.ts'
import {
  type Addition,
  type AgentRun,
  type Analysis,
  type Answer,
  type Asked,
  type Citation,
  DIFFICULTIES,
  ENTITY_KINDS,
  type Entity,
  INTENTS,
  type Made,
  SENTIMENTS,
  type Source,
  TALK_MODES,
  TALK_STEPS,
  type ToolRun,
} from './types.ts'

const KINDS = ['simple', 'complex', 'visual', 'insight'] as const
const AGENTS = ['conversation', 'analysis', 'research', 'vision', 'synthesis'] as const
const OUTCOMES = ['done', 'late', 'failed', 'refused', 'stopped'] as const
const SOURCE_KINDS = ['web', 'wikipedia', 'arxiv', 'address', 'mcp'] as const
const CITED_FIELDS = ['userText', 'agentText', 'noteText', 'documentText', 'pictureText'] as const
const ASKED_OUTCOMES = ['answered', 'kept', 'refused', 'late', 'failed'] as const
const TOOL_OUTCOMES = ['done', 'failed'] as const
const MADE_KINDS = ['note', 'memory', 'card', 'forgotten'] as const

/**
 * An answer as another device may have written it. Null where there is none, or none with a text. What else is missing or odd gets the
 * value that says least; what older answers do not have is left out.
 */
export function readAnswer(value: unknown, capturedAt: string): Answer | null {
  if (!isPlainObject(value) || typeof value.text !== 'string') return null
  const { ending } = value
  const kind = oneOf(KINDS, value.kind)
  const mode = oneOf(TALK_MODES, value.mode)
  const step = oneOf(TALK_STEPS, value.step)
  const analysis = readAnalysis(value.analysis)
  return {
    text: wellFormed(value.text),
    provider: readText(value.provider),
    model: readText(value.model),
    inputTokens: readCount(value.inputTokens),
    outputTokens: readCount(value.outputTokens),
    costUsd: isAmount(value.costUsd) ? value.costUsd : null,
    citations: readList(value.citations, readCitation),
    agentsUsed: readList(value.agentsUsed, readRun),
    ending: ending === 'stopped' || ending === 'length' ? ending : 'complete',
    createdAt: readInstant(value.createdAt) ?? capturedAt,
    ...(kind && { kind }),
    ...(Array.isArray(value.sources) && { sources: readList(value.sources, readSource) }),
    ...(Array.isArray(value.additions) && { additions: readList(value.additions, readAddition) }),
    ...(Array.isArray(value.followUps) && { followUps: readList(value.followUps, readWords) }),
    ...(Array.isArray(value.made) && { made: readList(value.made, readMade) }),
    ...(mode && { mode }),
    ...(step && { step }),
    ...(value.hint !== undefined && { hint: readCount(value.hint) }),
    ...(Array.isArray(value.memories) && { memories: readList(value.memories, readWords) }),
    ...(analysis && { analysis }),
  }
}

function readRun(value: unknown): AgentRun | undefined {
  if (!isPlainObject(value) || typeof value.agent !== 'string' || !isAmount(value.ms)) return undefined
  const { startedMs, model, inputTokens, outputTokens, costUsd, tools, toolUses } = value
  const outcome = oneOf(OUTCOMES, value.outcome)
  const error = oneOf(ERROR_CODES, value.error)
  return {
    agent: wellFormed(value.agent),
    ms: value.ms,
    ...(isAmount(startedMs) && { startedMs }),
    ...(outcome && { outcome }),
    ...((model === null || typeof model === 'string') && { model: model === null ? null : wellFormed(model) }),
    ...(inputTokens !== undefined && { inputTokens: readCount(inputTokens) }),
    ...(outputTokens !== undefined && { outputTokens: readCount(outputTokens) }),
    ...((costUsd === null || isAmount(costUsd)) && { costUsd }),
    ...(Array.isArray(tools) && { tools: readList(tools, readWords) }),
    ...(Array.isArray(toolUses) && { toolUses: readList(toolUses, readToolRun) }),
    ...(Array.isArray(value.asked) && { asked: readList(value.asked, readAsked) }),
    ...(error && { error }),
  }
}

function readToolRun(value: unknown): ToolRun | undefined {
  if (!isPlainObject(value)) return undefined
  const outcome = oneOf(TOOL_OUTCOMES, value.outcome)
  return outcome && { name: readText(value.name), outcome, about: readText(value.about) }
}

function readAsked(value: unknown): Asked | undefined {
  if (!isPlainObject(value)) return undefined
  const outcome = oneOf(ASKED_OUTCOMES, value.outcome)
  const error = oneOf(ERROR_CODES, value.error)
  return outcome && { to: readText(value.to), sends: readText(value.sends), outcome, ...(error && { error }) }
}

function readSource(value: unknown): Source | undefined {
  if (!isPlainObject(value)) return undefined
  const kind = oneOf(SOURCE_KINDS, value.kind)
  const at = readInstant(value.at)
  if (!kind || !at || typeof value.quote !== 'string') return undefined
  return {
    number: readCount(value.number),
    kind,
    title: readText(value.title),
    url: typeof value.url === 'string' ? wellFormed(value.url) : null,
    quote: wellFormed(value.quote),
    at,
  }
}

function readAddition(value: unknown): Addition | undefined {
  if (!isPlainObject(value) || typeof value.text !== 'string') return undefined
  const agent = oneOf(AGENTS, value.agent)
  const createdAt = readInstant(value.createdAt)
  return agent && createdAt ? { agent, text: wellFormed(value.text), createdAt } : undefined
}

function readAnalysis(value: unknown): Analysis | undefined {
  if (!isPlainObject(value)) return undefined
  const intent = oneOf(INTENTS, value.intent)
  return (
    intent && {
      by: value.by === 'model' ? 'model' : 'device',
      intent,
      sentiment: oneOf(SENTIMENTS, value.sentiment) ?? 'neutral',
      difficulty: oneOf(DIFFICULTIES, value.difficulty) ?? null,
      concepts: readList(value.concepts, readWords),
      entities: readList(value.entities, readEntity),
      keywords: readList(value.keywords, readWords),
      openQuestions: readList(value.openQuestions, readWords),
    }
  )
}

function readEntity(value: unknown): Entity | undefined {
  if (!isPlainObject(value)) return undefined
  const kind = oneOf(ENTITY_KINDS, value.kind)
  return kind && { kind, text: readText(value.text) }
}

function readMade(value: unknown): Made | undefined {
  if (!isPlainObject(value) || !isId(value.id, LONGEST_ID)) return undefined
  const kind = oneOf(MADE_KINDS, value.kind)
  return kind && { kind, id: value.id, text: readText(value.text) }
}

function readCitation(value: unknown): Citation | undefined {
  if (!isPlainObject(value)) return undefined
  const { kind } = value
  const field = oneOf(CITED_FIELDS, value.field)
  const place = readPicturePlace(value.place)
  const when = readInstant(value.when)
  if (!isId(value.captureId, LONGEST_ID) || !when || typeof value.text !== 'string') return undefined
  if (kind !== 'capture' && kind !== 'note' && kind !== 'document') return undefined
  if (!field) return undefined
  return {
    number: readCount(value.number),
    captureId: value.captureId,
    kind,
    field,
    start: readCount(value.start),
    end: readCount(value.end),
    text: wellFormed(value.text),
    when,
    ...(place && { place }),
  }
}

function readWords(value: unknown): string | undefined {
  return typeof value === 'string' ? wellFormed(value) : undefined
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value)
}

function readText(value: unknown): string {
  return typeof value === 'string' ? wellFormed(value) : ''
}

function readCount(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function readList<T>(value: unknown, read: (item: unknown) => T | undefined): T[] {
  return Array.isArray(value) ? value.map(read).filter((item): item is T & {} => item !== undefined) : []
}
