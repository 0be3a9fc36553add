import { openaiError, openaiErrorBody } from './openai-errors.ts'
import { contentText, list, promptOf, record, sse, type Wire } from './wires.ts'

function event(type: string, fields: object): string {
  return sse({ type, sequence_number: 0, ...fields }, type)
}

function response(model: string, status: string, fields: object = {}) {
  return { id: 'resp_scripted', object: 'response', created_at: 0, model, status, output: [], ...fields }
}

/** OpenAI's Responses API: POST /v1/responses with `stream: true`. */
export const openaiResponsesWire: Wire = {
  name: 'openai-responses',
  readPrompt: (body) => promptOf(contentText(record(body).instructions), list(record(body).input)),
  opening: (model) => [
    event('response.created', { response: response(model, 'in_progress') }),
    event('response.output_item.added', {
      output_index: 0,
      item: { id: 'item', type: 'message', role: 'assistant', status: 'in_progress', content: [] },
    }),
  ],
  text: (piece) =>
    event('response.output_text.delta', { item_id: 'item', output_index: 0, content_index: 0, delta: piece }),
  closing: (model, ending, usage) => {
    const counted = {
      usage: {
        input_tokens: usage.inputTokens,
        output_tokens: usage.outputTokens,
        total_tokens: usage.inputTokens + usage.outputTokens,
      },
    }
    if (ending === 'end') {
      return [event('response.completed', { response: response(model, 'completed', counted) })]
    }
    const reason = ending === 'length' ? 'max_output_tokens' : 'content_filter'
    return [
      event('response.incomplete', {
        response: response(model, 'incomplete', { incomplete_details: { reason }, ...counted }),
      }),
    ]
  },
  streamError: (failure) =>
    event('response.failed', {
      response: response('', 'failed', { error: { code: openaiError(failure, '').code, message: 'scripted failure' } }),
    }),
  errorBody: openaiErrorBody,
}
