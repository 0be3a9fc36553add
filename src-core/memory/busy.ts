/** Other background work, as those see it who let it go first. */
export interface Busy {
  isBusy(): boolean
  /** Called when it has nothing to do, or has to wait. */
  onRest(listener: () => void): () => void
}

/** Busy while any of them is. */
export function anyOf(...all: readonly Busy[]): Busy {
  return {
    isBusy: () => all.some((one) => one.isBusy()),
    onRest(listener) {
      const stops = all.map((one) => one.onRest(listener))
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}
