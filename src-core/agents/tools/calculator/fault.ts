import { LvaError } from '../../../kernel/index.ts'

/**
 * The problem never quotes words of the expression, which may be the learner's: it goes to logs.
 * @param at place in the expression, in UTF-16 code units from 0; told from 1
 */
export function calculationFault(problem: string, at?: number): LvaError {
  const place = at === undefined ? '' : ` (at character ${at + 1})`
  return new LvaError('bad-input', `This cannot be calculated: ${problem}${place}.`, {
    advice: 'Write it with digits, + - * / ^ % ! and parentheses, such as (3 + 4.5) * 2.',
    ...(at !== undefined && { params: { position: at + 1 } }),
  })
}
