import { type Failure, STATUS } from './wires.ts'

const TYPES: Record<Failure, string> = {
  unauthorized: 'invalid_request_error',
  forbidden: 'invalid_request_error',
  'unknown-model': 'invalid_request_error',
  'bad-request': 'invalid_request_error',
  'too-long': 'invalid_request_error',
  'no-credit': 'insufficient_quota',
  'rate-limited': 'rate_limit_exceeded',
  error: 'server_error',
  overloaded: 'server_error',
}

const CODES: Record<Failure, string | null> = {
  unauthorized: 'invalid_api_key',
  forbidden: null,
  'unknown-model': 'model_not_found',
  'bad-request': 'unsupported_value',
  'too-long': 'context_length_exceeded',
  'no-credit': 'insufficient_quota',
  'rate-limited': 'rate_limit_exceeded',
  error: 'server_error',
  overloaded: 'server_error',
}

export function openaiError(failure: Failure, message: string) {
  return { message, type: TYPES[failure], param: null, code: CODES[failure] }
}

export function openaiErrorBody(failure: Failure, message: string) {
  return {
    status: failure === 'no-credit' ? 429 : STATUS[failure],
    body: { error: openaiError(failure, message) },
  }
}
