import { afterEach, expect, test, vi } from 'vitest'
import { forgetErasure, lastErasure, rememberErasure } from './last-erasure.ts'

afterEach(() => vi.unstubAllGlobals())

test('what was deleted is told, and let go, also where the browser keeps nothing for pages', () => {
  const refused = {
    get: () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    },
  }
  for (const name of ['localStorage', 'sessionStorage']) vi.stubGlobal(name, new Proxy({}, refused))
  expect(lastErasure()).toBeNull()
  const erasure = { backups: 2 } as unknown as Parameters<typeof rememberErasure>[0]
  rememberErasure(erasure)
  expect(lastErasure()).toEqual(erasure)
  forgetErasure()
  expect(lastErasure()).toBeNull()
})
