import { isLvaError } from '../kernel/index.ts'
import { instantOfName } from './format.ts'
import { keyIdOfFile } from './open-backup.ts'
import type { BackupPlace } from './places/types.ts'
import { type BackupState, NO_PLACE_STATE, type PlaceState, type Proven } from './state.ts'
import type { BackupEntry, BackupStatus, PlaceStatus } from './types.ts'

/** How backups and their places stand, from what is known of them. */

export const DAY_MS = 86_400_000
/** A last good backup older than this is shown until there is another. */
const STALE_MS = 2 * DAY_MS
/** Clocks of machines are set right now and then, seldom by more. */
const CLOCK_MS = DAY_MS

/** The newest good one; one from the future, made while the clock was wrong, is not the newest of anything. */
export function lastGood(place: PlaceState, now: number): { name: string; at: number } | undefined {
  let last: { name: string; at: number } | undefined
  for (const name of Object.keys(place.proven)) {
    const at = instantOfName(name)
    if (at !== undefined && at <= now + CLOCK_MS && (!last || at > last.at)) last = { name, at }
  }
  return last
}

export function placeStatus(
  { kind, label }: Pick<PlaceStatus, 'kind' | 'label'>,
  state: BackupState,
  now: number,
): PlaceStatus {
  const place = state.places[label] ?? NO_PLACE_STATE
  const last = lastGood(place, now)
  return {
    kind,
    label,
    lastGoodAt: last ? new Date(last.at).toISOString() : null,
    lastGoodName: last?.name ?? null,
    failure: place.failure,
    failingSince: place.failingSince === null ? null : new Date(place.failingSince).toISOString(),
    stale: now - (last?.at ?? state.since ?? now) > STALE_MS,
  }
}

/** The worst of it: what the learner should do something about. */
export function problemOf({
  setUp,
  keyKnown,
  automatic,
  places,
}: Pick<BackupStatus, 'setUp' | 'keyKnown' | 'automatic' | 'places'>): BackupStatus['problem'] {
  if (!setUp) return null
  if (places.some(({ failure }) => failure !== null)) return 'failing'
  if (!keyKnown) return 'key-unknown'
  return automatic && places.some(({ stale }) => stale) ? 'stale' : null
}

export function goodEntry(place: string, name: string, proven: Proven): BackupEntry {
  return {
    place,
    name,
    createdAt: createdAtOf(name),
    bytes: proven.bytes,
    standing: 'good',
    content: contentOf(proven),
  }
}

export async function entryOf(
  place: BackupPlace,
  file: { name: string; bytes: number },
  state: BackupState,
  signal: AbortSignal | undefined,
): Promise<BackupEntry> {
  const { name, bytes } = file
  const { proven, failed } = state.places[place.label] ?? NO_PLACE_STATE
  const known = proven[name]
  // A file of another length is not the one that was proven.
  if (known && known.bytes === bytes) return goodEntry(place.label, name, known)
  const standing = failed[name] ? 'failed' : await standingOf(place, name, state.keyId, signal)
  return { place: place.label, name, createdAt: createdAtOf(name), bytes, standing, content: null }
}

async function standingOf(
  place: BackupPlace,
  name: string,
  keyId: string | null,
  signal: AbortSignal | undefined,
): Promise<BackupEntry['standing']> {
  try {
    return (await keyIdOfFile(place, name, signal)) === keyId ? 'unproven' : 'locked'
  } catch (error) {
    if (isLvaError(error, 'backup-unreadable')) return 'foreign'
    return 'unproven'
  }
}

function createdAtOf(name: string): string | null {
  const at = instantOfName(name)
  return at === undefined ? null : new Date(at).toISOString()
}

function contentOf(proven: Proven): BackupEntry['content'] {
  const { captures, notes, sessions, blobs, missingBlobs, full } = proven
  return { captures, notes, sessions, recordings: blobs, missing: missingBlobs, full }
}
