import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Failure, toFailure } from '../../backend/failure.ts'
import { keys } from '../../backend/queries.ts'

/** Follows what the core tells of a pairing, step by step. Leaving the screen ends it. */
export function useSteps<Step>() {
  const cache = useQueryClient()
  const [step, setStep] = useState<Step | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  const begin = useCallback(
    async (steps: (signal: AbortSignal) => Promise<AsyncIterable<Step>>) => {
      running.current?.abort()
      const stop = new AbortController()
      running.current = stop
      setStep(null)
      setFailure(null)
      try {
        for await (const next of await steps(stop.signal)) if (!stop.signal.aborted) setStep(next)
      } catch (error) {
        if (!stop.signal.aborted) setFailure(toFailure(error))
      } finally {
        if (!stop.signal.aborted) void cache.invalidateQueries({ queryKey: keys.sync })
      }
    },
    [cache],
  )
  return { step, failure, begin }
}
