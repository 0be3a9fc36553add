import type { Bridge } from '../../src-core/contract/index.ts'

/** A desktop that does not answer in this time, in milliseconds, tells nothing. */
const PATIENCE = 2_000

/** Asks the desktop around this page for the titles of open windows. Null where it does not say. */
export function openWindows(bridge: Bridge): () => Promise<string[] | null> {
  const waiting = new Map<number, (titles: string[] | null) => void>()
  let asked = 0
  bridge.subscribe((message) => {
    if (message.type === 'windows') waiting.get(message.ask)?.(message.titles)
  })
  return async () => {
    const ask = ++asked
    const { promise, resolve } = Promise.withResolvers<string[] | null>()
    waiting.set(ask, resolve)
    const timer = setTimeout(() => resolve(null), PATIENCE)
    bridge.send({ type: 'list-windows', ask })
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      waiting.delete(ask)
    }
  }
}
