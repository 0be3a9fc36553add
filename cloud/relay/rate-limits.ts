import type { Clock } from '../../src-core/kernel/index.ts'

/** Counts tries in windows of time. */
export interface RateLimits {
  /**
   * Counts one try. @returns 0 where it may be made, else the milliseconds to wait
   * @param windowMs length of the window; a new one begins with the first try after it
   */
  count(key: string, most: number, windowMs: number): Promise<number>
}

/** Counts as `RateLimits` does, in this process and without waiting. */
export interface Windows {
  count(key: string, most: number, windowMs: number): number
}

export function createWindows(clock: Clock): Windows {
  const windows = new Map<string, { count: number; ends: number }>()
  let swept = clock.monotonic()
  return {
    count(key, most, windowMs) {
      const now = clock.monotonic()
      if (now - swept > windowMs) {
        swept = now
        for (const [name, { ends }] of windows) if (ends <= now) windows.delete(name)
      }
      const known = windows.get(key)
      const window = known && known.ends > now ? known : { count: 0, ends: now + windowMs }
      window.count += 1
      windows.set(key, window)
      return window.count > most ? Math.ceil(window.ends - now) : 0
    },
  }
}

/** For one node. */
export function memoryRateLimits(clock: Clock): RateLimits {
  const windows = createWindows(clock)
  return { count: async (key, most, windowMs) => windows.count(key, most, windowMs) }
}

/** What of a Redis client is used here. */
export interface RedisCounter {
  incr(key: string): Promise<number>
  pexpire(key: string, ms: number): Promise<unknown>
  pttl(key: string): Promise<number>
}

/** For several nodes: counted in Redis. */
export function redisRateLimits(redis: RedisCounter): RateLimits {
  return {
    async count(key, most, windowMs) {
      const name = `lva:rate:${key}`
      const count = await redis.incr(name)
      let left = await redis.pttl(name)
      // Also where a node ended between counting and setting the end.
      if (count === 1 || left < 0) {
        await redis.pexpire(name, windowMs)
        left = windowMs
      }
      return count > most ? Math.max(1, left) : 0
    },
  }
}
