import { ORPCError, ValidationError } from '@orpc/server'
import { errorToWire, type Log, LvaError, toLvaError } from '../../kernel/index.ts'

/**
 * The one error that crosses to clients. A programming error or a failed database becomes `internal` and is logged; its own message
 * stays here, because it may quote what the learner said.
 * @param procedure name such as `turns.send`, for the log
 */
export function toWireError(error: unknown, procedure: string, log: Log): ORPCError<'LVA', unknown> {
  const known = fromValidation(error) ?? toLvaError(error)
  if (known.code === 'internal') log.error({ procedure, error: known.cause ?? known }, 'a procedure failed')
  else if (known.code !== 'cancelled') log.info({ procedure, code: known.code }, 'a procedure was refused')
  return new ORPCError('LVA', { status: 500, message: known.message, data: errorToWire(known), cause: known })
}

/** An input that does not fit its schema; the sentence names the field and never repeats its value. */
function fromValidation(error: unknown): LvaError | undefined {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return undefined
  const issues = error.cause instanceof ValidationError ? error.cause.issues : []
  const fields = issues.map((issue) => (issue.path ?? []).map(segmentName).join('.')).filter((field) => field !== '')
  const named = [...new Set(fields)].slice(0, 5).join(', ')
  return new LvaError('bad-input', named ? `These values do not fit: ${named}.` : 'The request does not fit.', {
    advice: 'Correct the values and try again.',
    params: { fields: named },
    cause: error,
  })
}

function segmentName(segment: PropertyKey | { key: PropertyKey }): string {
  return String(typeof segment === 'object' ? segment.key : segment)
}
