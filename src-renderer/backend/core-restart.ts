import { useEffect, useRef, useState } from 'react'
import { useLineState } from './backend.tsx'

/** A core that should start again and does not is not waited for longer, in milliseconds. */
const PATIENCE_MS = 30_000

/**
 * Loads the page anew once the core has started again: nothing that this page remembers of the data that went may be shown as if it
 * were of the data that came. `begin` is called when the core has said that it will.
 */
export function useReloadAfterRestart(): { isRestarting: boolean; begin(): void } {
  const line = useLineState()
  const wasLost = useRef(false)
  const [isRestarting, setRestarting] = useState(false)
  useEffect(() => {
    if (!isRestarting) return
    if (line !== 'open') wasLost.current = true
    else if (wasLost.current) window.location.reload()
  }, [isRestarting, line])
  useEffect(() => {
    if (!isRestarting) return
    const timer = setTimeout(() => window.location.reload(), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [isRestarting])
  return { isRestarting, begin: () => setRestarting(true) }
}
