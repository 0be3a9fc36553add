import { describe, expect, it } from 'vitest'
import { errorFromWire, errorToWire, isLvaError, LvaError, toLvaError } from './errors.ts'

describe('errors', () => {
  it('cross a process with everything a screen needs, and nothing else', () => {
    const error = new LvaError('disk-full', 'The disk is full.', {
      advice: 'Free some space.',
      params: { bytes: 1 },
      cause: new Error('inner'),
    })
    const back = errorFromWire(JSON.parse(JSON.stringify(errorToWire(error))))
    expect(back).toMatchObject({
      code: 'disk-full',
      message: 'The disk is full.',
      advice: 'Free some space.',
      params: { bytes: 1 },
    })
    expect(JSON.stringify(errorToWire(error))).not.toContain('inner')
  })

  it('turn an abort into cancelled and a stranger into internal without its words', () => {
    expect(toLvaError(new DOMException('x', 'AbortError')).code).toBe('cancelled')
    const internal = toLvaError(new Error('what the learner said'))
    expect(internal.code).toBe('internal')
    expect(JSON.stringify(errorToWire(internal))).not.toContain('learner said')
  })

  it('are told apart by code', () => {
    expect(isLvaError(new LvaError('not-found', 'x'), 'not-found')).toBe(true)
    expect(isLvaError(new LvaError('not-found', 'x'), 'timeout')).toBe(false)
    expect(isLvaError(new Error('x'))).toBe(false)
  })
})
