import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { type Clock, LvaError } from '../kernel/index.ts'
import { processExists, processStart } from './process-identity.ts'

export type HostKind = 'electron' | 'browser' | 'cli' | 'relay'

/** Who holds a data folder, as `lva.lock` says. */
export interface LockHolder {
  pid: number
  /** When that process was started (`processStart`); null where the system does not tell. */
  processStart: string | null
  machine: string
  kind: HostKind
  /** ISO 8601 instant. */
  lockedAt: string
  /** Tells two locks of one process apart. */
  nonce: string
}

export const LOCK_FILE = 'lva.lock'
/** Held while a lock that was left behind is replaced, so that only one of two newcomers does it. */
const TAKEOVER_FILE = 'lva.lock.takeover'
/** A lock file without readable content is being written, or was left by a crash at that moment. */
const HALF_WRITTEN_MS = 2_000
const ATTEMPTS = 50
const PAUSE_MS = 100

/**
 * Takes the data folder for this process. Two processes on one PGlite folder corrupt it, so that the second is refused with the name of
 * the first. A lock whose process has ended is replaced; also when its number belongs to another process by now.
 * @returns what gives the folder back
 * @throws LvaError vault-locked; file system errors as they come
 */
export async function lockFolder(folder: string, kind: HostKind, clock: Clock): Promise<() => void> {
  const file = join(folder, LOCK_FILE)
  const mine: LockHolder = {
    pid: process.pid,
    processStart: processStart(process.pid) ?? null,
    machine: hostname(),
    kind,
    lockedAt: new Date(clock.now()).toISOString(),
    nonce: randomUUID(),
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (create(file, mine)) return () => release(file, mine)
    const holder = readHolder(file)
    if (holder === 'being written') await clock.sleep(PAUSE_MS)
    else if (holder !== 'absent') {
      if (holder !== 'left behind' && isHeld(holder)) throw lockedBy(holder, folder)
      if (!removeLeftBehind(folder, file)) await clock.sleep(PAUSE_MS)
    }
  }
  throw new LvaError('vault-locked', `Another program is opening the data folder ${folder} just now.`, {
    advice: `Try again in a moment; if nothing else is running, delete ${file}.`,
    params: { folder },
  })
}

/** Creates the file with all of its content unless there is one. */
function create(file: string, holder: LockHolder): boolean {
  let descriptor: number
  try {
    descriptor = openSync(file, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  try {
    writeSync(descriptor, JSON.stringify(holder))
    fsyncSync(descriptor)
    return true
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
}

function readHolder(file: string): LockHolder | 'absent' | 'being written' | 'left behind' {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isHolder(parsed)) return parsed
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent'
    if (!(error instanceof SyntaxError)) throw error
  }
  // The file system's clock writes the time of the file, so that the machine's own is what it is compared with.
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  return age < HALF_WRITTEN_MS ? 'being written' : 'left behind'
}

/** Processes of another machine cannot be seen from here; their lock counts as held. */
function isHeld(holder: LockHolder): boolean {
  if (holder.machine !== hostname()) return true
  if (!processExists(holder.pid)) return false
  const start = processStart(holder.pid)
  return start === undefined || holder.processStart === null || start === holder.processStart
}

/**
 * Removes a lock that was left behind, unless somebody else is doing that or has taken the folder since. The guard file makes looking
 * and removing one step.
 */
function removeLeftBehind(folder: string, file: string): boolean {
  const guard = join(folder, TAKEOVER_FILE)
  try {
    closeSync(openSync(guard, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    // Whoever made it needs microseconds; it crashed in the middle.
    if (age > HALF_WRITTEN_MS) rmSync(guard, { force: true })
    return false
  }
  try {
    const holder = readHolder(file)
    if (holder === 'absent' || holder === 'being written') return false
    if (holder !== 'left behind' && isHeld(holder)) return false
    rmSync(file, { force: true })
    return true
  } finally {
    rmSync(guard, { force: true })
  }
}

/** A lock that somebody else has taken over meanwhile stays. */
function release(file: string, mine: LockHolder): void {
  const holder = readHolder(file)
  if (typeof holder === 'object' && holder.nonce === mine.nonce) rmSync(file, { force: true })
}

function lockedBy(holder: LockHolder, folder: string): LvaError {
  const program = {
    electron: 'the desktop app',
    browser: 'the app in a browser',
    cli: 'the lva command',
    relay: 'a relay',
  }[holder.kind]
  const here = holder.machine === hostname()
  const where = here ? '' : ` on the machine ${holder.machine}`
  const advice = here
    ? 'Close it first, or use it instead.'
    : `Close it first. If that machine no longer uses the folder, delete ${join(folder, LOCK_FILE)}.`
  return new LvaError(
    'vault-locked',
    `The data folder is in use by ${program}${where} (process ${holder.pid}, since ${holder.lockedAt}).`,
    { advice, params: { folder, kind: holder.kind, pid: holder.pid, machine: holder.machine, since: holder.lockedAt } },
  )
}

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== 'object' || value === null) return false
  const { pid, processStart, machine, kind, lockedAt, nonce } = value as Record<string, unknown>
  return (
    typeof pid === 'number' &&
    (processStart === null || typeof processStart === 'string') &&
    typeof machine === 'string' &&
    (kind === 'electron' || kind === 'browser' || kind === 'cli' || kind === 'relay') &&
    typeof lockedAt === 'string' &&
    typeof nonce === 'string'
  )
}
