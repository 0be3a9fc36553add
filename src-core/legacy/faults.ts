import { LvaError } from '../kernel/index.ts'

/** v1's name for its database, wherever it lies. */
export const DATABASE_NAME = 'learning_captures.db'

export function notFound(message: string): LvaError {
  return new LvaError('legacy-not-found', message, {
    advice: `Give the path of ${DATABASE_NAME}, of a folder that holds it, or of a zip.`,
  })
}

export function changed(): LvaError {
  return new LvaError('legacy-changed', 'The database of v1 changed while it was read.', {
    advice: 'Stop v1 and run it again; it goes on where it stopped.',
  })
}

export function archiveRefused(why: string, cause?: unknown): LvaError {
  return new LvaError('legacy-archive-refused', `The zip was not unpacked. ${why}`, {
    advice: `Unpack ${DATABASE_NAME} yourself and choose that.`,
    ...(cause === undefined ? {} : { cause }),
  })
}

export function redisUnreadable(message: string, cause?: unknown): LvaError {
  return new LvaError('legacy-redis-unreadable', message, {
    advice: 'Give redis://HOST:PORT, an RDB file or a JSON file of keys and values, or leave Redis out.',
    ...(cause === undefined ? {} : { cause }),
  })
}

export function noSpace(cause?: unknown): LvaError {
  return new LvaError('disk-full', 'There is no space left on the disk.', {
    advice: 'Free some space and run it again; it goes on where it stopped.',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** What the file system says about a full disk, as the program says it; anything else stays as it is. */
export function asNoSpace(error: unknown): unknown {
  const isFull = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
  return isFull ? noSpace(error) : error
}

export function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LvaError('cancelled', 'Stopped.')
}
