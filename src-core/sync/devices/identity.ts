import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { z } from 'zod'
import { LvaError, Mutex, type Random } from '../../kernel/index.ts'
import { ATTACHMENT_KINDS, ATTACHMENT_POLICIES, UNMETERED_ONLY, USUAL_POLICIES } from '../attachments/kinds.ts'
import { fromHex, toHex } from '../bytes.ts'
import { ID_BYTES, idOf } from '../frames.ts'

/** Where this machine keeps its keys: sealed by the system, or in memory until the program ends. Never in clear on the disk. */
export interface SyncSecrets {
  get(): Promise<string | undefined>
  set(value: string): Promise<void>
  remove(): Promise<void>
}

const SECRET_BYTES = 32
const hex = z.string().regex(/^[0-9a-f]{64}$/)

const kept = z.object({
  relay: z.string(),
  email: z.string(),
  account: z.string(),
  /** Id of this device: 32 hex digits. */
  device: z.string(),
  name: z.string(),
  signSecret: hex,
  agreeSecret: hex,
  /** Null once the relay has taken it back. */
  refresh: z.string().nullable(),
  /** Null until this device belongs to a vault. */
  vault: z.object({ root: hex, epochKeys: z.record(z.string(), hex) }).nullable(),
  /** The relay has ended this device. */
  revoked: z.boolean(),
  paused: z.boolean(),
  /** What travels of files; what an older version kept says nothing of it. */
  policies: z.record(z.enum(ATTACHMENT_KINDS), z.enum(ATTACHMENT_POLICIES)).default(USUAL_POLICIES),
  unmeteredOnly: z.enum(UNMETERED_ONLY).default('nothing'),
})

/** What this device knows of itself in the synced vault. */
export type Identity = z.output<typeof kept>

/** Reads and changes the identity, one change at a time. */
export class KeptIdentity {
  readonly #secrets: SyncSecrets
  readonly #turns = new Mutex()
  readonly #listeners = new Set<() => void>()
  #identity: Identity | undefined
  #isRead = false

  constructor(secrets: SyncSecrets) {
    this.#secrets = secrets
  }

  /** Undefined where this device has signed in to no account. @throws LvaError secrets-unreadable */
  async get(): Promise<Identity | undefined> {
    if (this.#isRead) return this.#identity
    return this.#turns.run(() => this.#read())
  }

  /** @param change gives what is to be kept; undefined forgets everything */
  change(change: (now: Identity | undefined) => Identity | undefined): Promise<void> {
    return this.#turns.run(async () => {
      const next = change(await this.#read())
      if (next) await this.#secrets.set(JSON.stringify(next))
      else await this.#secrets.remove()
      this.#identity = next
      for (const listener of this.#listeners) listener()
    })
  }

  /** @throws LvaError not-found where there is none to patch */
  patch(patch: Partial<Identity>): Promise<void> {
    return this.change((now) => {
      if (!now)
        throw new LvaError('not-found', 'This device has signed in to no account.', { advice: 'Sign in first.' })
      return { ...now, ...patch }
    })
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #read(): Promise<Identity | undefined> {
    if (this.#isRead) return this.#identity
    const text = await this.#secrets.get()
    this.#identity = text === undefined ? undefined : readIdentity(text)
    this.#isRead = true
    return this.#identity
  }
}

function readIdentity(text: string): Identity {
  try {
    return kept.parse(JSON.parse(text))
  } catch {
    // What it says of the cause could quote the keys.
    throw new LvaError('secrets-unreadable', 'The kept keys of the synced vault cannot be read.', {
      advice: 'Sign out and add this device anew.',
    })
  }
}

/** Who a device is before it belongs to anything. */
export function newDeviceKeys(random: Random): Pick<Identity, 'device' | 'signSecret' | 'agreeSecret'> {
  return {
    device: idOf(random.bytes(ID_BYTES)),
    signSecret: toHex(random.bytes(SECRET_BYTES)),
    agreeSecret: toHex(random.bytes(SECRET_BYTES)),
  }
}

export function publicKeysOf({ signSecret, agreeSecret }: Pick<Identity, 'signSecret' | 'agreeSecret'>) {
  return {
    signKey: ed25519.getPublicKey(fromHex(signSecret)),
    agreeKey: x25519.getPublicKey(fromHex(agreeSecret)),
  }
}

/** Epoch keys as they are kept. */
export function keptEpochKeys(keys: ReadonlyMap<number, Uint8Array>): Record<string, string> {
  return Object.fromEntries(Array.from(keys, ([epoch, key]) => [String(epoch), toHex(key)]))
}

export function epochKeysOf(kept: Readonly<Record<string, string>>): Map<number, Uint8Array> {
  return new Map(Object.entries(kept).map(([epoch, key]) => [Number(epoch), fromHex(key)]))
}
