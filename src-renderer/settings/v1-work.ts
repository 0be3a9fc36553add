import { useEffect, useRef, useState } from 'react'
import type { V1Progress } from '../../src-core/contract/index.ts'
import { type Failure, toFailure } from '../backend/failure.ts'

type Event<T> = V1Progress | { type: 'done'; report: T }

/** Work of the core that says how far it is, until it is done, failed or was stopped. */
export interface V1Work {
  isRunning: boolean
  progress: V1Progress | null
  failure: Failure | null
  /** Resolves with the report; with null when it failed or was stopped. */
  run<T>(start: (signal: AbortSignal) => Promise<AsyncIterable<Event<T>>>): Promise<T | null>
  /** Stops what runs; what was written stays. */
  stop(): void
}

export function useV1Work(): V1Work {
  const [isRunning, setRunning] = useState(false)
  const [progress, setProgress] = useState<V1Progress | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const controller = useRef<AbortController | null>(null)
  useEffect(() => () => controller.current?.abort(), [])
  return {
    isRunning,
    progress,
    failure,
    stop: () => controller.current?.abort(),
    async run(start) {
      const stopping = new AbortController()
      const { signal } = stopping
      controller.current = stopping
      setRunning(true)
      setProgress(null)
      setFailure(null)
      try {
        for await (const event of await start(signal)) {
          if (event.type === 'done') return event.report
          setProgress(event)
        }
      } catch (error) {
        if (!signal.aborted) setFailure(toFailure(error))
      } finally {
        setRunning(false)
      }
      return null
    },
  }
}
