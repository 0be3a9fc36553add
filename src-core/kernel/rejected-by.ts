/** Rejects with the reason of `signal` once it is aborted, at once where it is already; forgets it when `over` is aborted. */
export function rejectedBy(signal: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason), { signal: over })
  })
}
