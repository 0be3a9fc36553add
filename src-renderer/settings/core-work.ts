import { useEffect, useRef, useState } from 'react'
import { type Failure, toFailure } from '../backend/failure.ts'

/** Work of the core that says how far it is, until it is done, failed or was stopped. */
export interface CoreWork<P> {
  isRunning: boolean
  progress: P | null
  failure: Failure | null
  /** Resolves with the last event; with null when it failed or was stopped. One work at a time. */
  run<D extends { type: 'done' }>(start: (signal: AbortSignal) => Promise<AsyncIterable<P | D>>): Promise<D | null>
  /** Stops what runs; what was written stays. */
  stop(): void
}

export function useCoreWork<P extends { type: 'progress' }>(): CoreWork<P> {
  const [isRunning, setRunning] = useState(false)
  const [progress, setProgress] = useState<P | null>(null)
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
          if (event.type === 'done') return event
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
