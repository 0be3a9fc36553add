import { constants } from 'node:fs'
import { type FileHandle, open, realpath, stat } from 'node:fs/promises'
import { type Clock, LvaError } from '../../kernel/index.ts'
import { fileUnreadable, tooLarge } from './errors.ts'

/** A file as it was seen. */
export interface SeenFile {
  /** In bytes. */
  size: number
  /** Whole milliseconds since 1970. */
  modifiedMs: number
}

/** Systems tell times no finer than this, in milliseconds: what changed less long ago may change again without a sign. */
const FINEST_TIME_MS = 20
const NANOSECONDS_PER_MS = 1_000_000n
const BYTES_PER_MB = 2 ** 20
/** How often, and in which time, a file that changes is looked at again. */
const TRIES = 5
const BETWEEN_MS = 400

/**
 * The bytes of a file that is at rest; undefined when it is another one than was seen, or changes while it is read. A link is not followed.
 * @throws LvaError document-too-large, file-unreadable
 */
export async function readUnchanged(
  path: string,
  seen: SeenFile,
  fileMb: number,
  clock: Pick<Clock, 'now' | 'sleep'>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (seen.size > fileMb * BYTES_PER_MB) throw tooLarge(fileMb)
  try {
    // The name may have become a link since it was seen.
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    try {
      const before = await restingState(file, clock)
      if (!isSeen(await file.stat(), seen)) return undefined
      const bytes = await file.readFile()
      const after = await file.stat({ bigint: true })
      const isSame =
        after.size === before.size &&
        after.mtimeNs === before.mtimeNs &&
        after.ctimeNs === before.ctimeNs &&
        bytes.length === seen.size
      return isSame ? new Uint8Array(bytes) : undefined
    } finally {
      await file.close()
    }
  } catch (error) {
    throw fileUnreadable(error)
  }
}

/**
 * The bytes of a file that somebody names: the whole of what it was at one time.
 * @throws LvaError document-too-large, file-unreadable, file-changing
 */
export async function readAtRest(path: string, fileMb: number, clock: Pick<Clock, 'now' | 'sleep'>) {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await clock.sleep(BETWEEN_MS)
    const file = await seenFile(path)
    const bytes = await readUnchanged(file.path, file, fileMb, clock)
    if (bytes) return bytes
  }
  throw new LvaError('file-changing', 'The file changes while it is read.', {
    advice: 'Wait until the program that writes it is done, and add it again.',
  })
}

function isSeen({ size, mtimeMs }: { size: number; mtimeMs: number }, seen: SeenFile): boolean {
  return size === seen.size && Math.floor(mtimeMs) === seen.modifiedMs
}

/** The state of a file that has not changed for as long as a system may tell two changes apart. */
async function restingState(file: FileHandle, clock: Pick<Clock, 'now' | 'sleep'>) {
  const state = await file.stat({ bigint: true })
  const age = clock.now() - Number(state.ctimeNs / NANOSECONDS_PER_MS)
  if (age < 0 || age >= FINEST_TIME_MS) return state
  await clock.sleep(FINEST_TIME_MS - age)
  return file.stat({ bigint: true })
}

async function seenFile(path: string): Promise<SeenFile & { path: string }> {
  try {
    // Somebody who names a link means what it leads to.
    const real = await realpath(path)
    const { size, mtimeMs } = await stat(real)
    return { path: real, size, modifiedMs: Math.floor(mtimeMs) }
  } catch (error) {
    throw fileUnreadable(error)
  }
}
