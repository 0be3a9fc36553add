import type { SyncEngine } from './engine.ts'
import type { SyncState } from './state.ts'

/**
 * Tries now, and asks the relay.
 * @returns the state once all is synced, or it cannot go on by itself; at once while it is paused
 * @throws the signal's reason
 */
export function syncNow(engine: SyncEngine, signal: AbortSignal): Promise<SyncState> {
  engine.retry()
  return new Promise((resolve, reject) => {
    let isAsked = false
    const look = () => {
      if (!isAsked || !isOver(engine.state)) return
      stop()
      resolve(engine.state)
    }
    const stop = engine.onState(look)
    const abort = () => {
      stop()
      reject(signal.reason)
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    engine.check().then(() => {
      isAsked = true
      look()
    }, reject)
  })
}

function isOver({ synced, problem, phase }: SyncState): boolean {
  return synced || problem !== null || ['off', 'offline', 'paused', 'problem'].includes(phase)
}
