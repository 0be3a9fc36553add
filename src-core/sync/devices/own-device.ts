import { type Clock, type Closable, isLvaError, type Log, LvaError, Mutex, type Random } from '../../kernel/index.ts'
import type { VaultDocuments } from '../../vault/index.ts'
import { USUAL_POLICIES } from '../attachments/kinds.ts'
import type { Newcomer } from './entering.ts'
import { type Identity, KeptIdentity, newDeviceKeys, type SyncSecrets } from './identity.ts'
import type { PairingParts } from './pairing.ts'
import { relayOrigin } from './relay-address.ts'
import { type Credentials, createRelayHttp, type Fetch, type RelayHttp } from './relay-http.ts'
import type { VisitParts } from './relay-visit.ts'
import { Session } from './session.ts'
import type { DevicesStatus, Standing, SyncChoices } from './types.ts'
import { openVaultRoster, type VaultRoster } from './vault-roster.ts'

export interface OwnDeviceOptions {
  documents: VaultDocuments
  secrets: SyncSecrets
  fetch: Fetch
  /** What this machine is, such as `linux`. */
  kind: string
  /** Until the learner gives another one. */
  usualName: string
  /** Ends what sends and fetches, before what it knows of the relay is forgotten. `membership` is undefined by then. */
  stopSync(): Promise<void>
  clock: Clock
  random: Random
  log: Log
}

const USUAL_CHOICES: SyncChoices = { paused: false, policies: USUAL_POLICIES, unmeteredOnly: 'nothing' }

export interface SignIn extends Credentials {
  relay: string
}

interface Account {
  http: RelayHttp
  session: Session
}

/** What a device of the vault has. */
export interface Membership extends Account {
  roster: VaultRoster
}

/** This device: its account at the relay, and its membership of the vault. */
export class OwnDevice implements Closable {
  readonly identity: KeptIdentity
  /** One change of what this device is at a time. */
  readonly turns = new Mutex()
  readonly #options: OwnDeviceOptions
  readonly #closing = new AbortController()
  #account: Account | undefined
  #roster: VaultRoster | undefined

  constructor(options: OwnDeviceOptions) {
    this.#options = options
    this.identity = new KeptIdentity(options.secrets)
  }

  /** Opens what this device belongs to, if anything. */
  async open(): Promise<void> {
    const identity = await this.identity.get()
    if (identity) this.#account ??= this.#connect(identity.relay)
    if (!identity?.vault || identity.revoked) return
    await this.#options.documents.outbox.enrol(identity.device)
    this.#roster = await openVaultRoster(this.#options.documents, { ...identity, vault: identity.vault })
  }

  membership(): Membership | undefined {
    return this.#account && this.#roster && { ...this.#account, roster: this.#roster }
  }

  /** @throws LvaError not-found */
  member(): Membership {
    const member = this.membership()
    if (member) return member
    throw new LvaError('not-found', 'This device belongs to no synced vault.', { advice: 'Set up sync first.' })
  }

  async status(): Promise<DevicesStatus> {
    const identity = await this.identity.get()
    const { relay, email, device, name, paused, policies, unmeteredOnly } = identity ?? {
      relay: null,
      email: null,
      device: null,
      name: this.#options.usualName,
      ...USUAL_CHOICES,
    }
    const shown = (device && this.#roster?.nameOf(device)) || name
    return { standing: standingOf(identity), relay, email, device, name: shown, paused, policies, unmeteredOnly }
  }

  /** @throws LvaError relay-address-invalid, bad-input, too-many-tries, relay-unreachable */
  async createAccount({ relay, email, password }: SignIn): Promise<void> {
    await this.#connect(relayOrigin(relay)).http.createAccount({ email, password })
  }

  /** With another account than before, as another device. @throws LvaError sign-in-refused, device-revoked, too-many-tries */
  signIn({ relay, email, password }: SignIn): Promise<void> {
    return this.turns.run(async () => {
      const { random, kind, usualName } = this.#options
      const address = relayOrigin(relay)
      const known = await this.identity.get()
      const isSame = known && !known.revoked && known.relay === address && known.email === email.trim()
      const own = isSame ? known : { ...newDeviceKeys(random), vault: null }
      // Who holds the session of a member goes on with it: two of them would use up each other's tokens.
      const account = (isSame && this.#account) || this.#connect(address)
      const { http, session } = account
      const tokens = await http.signIn({ email, password }, { id: own.device, kind }).catch(async (error: unknown) => {
        if (isSame && isLvaError(error, 'device-revoked')) await this.#wasRevoked()
        throw error
      })
      if (!isSame) await this.#leaveVault()
      await this.identity.change(() => ({
        ...USUAL_CHOICES,
        ...known,
        ...own,
        name: known?.name ?? usualName,
        relay: address,
        email: email.trim(),
        account: tokens.account,
        refresh: tokens.refresh,
        revoked: false,
      }))
      session.begin(tokens)
      this.#account = account
    })
  }

  /** The relay forgets this device's tokens. A member stays one, and can sign in again. */
  signOut(): Promise<void> {
    return this.turns.run(async () => {
      if (this.#account) await endSession(this.#account)
      await this.identity.change((now) => (now?.vault ? { ...now, refresh: null } : undefined))
      if (!this.#roster) this.#account = undefined
    })
  }

  /** Forgets account and keys. What was synced stays here; the others see this device in their list until they revoke it. */
  leave(): Promise<void> {
    return this.turns.run(async () => {
      if (this.#account) await endSession(this.#account)
      await this.#leaveVault()
      this.#account = undefined
      await this.identity.change(() => undefined)
    })
  }

  /** The relay has told that this device was taken out: it forgets its keys, and keeps what it has. */
  wasRevoked(): Promise<void> {
    return this.turns.run(() => this.#wasRevoked())
  }

  /** Who is about to join. Only within `turns`. @throws LvaError signed-out, bad-input for a member */
  async newcomer(): Promise<Newcomer> {
    const identity = await this.identity.get()
    if (!identity?.refresh) throw new LvaError('signed-out', 'Sign in to the relay first.')
    if (identity.vault) throw new LvaError('bad-input', 'This device belongs to the vault already.')
    const { kind, clock, random } = this.#options
    return { identity, kind, now: clock.now(), random }
  }

  /** Keeps what the vault gave this device. Only within `turns`. */
  async become(vault: NonNullable<Identity['vault']>): Promise<void> {
    // What an earlier vault had queued would be sent to this one under a device that it does not know.
    await this.#options.documents.outbox.leave()
    await this.identity.patch({ vault })
    await this.open()
  }

  visit(): VisitParts {
    return { session: this.#connected().session, clock: this.#options.clock, signal: this.#closing.signal }
  }

  pairing(signal?: AbortSignal): PairingParts {
    const { clock, random } = this.#options
    const signals = [this.#closing.signal, ...(signal ? [signal] : [])]
    return { http: this.#connected().http, clock, random, signal: AbortSignal.any(signals) }
  }

  async close(): Promise<void> {
    this.#closing.abort(new LvaError('cancelled', 'The program is closing.'))
    await this.turns.run(() => this.#closeRoster())
  }

  #connect(relay: string): Account {
    const { fetch, clock, log } = this.#options
    const http = createRelayHttp(relay, { fetch, clock, signal: this.#closing.signal })
    const onRevoked = () => {
      this.wasRevoked().catch((error: unknown) => log.error({ error }, 'a revoked device could not forget its keys'))
    }
    return { http, session: new Session(http, this.identity, clock, onRevoked) }
  }

  /** @throws LvaError signed-out */
  #connected(): Account {
    if (this.#account) return this.#account
    throw new LvaError('signed-out', 'Sign in to the relay first.')
  }

  async #wasRevoked(): Promise<void> {
    const identity = await this.identity.get()
    if (!identity || identity.revoked) return
    await this.#leaveVault()
    await this.identity.patch({ revoked: true, refresh: null, vault: null })
  }

  async #leaveVault(): Promise<void> {
    await this.#closeRoster()
    await this.#options.stopSync()
    await this.#options.documents.outbox.leave()
  }

  async #closeRoster(): Promise<void> {
    await this.#roster?.close()
    this.#roster = undefined
  }
}

/** Without the relay the tokens end by themselves; here they are gone at once. */
async function endSession({ http, session }: Account): Promise<void> {
  const token = await session.accessToken().catch(() => undefined)
  session.end()
  if (token !== undefined) await http.signOut(token).catch(() => undefined)
}

function standingOf(identity: Identity | undefined): Standing {
  if (!identity) return 'out'
  if (identity.revoked) return 'revoked'
  if (!identity.refresh) return 'signed-out'
  return identity.vault ? 'member' : 'signed-in'
}
