import { openaiError, openaiErrorBody } from './openai-errors.ts'
import {
  contentText,
  halves,
  list,
  names,
  parts,
  pictureOf,
  promptOf,
  record,
  sse,
  THOUGHT,
  type Wire,
} from './wires.ts'

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
  readTools: (body) => {
    const items = list(record(body).input)
    const last = items.findLastIndex(({ role }) => role === 'user')
    const since = items.slice(last + 1).map(record)
    return {
      offered: record(body).tool_choice === 'none' ? [] : names(record(body).tools, ({ name }) => name),
      results: since.filter(({ type }) => type === 'function_call_output').map(({ output }) => String(output)),
      carried: since.some(({ type, encrypted_content: sealed }) => type === 'reasoning' && sealed === THOUGHT.seal),
    }
  },
  readPictures: (body) =>
    list(record(body).input)
      .flatMap(({ content }) => parts(content))
      .flatMap(({ image_url: address }) => pictureOf(address)),
  calls: (calls) => {
    const thought = { id: 'rs_scripted', type: 'reasoning', summary: [], encrypted_content: THOUGHT.seal }
    return [
      event('response.output_item.added', { output_index: 1, item: { ...thought, encrypted_content: null } }),
      event('response.output_item.done', { output_index: 1, item: thought }),
      ...calls.flatMap(({ name, json, id }, at) => {
        const index = at + 2
        const item = { id: `fc_${at}`, type: 'function_call', call_id: id ?? `call_${at + 1}`, name, arguments: '' }
        const done = { ...item, arguments: json, status: 'completed' }
        return [
          event('response.output_item.added', { output_index: index, item }),
          ...halves(json).map((delta) =>
            event('response.function_call_arguments.delta', { item_id: item.id, output_index: index, delta }),
          ),
          event('response.output_item.done', { output_index: index, item: done }),
        ]
      }),
    ]
  },
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
    if (ending === 'end' || ending === 'tools') {
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
