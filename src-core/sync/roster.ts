import type { Sign } from './sealed-frame.ts'
import type { VaultKeys } from './vault-keys.ts'

/**
 * The document that holds the devices of a vault and its wrapped keys. A document like any other: written with `vault.documents.change`,
 * sent and merged by the engine, which follows its room before all others.
 */
export const DEVICES_DOCUMENT = 'devices'

/** A device as the others know it. */
export interface RosterDevice {
  /** Ed25519 public key, 32 bytes. */
  signingKey: Uint8Array
  /** Revoked: the highest sequence of it that may still be taken. Undefined while it belongs to the vault. */
  lastSequence?: number
}

/**
 * Who belongs to the vault and what this device was given, as the document `devices` says at this moment. The engine asks for every frame;
 * nothing is cached on its side.
 */
export interface Roster {
  /** This device: 32 hex digits. */
  readonly device: string
  /** Signs as this device. */
  readonly sign: Sign
  /** The epoch keys that this device was given. Where one comes later, `onChange` tells. */
  keys(): VaultKeys
  /**
   * The epoch that the newest known revocation began, 1 without any. Nothing is sealed in an earlier one, whatever the relay says; a key of a
   * later one may be known already, since it is given out before the revocation.
   */
  epochInForce(): number
  /** Undefined where the vault has no such device. */
  member(device: string): RosterDevice | undefined
  /**
   * The signing key of a device that brings its own entry, as every new one does: asked only for an update of `devices` that a device sends
   * which is no member yet.
   * @param update opened, but not yet verified: nothing of it is applied before its signature was
   * @returns undefined unless the document would count the device with this update
   */
  introduced(device: string, update: Uint8Array): Uint8Array | undefined
  /** Called when a device, a revocation or a key came. @returns ends it */
  onChange(listener: () => void): () => void
}

/** Tokens of this device's account (docs/protocol.md §6). */
export interface RelaySession {
  /** Such as https://relay.example.org. */
  readonly address: string
  /**
   * An access token that is good now.
   * @param refused the token that the relay has just refused: another one is fetched
   * @throws LvaError signed-out, device-revoked: neither goes away by itself; relay-unreachable, relay-unavailable, relay-not-understood, too-many-tries
   */
  accessToken(refused?: string): Promise<string>
}
