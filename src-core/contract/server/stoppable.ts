/**
 * The same stream, which ends as soon as `signal` says so instead of at its next value: a client that stopped listening to a quiet
 * stream must not keep it open. The source is told by `return()` and may still finish what it has to finish.
 * @param unfinished told of that last work, so that the program does not close under it
 */
export function stoppable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
  unfinished: (work: Promise<unknown>) => void,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]()
      let step: Promise<IteratorResult<T>> | undefined
      const stopped = Promise.withResolvers<IteratorResult<T>>()
      const onAbort = () => {
        unfinished(Promise.allSettled([step, iterator.return?.()]))
        stopped.resolve({ done: true, value: undefined })
      }
      const forget = () => signal.removeEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
      else signal.addEventListener('abort', onAbort, { once: true })
      return {
        async next() {
          if (signal.aborted) return stopped.promise
          step = iterator.next()
          const result = await Promise.race([stopped.promise, step])
          if (result.done) forget()
          return result
        },
        async return() {
          forget()
          if (!signal.aborted) await iterator.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
