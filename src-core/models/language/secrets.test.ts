import { expect, it } from 'vitest'
import { HIDDEN, hideSecrets } from './secrets.ts'

it('hides a secret however it is spelled', () => {
  const secret = 'p@ss/wörd'
  const encoded = Buffer.from(secret).toString('base64')
  expect(hideSecrets(`a ${secret} b ${encodeURIComponent(secret)} c ${encoded}`, [secret])).toBe(
    `a ${HIDDEN} b ${HIDDEN} c ${HIDDEN}`,
  )
})

it('leaves the text alone where a secret is too short to be looked for', () => {
  expect(hideSecrets('about a cab', ['', 'ab'])).toBe('about a cab')
})
