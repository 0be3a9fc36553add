import type OpenAI from 'openai'
import { type Clock, isLvaError } from '../../kernel/index.ts'
import type { LanguageMessage, LanguageRequest } from '../types.ts'
import { type CompletionOptions, callOnce, complete, type WirePart } from './completion.ts'
import { requireEventStream } from './event-stream.ts'
import { FaultError } from './faults.ts'
import { modelNames, requireModelCard } from './model-names.ts'
import type { Party } from './provider-errors.ts'
import type { ProviderModel, SilenceLimits } from './provider-model.ts'
import { SDK_OPTIONS } from './sdk-options.ts'
import { gptThinks, THINKING_ALLOWANCE } from './thinking.ts'
import { estimateRequestTokens } from './token-estimate.ts'
import { takeTurns } from './turns.ts'

export interface OpenAIOptions {
  apiKey: string
  /** Such as a proxy's; '' means OpenAI itself. */
  baseUrl: string
  model: string
  limits: SilenceLimits
  clock: Clock
}

const HOME = 'https://api.openai.com/v1'

/** The smallest limit that the Responses API takes. */
const LEAST_OUTPUT_TOKENS = 16

/**
 * OpenAI's Responses API through its SDK, streamed: the API that OpenAI names as the primary one. Nothing is stored at OpenAI
 * (`store: false`; the default there is 30 days). No retries and no budget: the layers above add them.
 */
export function openaiModel(options: OpenAIOptions): ProviderModel {
  const { apiKey, model, limits, clock } = options
  const client = openaiClient(options)
  const completion: CompletionOptions = {
    wire: (request, signal) => responses(client, model, request, signal),
    party: { provider: 'openai', model, hasKey: true },
    clock,
    limits,
    secrets: [apiKey],
  }
  return {
    provider: 'openai',
    model,
    mostTokens: (request) => ({
      inputTokens: estimateRequestTokens(request),
      outputTokens: outputLimit(model, request.maxOutputTokens),
    }),
    stream: (request, meter) => complete(completion, request, meter),
    async check(signal, meter) {
      try {
        await callOnce({ ...completion, waitMs: limits.firstTokenMs }, signal, async (innerSignal) =>
          requireModelCard(await (await client()).models.retrieve(model, { signal: innerSignal })),
        )
      } catch (error) {
        if (!isLvaError(error, 'provider-key-refused')) throw error
        // A restricted key may be allowed to answer but not to read the list of models; only asking tells.
        const probe = {
          system: '',
          messages: [{ role: 'user' as const, text: 'Hi' }],
          passages: [],
          maxOutputTokens: 1,
        }
        for await (const event of complete(completion, signal ? { ...probe, signal } : probe, meter)) {
          if (event.type === 'end') return
        }
      }
    },
  }
}

/** Names of the models that the key may use. */
export function listOpenAIModels(options: OpenAIOptions, signal?: AbortSignal): Promise<string[]> {
  const { apiKey, model, clock, limits } = options
  const client = openaiClient(options)
  const party: Party = { provider: 'openai', model, hasKey: true }
  return callOnce({ party, clock, secrets: [apiKey], waitMs: limits.firstTokenMs }, signal, async (innerSignal) => {
    const page = await (await client()).models.list({ signal: innerSignal })
    return modelNames(page.data, [apiKey]).sort()
  })
}

/** Loads the SDK at the first call, so that starting the program does not wait for it. */
export function openaiClient({ apiKey, baseUrl }: Pick<OpenAIOptions, 'apiKey' | 'baseUrl'>): () => Promise<OpenAI> {
  let client: Promise<OpenAI> | undefined
  return () => {
    client ??= import('openai').then(
      (sdk) =>
        new sdk.default({ ...SDK_OPTIONS, apiKey, adminAPIKey: null, baseURL: baseUrl.replace(/\/+$/, '') || HOME }),
    )
    return client
  }
}

async function* responses(
  client: () => Promise<OpenAI>,
  model: string,
  request: LanguageRequest,
  signal: AbortSignal,
): AsyncGenerator<WirePart> {
  const { data: stream, response } = await (await client()).responses
    .create(
      {
        model,
        max_output_tokens: outputLimit(model, request.maxOutputTokens),
        ...(request.system === '' ? {} : { instructions: request.system.toWellFormed() }),
        input: takeTurns(request.messages).flatMap(asItems),
        ...(request.tools?.length && {
          tools: request.tools.map(({ name, description, parameters }) => ({
            type: 'function' as const,
            name,
            description,
            parameters,
            // Strict schemas must name every field as required; ours may have optional ones, and are checked by us.
            strict: false,
          })),
          ...(request.toolChoice && { tool_choice: request.toolChoice }),
          // Nothing is stored at OpenAI, so thoughts come along sealed and go back with the results.
          ...(gptThinks(model) ? { include: ['reasoning.encrypted_content' as const] } : {}),
        }),
        ...(gptThinks(model) ? { reasoning: { effort: 'low' as const } } : {}),
        store: false,
        stream: true,
      },
      { signal },
    )
    .withResponse()
  requireEventStream(response)
  let refused = false
  const written: OpenAI.Responses.ResponseInputItem[] = []
  for await (const event of stream) {
    if (event.type === 'response.created') yield { type: 'model', name: event.response.model }
    else if (event.type === 'response.output_text.delta') yield { type: 'text', text: event.delta }
    else if (event.type === 'response.refusal.delta') {
      refused = true
      yield { type: 'text', text: event.delta }
    } else if (event.type === 'response.output_item.added' && event.item.type === 'function_call') {
      yield { type: 'call', key: event.output_index, id: event.item.call_id, name: event.item.name }
    } else if (event.type === 'response.function_call_arguments.delta') {
      yield { type: 'call', key: event.output_index, json: event.delta }
    } else if (event.type === 'response.output_item.done') {
      const { item } = event
      if (item.type === 'reasoning' || item.type === 'message' || item.type === 'function_call') written.push(item)
      yield { type: 'alive' }
    } else if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      const { usage, incomplete_details: incomplete } = event.response
      yield { type: 'usage', inputTokens: usage?.input_tokens, outputTokens: usage?.output_tokens }
      yield { type: 'carried', value: new WrittenItems(written) }
      const filtered = refused || incomplete?.reason === 'content_filter'
      yield { type: 'stop', reason: filtered ? 'refusal' : event.type === 'response.incomplete' ? 'length' : 'end' }
    } else if (event.type === 'response.failed') {
      throw new FaultError({ kind: 'stream-error', reason: event.response.error?.code ?? '' })
    } else yield { type: 'alive' }
  }
}

function outputLimit(model: string, maxOutputTokens: number): number {
  return Math.max(maxOutputTokens, LEAST_OUTPUT_TOKENS) + (gptThinks(model) ? THINKING_ALLOWANCE : 0)
}

/** A message as items of the API: results, then what was said, then calls. */
function asItems({
  role,
  text,
  pictures = [],
  toolCalls = [],
  toolResults = [],
  carried,
}: LanguageMessage): OpenAI.Responses.ResponseInputItem[] {
  if (carried instanceof WrittenItems) return [...carried.items]
  const images = pictures.map(({ mediaType, bytes }) => ({
    type: 'input_image' as const,
    detail: 'auto' as const,
    image_url: `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`,
  }))
  const said: OpenAI.Responses.ResponseInputItem[] =
    images.length > 0
      ? [{ role: 'user', content: [...images, ...(text.trim() === '' ? [] : [{ type: 'input_text' as const, text }])] }]
      : text.trim() === ''
        ? []
        : [{ role, content: text }]
  return [
    ...toolResults.map(({ callId, text: output }) => ({
      type: 'function_call_output' as const,
      call_id: callId,
      output,
    })),
    ...said,
    ...toolCalls.map(({ id, name, input }) => ({
      type: 'function_call' as const,
      call_id: id,
      name,
      arguments: JSON.stringify(input ?? {}),
    })),
  ]
}

/** What the model put out, thoughts included, as it must go back with the results of its calls. */
class WrittenItems {
  readonly items: readonly OpenAI.Responses.ResponseInputItem[]

  constructor(items: readonly OpenAI.Responses.ResponseInputItem[]) {
    this.items = items
  }
}
