import {
  contentText,
  type Failure,
  halves,
  list,
  names,
  parts,
  promptOf,
  record,
  STATUS,
  sse,
  THOUGHT,
  type Wire,
} from './wires.ts'

const ERROR_TYPES: Record<Failure, string> = {
  unauthorized: 'authentication_error',
  forbidden: 'permission_error',
  'unknown-model': 'not_found_error',
  'bad-request': 'invalid_request_error',
  'too-long': 'invalid_request_error',
  'no-credit': 'billing_error',
  'rate-limited': 'rate_limit_error',
  error: 'api_error',
  overloaded: 'overloaded_error',
}

const STOP_REASONS = { end: 'end_turn', length: 'max_tokens', refusal: 'refusal', tools: 'tool_use' }

/** Anthropic's Messages API: POST /v1/messages with `stream: true`. */
export const anthropicWire: Wire = {
  name: 'anthropic',
  readPrompt: (body) => promptOf(contentText(record(body).system), list(record(body).messages)),
  readTools: (body) => {
    const messages = list(record(body).messages)
    const last = messages.findLastIndex(({ role, content }) => role === 'user' && contentText(content) !== '')
    const since = messages.slice(last + 1).flatMap(({ content }) => parts(content))
    return {
      offered: record(record(body).tool_choice).type === 'none' ? [] : names(record(body).tools, ({ name }) => name),
      results: since.filter(({ type }) => type === 'tool_result').map(({ content }) => String(content)),
      carried: since.some(
        ({ type, thinking, signature }) =>
          type === 'thinking' && thinking === THOUGHT.text && signature === THOUGHT.seal,
      ),
    }
  },
  readPictures: (body) =>
    list(record(body).messages)
      .flatMap(({ content }) => parts(content))
      .filter(({ type }) => type === 'image')
      .map(({ source }) => ({
        mediaType: String(record(source).media_type),
        bytes: Buffer.from(String(record(source).data), 'base64').length,
      })),
  calls: (calls) => [
    sse(
      { type: 'content_block_start', index: 1, content_block: { type: 'thinking', thinking: '', signature: '' } },
      'content_block_start',
    ),
    sse(
      { type: 'content_block_delta', index: 1, delta: { type: 'thinking_delta', thinking: THOUGHT.text } },
      'content_block_delta',
    ),
    sse(
      { type: 'content_block_delta', index: 1, delta: { type: 'signature_delta', signature: THOUGHT.seal } },
      'content_block_delta',
    ),
    sse({ type: 'content_block_stop', index: 1 }, 'content_block_stop'),
    ...calls.flatMap(({ name, json, id }, at) => {
      const index = at + 2
      return [
        sse(
          {
            type: 'content_block_start',
            index,
            content_block: { type: 'tool_use', id: id ?? `toolu_${at + 1}`, name, input: {} },
          },
          'content_block_start',
        ),
        ...halves(json).map((half) =>
          sse(
            { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: half } },
            'content_block_delta',
          ),
        ),
        sse({ type: 'content_block_stop', index }, 'content_block_stop'),
      ]
    }),
  ],
  opening: (model, usage) => [
    sse(
      {
        type: 'message_start',
        message: {
          id: 'msg_scripted',
          type: 'message',
          role: 'assistant',
          model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: usage.inputTokens, output_tokens: 1 },
        },
      },
      'message_start',
    ),
    sse({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }, 'content_block_start'),
    sse({ type: 'ping' }, 'ping'),
  ],
  text: (piece) =>
    sse({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } }, 'content_block_delta'),
  closing: (_model, ending, usage) => [
    sse({ type: 'content_block_stop', index: 0 }, 'content_block_stop'),
    sse(
      {
        type: 'message_delta',
        delta: { stop_reason: STOP_REASONS[ending], stop_sequence: null },
        usage: { output_tokens: usage.outputTokens },
      },
      'message_delta',
    ),
    sse({ type: 'message_stop' }, 'message_stop'),
  ],
  streamError: (failure) =>
    sse({ type: 'error', error: { type: ERROR_TYPES[failure], message: 'scripted failure' } }, 'error'),
  errorBody: (failure, message) => ({
    status: failure === 'no-credit' ? 402 : STATUS[failure],
    body: { type: 'error', error: { type: ERROR_TYPES[failure], message }, request_id: 'req_scripted' },
  }),
}
