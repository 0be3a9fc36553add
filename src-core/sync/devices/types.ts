import type { AttachmentPolicies, UnmeteredOnly } from '../attachments/kinds.ts'

/** A device as the learner sees it. Instants are ISO 8601 in UTC. */
export interface DeviceEntry {
  id: string
  /** Null where it has none that this device can read. */
  name: string | null
  kind: string
  isThis: boolean
  /**
   * `signed-in`: it has the account's password, and does not belong to the vault. `half-revoked`: the relay has ended it and the vault's keys are
   * still the old ones, or the vault has and the relay does not know, such as one that came back from a backup; revoking it again finishes that.
   */
  state: 'active' | 'signed-in' | 'half-revoked' | 'revoked'
  /** When it joined, or signed in. */
  since: string
  /** Null where the relay was not asked or does not know it. */
  lastSeenAt: string | null
}

/**
 * Where this device stands. `out`: no account; `signed-in`: an account, no vault yet; `member`; `signed-out`: a member whose password the relay
 * wants again; `revoked`: taken out.
 */
export type Standing = 'out' | 'signed-in' | 'member' | 'signed-out' | 'revoked'

export interface DevicesStatus {
  standing: Standing
  relay: string | null
  email: string | null
  device: string | null
  name: string
  paused: boolean
  policies: AttachmentPolicies
  unmeteredOnly: UnmeteredOnly
}

/** What the learner chose on this device. */
export type SyncChoices = Pick<DevicesStatus, 'paused' | 'policies' | 'unmeteredOnly'>

/** What is seen on the new device while it joins by a code. */
export type JoinEvent =
  | { state: 'code'; code: string; qr: string }
  | { state: 'compare'; number: string }
  | { state: 'joined' }

/** What is seen on the old device meanwhile. `id` is that of the answer it waits for. */
export type AdmitEvent =
  | { state: 'compare'; id: string; number: string; name: string; kind: string }
  | { state: 'added'; device: string }
