import type { i18n } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../backend/failure.ts'

/** A failure as the learner reads it. */
export interface FailureWords {
  /** What happened. */
  what: string
  /** What to do next; empty where nothing needs doing. */
  next: string
}

/**
 * The words of the catalogue for a failure. A sentence that needs a value which the failure does not carry, and a code without words, give
 * way to the core's own English.
 */
export function failureWords(catalogues: Pick<i18n, 'getResource' | 'language' | 't'>, failure: Failure): FailureWords {
  const sentence = (part: 'what' | 'next', own: string) => {
    const key = `errors.${failure.code}.${part}`
    const template: unknown = catalogues.getResource(catalogues.language, 'translation', key)
    if (typeof template !== 'string') return own
    const needed = [...template.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name as string)
    if (needed.some((name) => failure.params[name] === undefined)) return own
    return template.replace(/\{\{\s*(\w+)[^}]*\}\}/g, (_, name: string) => String(failure.params[name]))
  }
  return { what: sentence('what', failure.message), next: sentence('next', failure.advice) }
}

export function useFailureWords(): (failure: Failure) => FailureWords {
  const { i18n } = useTranslation()
  return useCallback((failure) => failureWords(i18n, failure), [i18n])
}
