import type { LearnerDocument } from '../../src-core/contract/index.ts'
import type { Failure } from '../backend/failure.ts'

/** Why a document could not be read, ready to be put into words. */
export function failureOf({ error }: Pick<LearnerDocument, 'error'>): Failure {
  return { code: error?.code ?? 'internal', message: '', advice: '', params: error?.params ?? {} }
}
