import type { RelayDevice } from './relay-http.ts'
import type { DeviceEntry } from './types.ts'
import type { VaultRoster } from './vault-roster.ts'

/**
 * Everybody who belongs to the vault, or has belonged, and who has signed in to the account without belonging to it; this device first, then
 * by when they came.
 * @param atRelay undefined where it was not asked, or did not answer
 */
export function deviceList(roster: VaultRoster, atRelay: readonly RelayDevice[] | undefined): DeviceEntry[] {
  const seen = new Map(atRelay?.map((device) => [device.id, device]))
  const members = Array.from(roster.state().devices.values(), ({ id, kind, addedAt, revoked }): DeviceEntry => {
    const there = seen.get(id)
    const isEndedThere = there ? there.revokedAt !== null : revoked !== undefined
    const isEnded = revoked && isEndedThere
    return {
      id,
      name: roster.nameOf(id) ?? null,
      kind,
      isThis: id === roster.device,
      state: isEnded ? 'revoked' : revoked || isEndedThere ? 'half-revoked' : 'active',
      since: new Date(addedAt).toISOString(),
      lastSeenAt: there?.lastSeenAt ?? null,
    }
  })
  const strangers = (atRelay ?? [])
    .filter(({ id, revokedAt }) => revokedAt === null && !roster.state().devices.has(id))
    .map(({ id, kind, createdAt, lastSeenAt }): DeviceEntry => {
      return { id, name: null, kind, isThis: false, state: 'signed-in', since: createdAt, lastSeenAt }
    })
  const rank = ({ isThis, state }: DeviceEntry) => (isThis ? 0 : state === 'revoked' ? 2 : 1)
  return [...members, ...strangers].sort((a, b) => rank(a) - rank(b) || a.since.localeCompare(b.since))
}
