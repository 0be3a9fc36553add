import { expect, test } from 'vitest'
import { bestLanguage } from './i18n.ts'

test.each([
  ['system', ['de-AT', 'en'], 'de'],
  ['system', ['fr', 'es-MX'], 'es'],
  ['system', ['ja'], 'en'],
  ['system', [], 'en'],
  ['es', ['de'], 'es'],
] as const)('%s with %j reads %s', (setting, preferred, language) => {
  expect(bestLanguage(setting, preferred)).toBe(language)
})
