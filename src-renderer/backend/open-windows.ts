import type { Bridge } from '../../src-core/contract/index.ts'

/** A desktop that does not answer in this time, in milliseconds, tells nothing. */
const PATIENCE = 2_000

/** Asks the desktop around this page for the titles of open windows. Empty where it does not say. */
export function openWindows(bridge: Bridge): () => Promise<string[]> {
  let hear: (titles: string[]) => void = () => undefined
  bridge.subscribe((message) => {
    if (message.type === 'windows') hear(message.titles)
  })
  return () => {
    const { promise, resolve } = Promise.withResolvers<string[]>()
    const timer = setTimeout(() => resolve([]), PATIENCE)
    hear = (titles) => {
      clearTimeout(timer)
      resolve(titles)
    }
    bridge.send({ type: 'list-windows' })
    return promise
  }
}
