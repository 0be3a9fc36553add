import { contentText, type Failure, list, promptOf, record, STATUS, sse, type Wire } from './wires.ts'

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

const STOP_REASONS = { end: 'end_turn', length: 'max_tokens', refusal: 'refusal' }

/** Anthropic's Messages API: POST /v1/messages with `stream: true`. */
export const anthropicWire: Wire = {
  name: 'anthropic',
  readPrompt: (body) => promptOf(contentText(record(body).system), list(record(body).messages)),
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
