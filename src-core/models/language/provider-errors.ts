import { type ErrorCode, type ErrorParams, LvaError } from '../../kernel/index.ts'
import type { LanguageProvider } from '../types.ts'
import { type Fault, FaultError } from './faults.ts'

/** Whom an error is about. */
export interface Party {
  readonly provider: LanguageProvider
  readonly model: string
  /** Address that may be shown; only for a compatible server. */
  readonly address?: string
  readonly hasKey: boolean
}

/** An error of a provider, with what the retry layer needs. */
export class ProviderError extends LvaError {
  /** Whether the same call may succeed a moment later. */
  readonly isPassing: boolean
  /** Milliseconds that the provider asked to wait. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { advice: string; params: ErrorParams; cause?: unknown; isPassing?: boolean; retryAfterMs?: number },
  ) {
    super(code, message, options)
    this.isPassing = options.isPassing ?? false
    this.retryAfterMs = options.retryAfterMs
  }
}

/** How a sentence names the other side. */
export function nameOf({ provider, address }: Party): string {
  if (provider === 'anthropic') return 'Anthropic'
  if (provider === 'openai') return 'OpenAI'
  return address === undefined ? 'The model server' : `The server at ${address}`
}

export function paramsOf(party: Party, more: ErrorParams = {}): ErrorParams {
  const { provider, model, address } = party
  return { provider, name: nameOf(party), model, ...(address === undefined ? {} : { address }), ...more }
}

/**
 * Turns a fault into the error that a learner reads.
 * @param answerBegan whether some of the answer was already delivered: then whatever broke it, the answer is cut
 */
export function explainFault(fault: Fault, party: Party, answerBegan: boolean): ProviderError {
  const name = nameOf(party)
  const make = (
    code: ErrorCode,
    message: string,
    advice: string,
    options: { isPassing?: boolean; retryAfterMs?: number; params?: ErrorParams } = {},
  ) =>
    new ProviderError(code, message, {
      ...options,
      advice,
      params: paramsOf(party, options.params),
      cause: new FaultError(fault),
    })

  if (answerBegan) {
    return make(
      'provider-stream-cut',
      `${name} stopped in the middle of the answer.`,
      'Ask again; the unfinished answer is not kept.',
    )
  }
  switch (fault.kind) {
    case 'status':
      return explainStatus(fault, party, make)
    case 'stream-error':
      return explainReason(fault.reason, 500, party, make)
    case 'connection':
      return explainConnection(fault.system, party, make)
    case 'timeout':
      return make('timeout', `${name} did not answer in time.`, timeoutAdvice(party))
    case 'cut':
      return make(
        'provider-stream-cut',
        `${name} closed the connection before it answered.`,
        'Ask again in a moment.',
        { isPassing: true },
      )
    case 'unreadable':
      return make(
        'provider-not-understood',
        `${name} sent something that is not the answer of a language model.`,
        wrongAddressAdvice(party),
        { params: { reason: fault.detail } },
      )
    case 'unknown':
      return make(
        'internal',
        `The call to ${name} failed inside the program.`,
        'Try again; if it keeps happening, run "lva doctor" and report what it prints.',
      )
  }
}

/** The provider was silent for `ms` milliseconds. */
export function silenceError(party: Party, answerBegan: boolean, ms: number): ProviderError {
  const seconds = Math.max(1, Math.round(ms / 1_000))
  const message = answerBegan
    ? `${nameOf(party)} stopped in the middle of the answer and sent nothing for ${seconds} s.`
    : `${nameOf(party)} sent nothing for ${seconds} s.`
  return new ProviderError('timeout', message, { advice: timeoutAdvice(party), params: paramsOf(party, { seconds }) })
}

type Make = (
  code: ErrorCode,
  message: string,
  advice: string,
  options?: { isPassing?: boolean; retryAfterMs?: number; params?: ErrorParams },
) => ProviderError

function explainStatus(fault: Extract<Fault, { kind: 'status' }>, party: Party, make: Make): ProviderError {
  const name = nameOf(party)
  const { status, reason, retryAfterMs, mayRetry } = fault
  if (status === 429 && reason !== 'insufficient_quota') {
    const seconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1_000)
    return make(
      'provider-rate-limited',
      `${name} takes no more questions for now: too many came in a short time.`,
      seconds === undefined ? 'Wait a minute and ask again.' : `Ask again in ${waitWords(seconds)}.`,
      { isPassing: mayRetry, retryAfterMs, params: seconds === undefined ? {} : { seconds } },
    )
  }
  if (status === 401 || status === 403) return keyRefused(party, make)
  if ((status === 404 && fault.spokeApi) || /^(model_not_found|invalid_model)$/.test(reason))
    return modelUnknown(party, make)
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    return make(
      'provider-not-understood',
      `${name} answered, but there is no language model at that place.`,
      wrongAddressAdvice(party),
      { params: { reason: `HTTP ${status}` } },
    )
  }
  if (status >= 500 || status === 408 || status === 409) {
    return make(
      'provider-unavailable',
      status === 529 ? `${name} is overloaded.` : `${name} has trouble of its own (HTTP ${status}).`,
      'Wait a minute and ask again; what you said is kept.',
      { isPassing: mayRetry, retryAfterMs, params: { status } },
    )
  }
  return explainReason(reason, status, party, make)
}

/** Errors that are told apart by the provider's own word for them. */
function explainReason(reason: string, status: number, party: Party, make: Make): ProviderError {
  const name = nameOf(party)
  const params = { reason: reason === '' ? `HTTP ${status}` : reason }
  if (status === 413 || /context_length|exceed_context|too_large/.test(reason)) {
    return make(
      'provider-refused',
      `${name} refused the question because it is too long together with its memory.`,
      'Ask in fewer words, or start a new session.',
      { params },
    )
  }
  if (status === 402 || /billing|insufficient_quota|spend_limit/.test(reason)) {
    return make(
      'provider-refused',
      `${name} does not answer because the account has no credit left.`,
      'Add credit at the provider, or choose another model in Settings.',
      { params },
    )
  }
  if (/authentication|invalid_api_key|permission/.test(reason)) return keyRefused(party, make)
  if (/not_found|invalid_model/.test(reason)) return modelUnknown(party, make)
  if (/rate_limit/.test(reason)) {
    return make(
      'provider-rate-limited',
      `${name} takes no more questions for now: too many came in a short time.`,
      'Wait a minute and ask again.',
      { isPassing: true },
    )
  }
  if (status >= 500 && !/invalid|policy/.test(reason)) {
    return make(
      'provider-unavailable',
      reason === 'overloaded_error' ? `${name} is overloaded.` : `${name} has trouble of its own.`,
      'Wait a minute and ask again; what you said is kept.',
      { isPassing: true, params },
    )
  }
  return make(
    'provider-refused',
    `${name} refused the question (${params.reason}).`,
    'Choose another model in Settings, or say it in other words.',
    { params },
  )
}

function keyRefused(party: Party, make: Make): ProviderError {
  const name = nameOf(party)
  return party.hasKey
    ? make(
        'provider-key-refused',
        `${name} does not accept the key, or the key may not use the model "${party.model}".`,
        'Copy the key again from the provider into Settings and press "Test".',
      )
    : make(
        'provider-key-refused',
        `${name} asks for a key, and none is set.`,
        'Put the key of that server into Settings and press "Test".',
      )
}

function modelUnknown(party: Party, make: Make): ProviderError {
  return make(
    'provider-model-unknown',
    `${nameOf(party)} has no model named "${party.model}".`,
    party.provider === 'compatible'
      ? 'Choose one of its models in Settings, or load it on the server first.'
      : 'Choose another model in Settings.',
  )
}

function explainConnection(system: string, party: Party, make: Make): ProviderError {
  const name = nameOf(party)
  const params: ErrorParams = system === '' ? {} : { reason: system }
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(system)) {
    return make(
      'network-down',
      `No secure connection to ${lowerFirst(name)} could be made (${system}).`,
      "Check this computer's date, and whether the network asks for a sign-in page first.",
      { params },
    )
  }
  if (party.provider === 'compatible') {
    return make(
      'network-down',
      `${name} does not answer.`,
      'Start the model server, or correct its address in Settings.',
      { isPassing: true, params },
    )
  }
  return make(
    'network-down',
    `${name} cannot be reached: the network seems to be down.`,
    'Check the connection; the offline tutor answers from your memory meanwhile, and what you said is kept.',
    { isPassing: true, params },
  )
}

function timeoutAdvice({ provider }: Party): string {
  return provider === 'compatible'
    ? 'The server may still be loading the model: ask again in a moment, or choose a smaller model.'
    : 'Ask again; if it stays slow, choose another model in Settings.'
}

function wrongAddressAdvice({ provider }: Party): string {
  return provider === 'compatible'
    ? 'Check the address in Settings; that of Ollama is http://127.0.0.1:11434/v1.'
    : 'Remove the base URL from the configuration, unless you use a proxy on purpose.'
}

function waitWords(seconds: number): string {
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
}

function lowerFirst(text: string): string {
  return text.startsWith('The ') ? `t${text.slice(1)}` : text
}
