import { setTimeout as sleep } from 'node:timers/promises'

const SAMPLE_MS = 100

/** The result of some work, its seconds, and the resident megabytes at most while it ran, beyond what there were before. */
export async function peakOf<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number; peakMb: number }> {
  const before = process.memoryUsage.rss()
  let peak = before
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      peak = Math.max(peak, process.memoryUsage.rss())
      await sleep(SAMPLE_MS)
    }
  })()
  const begun = performance.now()
  const result = await work()
  const seconds = (performance.now() - begun) / 1_000
  isOver = true
  await watching
  return { result, seconds, peakMb: (peak - before) / 2 ** 20 }
}
