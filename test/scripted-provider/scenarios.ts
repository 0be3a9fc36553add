import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Prompt, piecesOf, scriptedAnswer, scriptedConcepts, scriptedTokens } from './answer.ts'
import { answerFromResults, obeyedCalls, wishedCalls } from './tool-behaviour.ts'
import type { Ending, Failure, ScriptedCall, ToolsInPrompt, Wire } from './wires.ts'

/** One call that a scenario answers. */
export interface Call {
  response: ServerResponse
  wire: Wire
  body: unknown
  model: string
  /** False for a look at the list of models. */
  isQuestion: boolean
  /** Key that the caller sent, or ''. */
  apiKey: string
  /** How often this scenario has been asked for, counting this time, from 1. */
  attempt: number
  /** Milliseconds between two pieces. */
  delayMs: number
  /** Milliseconds before the first piece of the scenario `slow`. */
  slowMs: number
  /** Aborted when the caller goes away or the server closes. */
  gone: AbortSignal
  /** What whoever started the server wants said. */
  reply: Reply | undefined
}

/** Decides an answer of the scenario `ok`; undefined leaves it to the script. */
export type Reply = (prompt: Prompt, tools: ToolsInPrompt) => ScriptedReply | undefined

export interface ScriptedReply {
  text?: string
  calls?: ScriptedCall[]
  /** Fails instead. */
  fails?: Failure
  /** Does what this scenario does instead. */
  scenario?: string
}

type Scenario = (call: Call) => Promise<void>

/** Milliseconds for the last piece to arrive before the connection is destroyed. */
const ARRIVAL_MS = 40

/**
 * What the server can do, by name. A model or key that holds `scripted-NAME` asks for NAME; `-xN` at the end lets it fail N times and
 * then answer, such as `scripted-overloaded-x2`.
 */
export const SCENARIOS: Record<string, Scenario> = {
  ok: (call) => {
    const { wire, body, reply, isQuestion } = call
    const wanted = isQuestion ? reply?.(wire.readPrompt(body), wire.readTools(body)) : undefined
    const instead = wanted?.scenario === undefined ? undefined : SCENARIOS[wanted.scenario]
    if (instead) return instead(call)
    if (wanted?.fails) return fail(call, wanted.fails, 'Scripted.')
    if (!wanted) return answer(call, {})
    const { text = '', calls = [] } = wanted
    return answer(call, { text, ...(calls.length > 0 && { calls, ending: 'tools' }) })
  },
  slow: async (call) => {
    await pause(call, call.slowMs)
    await answer(call, {})
  },
  length: (call) => answer(call, { ending: 'length' }),
  refusal: (call) => answer(call, { ending: 'refusal', text: 'I cannot help with that.' }),
  concepts: (call) => answer(call, { text: scriptedConcepts(call.wire.readPrompt(call.body)) }),
  'concepts-obeying': (call) => answer(call, { text: scriptedConcepts(call.wire.readPrompt(call.body), true) }),
  'concepts-garbage': (call) => answer(call, { text: '{"texts":[{"number":"one","concepts":"none"}]}' }),
  huge: (call) => answer(call, { pieces: Array(2_000).fill('word '.repeat(500)), delayMs: 0 }),
  unicode: (call) =>
    answer(call, { text: 'Grüße, 学习 и обучение, 👩🏽‍🎓 – naïve “quotes” [1].', splitBytes: true, delayMs: 0 }),
  thinking: (call) => answer(call, { text: '<think>The learner asks [1]. Hm.</think>\n\nShort answer.' }),
  'no-usage': (call) => answer(call, { withUsage: false }),
  tools: (call) => callTools(call, (question, tools) => wishedCalls(question, tools)),
  obeying: (call) => callTools(call, (_question, tools) => obeyedCalls(call.wire.readPrompt(call.body).text, tools)),
  'tools-parallel': (call) =>
    callTools(call, (_question, { offered, results }) =>
      results.length > 0 ? [] : offered.slice(0, 2).map((name) => ({ name, json: '{"query":"cells"}' })),
    ),
  'tools-one-number': (call) =>
    callTools(call, (_question, { offered, results }) =>
      results.length > 0 ? [] : offered.slice(0, 2).map((name) => ({ name, json: '{"query":"cells"}', index: 0 })),
    ),
  'tools-malformed': (call) => callTools(call, firstTool('{"query": oops')),
  'tools-no-ids': (call) => callTools(call, firstTool('{"query":"cells"}', '')),
  'tools-unknown': (call) => callTools(call, () => [{ name: 'no_such_tool', json: '{}' }]),
  /** Asks for what nobody offered. */
  'tools-unasked': (call) =>
    answer(call, { text: 'Hm.', calls: [{ name: 'memory_search', json: '{}' }], ending: 'tools' }),
  'tools-loop': (call) =>
    callTools(call, (_question, { offered }) =>
      offered.slice(0, 1).map((name) => ({ name, json: '{"query":"again"}' })),
    ),
  'tools-huge': (call) => callTools(call, firstTool(`{"query":"${'x'.repeat(100_000)}"}`)),
  'tools-cut': (call) =>
    answer(call, { text: '', calls: firstCall(call, '{"query":"cells"}'), finish: 'destroy', ending: 'tools' }),
  'tools-refused': (call) =>
    call.wire.readTools(call.body).offered.length > 0
      ? fail(call, 'bad-request', 'scripted does not support tools')
      : answer(call, {}),
  cut: (call) => answer(call, { stopAfter: 3, finish: 'destroy' }),
  'cut-quietly': (call) => answer(call, { stopAfter: 3, finish: 'close' }),
  'cut-early': (call) => answer(call, { stopAfter: 0, finish: 'destroy' }),
  stall: (call) => answer(call, { stopAfter: 3, finish: 'hang' }),
  'never-closing': (call) => answer(call, { finish: 'hang' }),
  'stream-error': (call) => answer(call, { stopAfter: 3, finish: 'error' }),
  'stream-error-early': (call) => answer(call, { stopAfter: 0, finish: 'error' }),
  malformed: (call) => answer(call, { stopAfter: 3, finish: 'garbage' }),
  'malformed-early': (call) => answer(call, { stopAfter: 0, finish: 'garbage' }),
  silence: (call) => hang(call),
  'headers-only': async (call) => {
    streamHeaders(call)
    call.response.flushHeaders()
    await hang(call)
  },
  reset: async ({ response }) => {
    response.socket?.resetAndDestroy()
  },
  html: async ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Router</title><p>Welcome</p>')
  },
  'html-404': async ({ response }) => {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>Not found</title>')
  },
  redirect: async ({ response }) => {
    response.writeHead(307, { location: '/elsewhere' }).end()
  },
  unauthorized: (call) => fail(call, 'unauthorized', `Incorrect API key provided: ${call.apiKey}`),
  forbidden: (call) => fail(call, 'forbidden', `The key ${call.apiKey} may not use this model.`),
  'no-listing': (call) => (call.isQuestion ? answer(call, {}) : fail(call, 'forbidden', 'Missing scope: model.read')),
  'unknown-model': (call) => fail(call, 'unknown-model', `The model ${call.model} does not exist.`),
  'bad-request': (call) => fail(call, 'bad-request', `Refused: "${call.wire.readPrompt(call.body).question}"`),
  'too-long': (call) => fail(call, 'too-long', 'prompt is too long: 250000 tokens > 200000 maximum'),
  'no-credit': (call) => fail(call, 'no-credit', 'No credit left.'),
  'rate-limited': (call) => fail(call, 'rate-limited', 'Slow down.', { 'retry-after': '2' }),
  'rate-limited-long': (call) => fail(call, 'rate-limited', 'Slow down.', { 'retry-after': '3600' }),
  'rate-limited-date': (call) =>
    fail(call, 'rate-limited', 'Slow down.', { 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' }),
  overloaded: (call) => fail(call, 'overloaded', 'Overloaded.'),
  error: (call) => fail(call, 'error', 'Internal error.'),
}

/** Splits `scripted-overloaded-x2` into scenario and count; undefined when the text names no scenario. */
export function scenarioIn(text: string): { name: string; times: number } | undefined {
  const found = /scripted-([a-z0-9-]+)/.exec(text)?.[1]
  if (found === undefined) return undefined
  const counted = /^(.*)-x(\d+)$/.exec(found)
  const name = counted?.[1] ?? found
  if (!(name in SCENARIOS)) return undefined
  return { name, times: counted ? Number(counted[2]) : Number.POSITIVE_INFINITY }
}

/** Asks for the first tool that is offered, once. */
function firstTool(json: string, id?: string) {
  return (_question: string, { offered, results }: ToolsInPrompt): ScriptedCall[] =>
    results.length > 0 ? [] : offered.slice(0, 1).map((name) => ({ name, json, ...(id !== undefined && { id }) }))
}

function firstCall({ wire, body }: Call, json: string): ScriptedCall[] {
  return wire
    .readTools(body)
    .offered.slice(0, 1)
    .map((name) => ({ name, json }))
}

/** Asks for tools, or answers: from their results where there are any. */
function callTools(call: Call, choose: (question: string, tools: ToolsInPrompt) => ScriptedCall[]): Promise<void> {
  const { wire, body } = call
  const tools = wire.readTools(body)
  const calls = choose(wire.readPrompt(body).question, tools)
  if (calls.length > 0) return answer(call, { text: 'Let me look.', calls, ending: 'tools' })
  if (tools.results.length === 0) return answer(call, {})
  if (!tools.carried) return fail(call, 'bad-request', 'The thoughts did not come back as they were.')
  return answer(call, { text: answerFromResults(tools.results) })
}

interface AnswerOptions {
  text?: string
  pieces?: string[]
  ending?: Ending
  /** Asked for after the text. */
  calls?: ScriptedCall[]
  withUsage?: boolean
  /** Sends this many pieces and then does what `finish` says. */
  stopAfter?: number
  finish?: 'end' | 'destroy' | 'close' | 'hang' | 'error' | 'garbage'
  delayMs?: number
  /** Writes the stream byte by byte, so that every boundary falls inside something. */
  splitBytes?: boolean
}

async function answer(call: Call, options: AnswerOptions): Promise<void> {
  const { response, wire } = call
  const prompt = wire.readPrompt(call.body)
  const pieces = options.pieces ?? piecesOf(options.text ?? scriptedAnswer(prompt))
  const usage = { inputTokens: scriptedTokens(prompt.text), outputTokens: pieces.length }
  const finish = options.finish ?? 'end'
  streamHeaders(call)
  const write = (frame: string) => send(call, frame, options.splitBytes === true)
  for (const frame of wire.opening(call.model, usage)) await write(frame)
  for (const piece of pieces.slice(0, options.stopAfter)) {
    if (call.gone.aborted) return
    await pause(call, options.delayMs ?? call.delayMs)
    await write(wire.text(piece))
  }
  if (options.calls) for (const frame of wire.calls(options.calls)) await write(frame)
  if (finish === 'error') await write(wire.streamError('overloaded'))
  if (finish === 'garbage') await write('event: content_block_delta\ndata: {"type": "content_block_delta", oops\n\n')
  if (finish === 'destroy') {
    // A reset throws away what the other side has not read yet; what was said must have arrived.
    await pause(call, ARRIVAL_MS)
    return void response.socket?.destroy()
  }
  if (finish === 'end' || (finish === 'hang' && options.stopAfter === undefined)) {
    const { ending = 'end', withUsage = true } = options
    for (const frame of wire.closing(call.model, ending, usage, { withUsage })) await write(frame)
  }
  if (finish === 'hang') return hang(call)
  response.end()
}

async function fail(call: Call, failure: Failure, message: string, headers: Record<string, string> = {}) {
  const { status, body } = call.wire.errorBody(failure, message)
  call.response
    .writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_scripted', ...headers })
    .end(JSON.stringify(body))
}

function streamHeaders({ response }: Call): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
}

async function send(call: Call, frame: string, splitBytes: boolean): Promise<void> {
  const { response, gone } = call
  if (gone.aborted) return
  if (!splitBytes) {
    if (!response.write(frame)) await drained(call)
    return
  }
  for (const byte of Buffer.from(frame)) {
    response.write(Buffer.of(byte))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function drained({ response, gone }: Call): Promise<void> {
  return new Promise((resolve) => {
    if (gone.aborted) return resolve()
    response.once('drain', resolve)
    gone.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Waits; a caller that goes away meanwhile ends the wait, and the writes that follow go nowhere. */
async function pause(call: Call, ms: number): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal: call.gone }).catch(() => undefined)
}

function hang({ gone }: Call): Promise<void> {
  return new Promise((resolve) => {
    if (gone.aborted) return resolve()
    gone.addEventListener('abort', () => resolve(), { once: true })
  })
}
