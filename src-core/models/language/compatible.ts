import type OpenAI from 'openai'
import { type Clock, isLvaError, LvaError } from '../../kernel/index.ts'
import type { LanguageMessage, LanguageRequest } from '../types.ts'
import { type Address, readAddress } from './address.ts'
import { type CompletionOptions, callOnce, complete, type StopReason, type WirePart } from './completion.ts'
import { requireEventStream } from './event-stream.ts'
import { modelNames } from './model-names.ts'
import type { Party } from './provider-errors.ts'
import type { ProviderModel, SilenceLimits } from './provider-model.ts'
import { SDK_OPTIONS } from './sdk-options.ts'
import { ThinkFilter } from './think-tags.ts'
import { estimateRequestTokens } from './token-estimate.ts'
import { takeTurns } from './turns.ts'

export interface CompatibleOptions {
  /** Such as http://127.0.0.1:11434/v1; may hold a user name and password, which are sent as basic authorization. */
  baseUrl: string
  /** '' where the server asks for none. */
  apiKey: string
  model: string
  limits: SilenceLimits
  clock: Clock
}

/** Names in an error's advice; a server can offer hundreds. */
const NAMES_SHOWN = 5

/**
 * Any server with OpenAI's chat completions API, such as Ollama, LM Studio, llama.cpp or vLLM. Where it does not count tokens they are
 * estimated. No retries and no budget: the layers above add them.
 * @throws LvaError config-invalid when the address is not one
 */
export function compatibleModel(options: CompatibleOptions): ProviderModel {
  const { model, limits, clock } = options
  const { client, party, secrets } = connect(options)
  const completion: CompletionOptions = {
    wire: (request, signal) => chatCompletions(client, model, request, signal),
    party,
    clock,
    limits,
    secrets,
  }
  return {
    provider: 'compatible',
    model,
    mostTokens: (request) => ({ inputTokens: estimateRequestTokens(request), outputTokens: request.maxOutputTokens }),
    stream: (request, meter) => complete(completion, request, meter),
    async check(signal, meter) {
      // Many of these servers list their models to anyone and under any key: only an answer proves that they would answer.
      const probe = { system: '', messages: [{ role: 'user' as const, text: 'Hi' }], passages: [], maxOutputTokens: 1 }
      try {
        for await (const event of complete(completion, signal ? { ...probe, signal } : probe, meter)) {
          if (event.type === 'end') return
        }
      } catch (error) {
        throw isLvaError(error, 'provider-model-unknown') ? await withNames(error, options, signal) : error
      }
    },
  }
}

/** Names of the models that the server offers, in alphabetical order. */
export function listCompatibleModels(options: CompatibleOptions, signal?: AbortSignal): Promise<string[]> {
  const { client, party, secrets } = connect(options)
  const { clock, limits } = options
  return callOnce({ party, clock, secrets, waitMs: limits.firstTokenMs }, signal, async (innerSignal) => {
    const page = await (await client()).models.list({ signal: innerSignal })
    return modelNames(page.data, secrets).sort()
  })
}

function connect({ baseUrl, apiKey, model }: CompatibleOptions) {
  const address = readAddress(baseUrl)
  const party: Party = { provider: 'compatible', model, address: address.shown, hasKey: apiKey !== '' }
  const secrets = [apiKey, ...address.secrets].filter((secret) => secret !== '')
  return { client: compatibleClient(address, apiKey), party, secrets }
}

/** Loads the SDK at the first call, so that starting the program does not wait for it. */
function compatibleClient(address: Address, apiKey: string): () => Promise<OpenAI> {
  let client: Promise<OpenAI> | undefined
  return () => {
    client ??= import('openai').then(
      (sdk) =>
        new sdk.default({
          ...SDK_OPTIONS,
          baseURL: address.baseUrl,
          // Everything that the SDK would otherwise take from the environment is meant for OpenAI, not for this server.
          apiKey: apiKey === '' ? 'none' : apiKey,
          adminAPIKey: null,
          organization: null,
          project: null,
          ...(apiKey === '' ? { defaultHeaders: { authorization: address.authorization || null } } : {}),
        }),
    )
    return client
  }
}

async function* chatCompletions(
  client: () => Promise<OpenAI>,
  model: string,
  request: LanguageRequest,
  signal: AbortSignal,
): AsyncGenerator<WirePart> {
  const system = request.system === '' ? [] : [{ role: 'system' as const, content: request.system.toWellFormed() }]
  // Not all of these servers know the choice `none`; without tools each of them answers.
  const offered = request.toolChoice === 'none' ? [] : (request.tools ?? [])
  const ask = async (tools: LanguageRequest['tools']) =>
    (await client()).chat.completions
      .create(
        {
          model,
          // The newer name, max_completion_tokens, is not known to all of these servers.
          max_tokens: request.maxOutputTokens,
          messages: [...system, ...takeTurns(request.messages).flatMap(asParams)],
          ...(tools?.length && {
            tools: tools.map(({ name, description, parameters }) => ({
              type: 'function' as const,
              function: { name, description, parameters },
            })),
          }),
          stream: true,
          stream_options: { include_usage: true },
        },
        { signal },
      )
      .withResponse()
  const { data: stream, response } = await ask(offered).catch((error: unknown) => {
    // Many local models know no tools, and their servers refuse the whole request for it.
    if (offered.length > 0 && refusesTools(error)) return ask([])
    throw error
  })
  requireEventStream(response)
  const filter = new ThinkFilter()
  const keys = new CallKeys()
  for await (const chunk of stream) {
    if (chunk.model) yield { type: 'model', name: chunk.model }
    if (chunk.usage) {
      yield { type: 'usage', inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens }
    }
    const choice = chunk.choices?.[0]
    for (const { index, id, function: called } of choice?.delta?.tool_calls ?? []) {
      yield { type: 'call', key: keys.of(index, id), id, name: called?.name, json: called?.arguments }
    }
    const said: unknown = choice?.delta?.content ?? choice?.delta?.refusal
    const text = filter.push(typeof said === 'string' ? said : '')
    yield text === '' ? { type: 'alive' } : { type: 'text', text }
    if (choice?.finish_reason) {
      yield { type: 'text', text: filter.end() }
      yield { type: 'stop', reason: stopReasonOf(choice.finish_reason) }
    }
  }
}

/** A message as messages of the API: each result is one of its own. */
function asParams({
  role,
  text,
  pictures = [],
  toolCalls = [],
  toolResults = [],
}: LanguageMessage): OpenAI.ChatCompletionMessageParam[] {
  const results = toolResults.map(({ callId, text: content }) => ({
    role: 'tool' as const,
    tool_call_id: callId,
    content,
  }))
  if (toolCalls.length > 0) {
    const calls = toolCalls.map(({ id, name, input }) => ({
      id,
      type: 'function' as const,
      function: { name, arguments: JSON.stringify(input ?? {}) },
    }))
    return [{ role: 'assistant', content: text, tool_calls: calls }]
  }
  if (pictures.length > 0) {
    const images = pictures.map(({ mediaType, bytes }) => ({
      type: 'image_url' as const,
      image_url: { url: `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}` },
    }))
    return [...results, { role: 'user', content: [{ type: 'text', text }, ...images] }]
  }
  return text.trim() === '' ? results : [...results, { role, content: text }]
}

/** Tells calls apart. The API numbers them; some servers give every call the number 0, or none, but each its own id. */
class CallKeys {
  readonly #ids = new Map<number, string>()
  #count = 0
  readonly #keys = new Map<number, number>()

  of(index = 0, id = ''): number {
    const isNew = !this.#keys.has(index) || (id !== '' && this.#ids.get(index) !== id)
    if (isNew) this.#keys.set(index, this.#count++)
    if (id !== '') this.#ids.set(index, id)
    return this.#keys.get(index) ?? 0
  }
}

/** Ollama, LM Studio and vLLM each have their own sentence for it; all name the tools. */
function refusesTools(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('status' in error) || !('message' in error)) return false
  const isRefusal = error.status === 400 || error.status === 404 || error.status === 422 || error.status === 501
  return isRefusal && /\b(?:tools?|tool_choice|functions?)\b/i.test(String(error.message))
}

function stopReasonOf(reason: string): StopReason {
  if (reason === 'content_filter') return 'refusal'
  if (reason === 'tool_calls' || reason === 'function_call') return 'tools'
  return reason === 'length' ? 'length' : 'end'
}

/** Adds what the server does offer to the error about a model that it does not. */
async function withNames(error: LvaError, options: CompatibleOptions, signal?: AbortSignal): Promise<LvaError> {
  const names = await listCompatibleModels(options, signal).catch(() => [] as string[])
  if (names.length === 0) return error
  const shown = names.slice(0, NAMES_SHOWN).join(', ')
  return new LvaError(error.code, error.message, {
    advice: `Choose one of its models in Settings: ${shown}${names.length > NAMES_SHOWN ? ' ...' : ''}.`,
    params: { ...error.params, offered: shown },
    cause: error.cause,
  })
}
