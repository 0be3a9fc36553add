import { useCallback } from 'react'
import { ScreenFault, toFailure } from '../backend/failure.ts'
import { useFailureWords } from '../i18n/failure-words.ts'
import { useToast } from './toasts.tsx'

/** Copies a text; says so when the browser refuses. @returns whether it was copied */
export function useCopy(): (text: string) => Promise<boolean> {
  const toast = useToast()
  const words = useFailureWords()
  return useCallback(
    async (text) => {
      try {
        await navigator.clipboard.writeText(text)
        return true
      } catch (error) {
        const { what, next } = words(toFailure(new ScreenFault('copy-failed', error)))
        toast({ text: what, detail: next })
        return false
      }
    },
    [toast, words],
  )
}
