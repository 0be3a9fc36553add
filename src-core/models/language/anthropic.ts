import type Anthropic from '@anthropic-ai/sdk'
import type { Clock } from '../../kernel/index.ts'
import type { LanguageMessage, LanguageRequest } from '../types.ts'
import { type CompletionOptions, callOnce, complete, type StopReason, type WirePart } from './completion.ts'
import { requireEventStream } from './event-stream.ts'
import { FaultError } from './faults.ts'
import { modelNames, requireModelCard } from './model-names.ts'
import type { Party } from './provider-errors.ts'
import type { ProviderModel, SilenceLimits } from './provider-model.ts'
import { SDK_OPTIONS } from './sdk-options.ts'
import { claudeThinks, THINKING_ALLOWANCE } from './thinking.ts'
import { estimateRequestTokens } from './token-estimate.ts'
import { takeTurns } from './turns.ts'

export interface AnthropicOptions {
  apiKey: string
  /** Such as a proxy's; '' means Anthropic itself. */
  baseUrl: string
  model: string
  limits: SilenceLimits
  clock: Clock
}

const HOME = 'https://api.anthropic.com'

/** Anthropic's Messages API through its SDK, streamed. No retries and no budget: the layers above add them. */
export function anthropicModel(options: AnthropicOptions): ProviderModel {
  const { apiKey, model, limits, clock } = options
  const party: Party = { provider: 'anthropic', model, hasKey: true }
  const client = anthropicClient(options)
  const completion: CompletionOptions = {
    wire: (request, signal) => messages(client, model, request, signal),
    party,
    clock,
    limits,
    secrets: [apiKey],
  }
  return {
    provider: 'anthropic',
    model,
    mostTokens: (request) => ({
      inputTokens: estimateRequestTokens(request),
      outputTokens: outputLimit(model, request),
    }),
    stream: (request, meter) => complete(completion, request, meter),
    check: (signal) =>
      callOnce({ ...completion, waitMs: limits.firstTokenMs }, signal, async (innerSignal) => {
        const card = await (await client()).models.retrieve(model, {}, { signal: innerSignal })
        requireModelCard(card)
        // A retired model still has its card, but no longer answers.
        if (card.lifecycle === 'retired') throw new FaultError({ kind: 'stream-error', reason: 'model_not_found' })
      }),
  }
}

/** Names of the models that the key may use, newest first. */
export function listAnthropicModels(options: AnthropicOptions, signal?: AbortSignal): Promise<string[]> {
  const { apiKey, model, clock, limits } = options
  const client = anthropicClient(options)
  const party: Party = { provider: 'anthropic', model, hasKey: true }
  return callOnce({ party, clock, secrets: [apiKey], waitMs: limits.firstTokenMs }, signal, async (innerSignal) => {
    const page = await (await client()).models.list({ limit: 1_000 }, { signal: innerSignal })
    return modelNames(page.data, [apiKey])
  })
}

/** Loads the SDK at the first call, so that starting the program does not wait for it. */
function anthropicClient({ apiKey, baseUrl }: AnthropicOptions): () => Promise<Anthropic> {
  let client: Promise<Anthropic> | undefined
  return () => {
    client ??= import('@anthropic-ai/sdk').then(
      // The address is always given: left out, the SDK would look for one in the environment.
      (sdk) => new sdk.default({ ...SDK_OPTIONS, apiKey, baseURL: withoutVersion(baseUrl) || HOME }),
    )
    return client
  }
}

/** The SDK adds `/v1` itself; people copy addresses with it. */
function withoutVersion(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '')
}

async function* messages(
  client: () => Promise<Anthropic>,
  model: string,
  request: LanguageRequest,
  signal: AbortSignal,
): AsyncGenerator<WirePart> {
  const { data: stream, response } = await (await client()).messages
    .create(
      {
        model,
        max_tokens: outputLimit(model, request),
        ...(request.system === '' ? {} : { system: request.system.toWellFormed() }),
        messages: takeTurns(request.messages).map(asParam),
        ...(request.tools?.length && {
          tools: request.tools.map(({ name, description, parameters }) => ({
            name,
            description,
            input_schema: { ...parameters, type: 'object' as const },
          })),
          // The API refuses calls and results in messages without the tools that they belong to.
          ...(request.toolChoice && { tool_choice: { type: request.toolChoice } }),
        }),
        // A conversation wants its first word soon.
        ...(claudeThinks(model) ? { output_config: { effort: 'low' as const } } : {}),
        stream: true,
      },
      { signal },
    )
    .withResponse()
  requireEventStream(response)
  let reason: StopReason = 'end'
  const written = new WrittenContent()
  for await (const event of stream) {
    written.add(event)
    if (event.type === 'message_start') {
      yield { type: 'model', name: event.message.model }
      yield { type: 'usage', inputTokens: inputTokensOf(event.message.usage) }
    } else if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      yield { type: 'text', text: event.delta.text }
    } else if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
      yield { type: 'call', key: event.index, id: event.content_block.id, name: event.content_block.name }
    } else if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta') {
      yield { type: 'call', key: event.index, json: event.delta.partial_json }
    } else if (event.type === 'message_delta') {
      reason = stopReasonOf(event.delta.stop_reason)
      yield { type: 'usage', outputTokens: event.usage.output_tokens }
    } else if (event.type === 'message_stop') {
      yield { type: 'carried', value: written.blocks() }
      yield { type: 'stop', reason }
    } else yield { type: 'alive' }
  }
}

/** A message in the API's own blocks. Results come first, as the API wants them. */
function asParam({ role, text, pictures = [], toolCalls = [], toolResults = [], carried }: LanguageMessage) {
  if (carried instanceof WrittenBlocks) return { role, content: [...carried.blocks] }
  const content: Anthropic.ContentBlockParam[] = [
    ...toolResults.map(({ callId, text: result, isError }) => ({
      type: 'tool_result' as const,
      tool_use_id: callId,
      content: result,
      is_error: isError,
    })),
    ...pictures.map(({ mediaType, bytes }) => ({
      type: 'image' as const,
      source: { type: 'base64' as const, media_type: mediaType, data: Buffer.from(bytes).toString('base64') },
    })),
    ...(text.trim() === '' ? [] : [{ type: 'text' as const, text }]),
    ...toolCalls.map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input: asObject(input) })),
  ]
  const [only] = content
  return { role, content: content.length === 1 && only?.type === 'text' ? only.text : content }
}

/** What Claude wrote, as it must be handed back with the results of its calls: thoughts are signed, and refused when anything is changed. */
class WrittenBlocks {
  readonly blocks: readonly Anthropic.ContentBlockParam[]

  constructor(blocks: readonly Anthropic.ContentBlockParam[]) {
    this.blocks = blocks
  }
}

/** Puts the blocks of an answer together from the events of its stream. */
class WrittenContent {
  readonly #blocks = new Map<number, { start: Anthropic.ContentBlock; text: string; signature: string; json: string }>()

  add(event: Anthropic.RawMessageStreamEvent): void {
    if (event.type === 'content_block_start') {
      this.#blocks.set(event.index, { start: event.content_block, text: '', signature: '', json: '' })
    }
    const block = event.type === 'content_block_delta' && this.#blocks.get(event.index)
    if (!block) return
    const { delta } = event
    if (delta.type === 'text_delta') block.text += delta.text
    else if (delta.type === 'thinking_delta') block.text += delta.thinking
    else if (delta.type === 'signature_delta') block.signature += delta.signature
    else if (delta.type === 'input_json_delta') block.json += delta.partial_json
  }

  blocks(): WrittenBlocks {
    return new WrittenBlocks(
      Array.from(this.#blocks.values()).flatMap(({ start, text, signature, json }): Anthropic.ContentBlockParam[] => {
        if (start.type === 'thinking') return [{ type: 'thinking', thinking: text, signature }]
        if (start.type === 'redacted_thinking') return [{ type: 'redacted_thinking', data: start.data }]
        if (start.type === 'text') return text.trim() === '' ? [] : [{ type: 'text', text }]
        if (start.type === 'tool_use') {
          return [{ type: 'tool_use', id: start.id, name: start.name, input: asObject(readJson(json)) }]
        }
        return []
      }),
    )
  }
}

/** The API takes nothing else as an input. */
function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function outputLimit(model: string, { maxOutputTokens }: LanguageRequest): number {
  return maxOutputTokens + (claudeThinks(model) ? THINKING_ALLOWANCE : 0)
}

/** Cached tokens are counted apart from the rest; they are part of what was read. */
function inputTokensOf(usage: Anthropic.Usage): number {
  return usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0)
}

function stopReasonOf(reason: Anthropic.StopReason | null): StopReason {
  if (reason === 'refusal') return 'refusal'
  if (reason === 'tool_use') return 'tools'
  return reason === 'max_tokens' || reason === 'model_context_window_exceeded' ? 'length' : 'end'
}
