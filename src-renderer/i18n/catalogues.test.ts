import { describe, expect, test } from 'vitest'
import { schemas } from '../../src-core/contract/index.ts'
import { SCREEN_FAULTS } from '../backend/failure.ts'
import de from './de.json'
import en from './en.json'
import es from './es.json'

const catalogues: Record<string, object> = { en, de, es }
const PLURAL = /_(zero|one|two|few|many|other)$/

/** Every sentence by its path, such as `talk.step.found_one`. */
function sentences(catalogue: object, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(catalogue)) {
    if (typeof value === 'string') found.set(path + key, value)
    else for (const entry of sentences(value, `${path}${key}.`)) found.set(...entry)
  }
  return found
}

/** The values that a sentence needs. */
const needs = (sentence: string) => [...new Set(sentence.match(/\{\{\w+\}\}/g))].sort()

describe.each(Object.entries(catalogues))('the catalogue %s', (language, catalogue) => {
  const own = sentences(catalogue)
  const english = sentences(en)

  test('has the sentences of the English one, in each plural of its language, and no others', () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    const expected = [...english.keys()].flatMap((key) => {
      if (!PLURAL.test(key)) return [key]
      return key.endsWith('_other') ? pluralCategories.map((plural) => key.replace(PLURAL, `_${plural}`)) : []
    })
    expect([...own.keys()].sort()).toEqual(expected.sort())
  })

  test('needs the same values as the English one', () => {
    for (const [key, sentence] of own) {
      const model = english.get(key) ?? english.get(key.replace(PLURAL, '_other')) ?? ''
      expect(needs(sentence), key).toEqual(needs(model))
    }
  })

  test('has words for every error', () => {
    const codes = [...schemas.wireError.shape.code.options, ...SCREEN_FAULTS]
    const errors = (catalogue as typeof en).errors as Record<string, { what: string; next: string }>
    expect(Object.keys(errors).sort()).toEqual([...codes].sort())
    for (const code of codes) {
      expect(errors[code]?.what, code).toMatch(/\p{L}.*[.!)]$/u)
      if (code !== 'cancelled') expect(errors[code]?.next, code).toMatch(/\p{L}.*[.!]$/u)
    }
  })

  test('holds no blank sentence but those that are meant to be', () => {
    expect([...own].filter(([, sentence]) => sentence.trim() === '').map(([key]) => key)).toEqual([
      'errors.cancelled.next',
    ])
  })
})
