import { expect, test } from 'vitest'
import type { Failure } from '../backend/failure.ts'
import { failureWords } from './failure-words.ts'
import { createI18n, speakLanguage } from './i18n.ts'

const failure = (code: Failure['code'], params: Failure['params'] = {}): Failure => ({
  code,
  message: 'Core says what.',
  advice: 'Core says what next.',
  params,
})

test('speaks the language of the screens, with the values of the failure', async () => {
  const catalogues = createI18n()
  expect(failureWords(catalogues, failure('provider-key-refused', { name: 'OpenAI' }))).toEqual({
    what: 'OpenAI does not accept the key.',
    next: 'Copy it again from the provider into Settings, and test it there.',
  })
  await speakLanguage(catalogues, 'de')
  expect(failureWords(catalogues, failure('disk-full')).what).toBe('Die Platte ist voll.')
})

test('gives way to the sentence of the core where a value or a word is missing', () => {
  const catalogues = createI18n()
  expect(failureWords(catalogues, failure('provider-key-refused')).what).toBe('Core says what.')
  expect(failureWords(catalogues, failure('from-a-newer-core' as Failure['code']))).toEqual({
    what: 'Core says what.',
    next: 'Core says what next.',
  })
})

test('a value is shown as it is, never looked into', () => {
  const { what } = failureWords(
    createI18n(),
    failure('provider-model-unknown', { name: 'OpenAI', model: '{{name}} <b> $&' }),
  )
  expect(what).toBe('OpenAI has no model named “{{name}} <b> $&”.')
})
