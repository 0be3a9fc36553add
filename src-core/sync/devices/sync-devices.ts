import { type Closable, isLvaError, LvaError } from '../../kernel/index.ts'
import { PhraseMaking } from '../../keys/index.ts'
import { fromHex } from '../bytes.ts'
import { DEVICES_DOCUMENT } from '../roster.ts'
import { deviceList } from './device-list.ts'
import { LONGEST_NAME, sealName } from './device-name.ts'
import { enterByPhrase, enterByWelcome } from './entering.ts'
import { beginVault, findVault } from './found-vault.ts'
import { handMissingKeys } from './handing-keys.ts'
import { publicKeysOf } from './identity.ts'
import { type Membership, OwnDevice, type OwnDeviceOptions, type SignIn } from './own-device.ts'
import { admitByCode, joinByCode } from './pairing.ts'
import { readPairingCode } from './pairing-code.ts'
import { revokeDevice } from './revoking.ts'
import { writeDevice, writeName } from './roster-document.ts'
import type { AdmitEvent, DeviceEntry, DevicesStatus, JoinEvent, SyncChoices } from './types.ts'

export interface SyncDevicesOptions extends OwnDeviceOptions {
  /** Takes a phrase for backups too. @throws LvaError phrase-wrong where they have another one */
  takePhrase(phrase: string): Promise<void>
}

/** This device in the synced vault, and the others (docs/protocol.md §10). */
export class SyncDevices implements Closable {
  /** The phrase of a vault that begins here: shown once, and checked. */
  readonly phrase: PhraseMaking
  readonly #options: SyncDevicesOptions
  readonly #own: OwnDevice
  readonly #listeners = new Set<() => void>()
  readonly #answers = new Map<string, (isEqual: boolean) => void>()
  #admissions = 0
  #stopFollowing = () => {}

  constructor(options: SyncDevicesOptions) {
    this.#options = options
    this.#own = new OwnDevice(options)
    this.phrase = new PhraseMaking(options.random, (phrase) => this.begin(phrase))
  }

  /** Opens what this device belongs to, if anything. Once, before anything else. */
  async open(): Promise<void> {
    await this.#own.open()
    this.#changed()
    this.#own.identity.onChange(() => this.#tell())
  }

  /** Called whenever the status, the list or the membership may have changed. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Undefined while this device belongs to no vault. */
  membership(): Membership | undefined {
    return this.#own.membership()
  }

  status(): Promise<DevicesStatus> {
    return this.#own.status()
  }

  /** @throws LvaError relay-address-invalid, bad-input, too-many-tries, relay-unreachable */
  createAccount(account: SignIn): Promise<void> {
    return this.#own.createAccount(account)
  }

  /** With another account than before, as another device. @throws LvaError sign-in-refused, device-revoked, too-many-tries */
  signIn(account: SignIn): Promise<void> {
    return this.#own.signIn(account).finally(() => this.#changed())
  }

  /** The relay forgets this device's tokens. A member stays one, and can sign in again. */
  signOut(): Promise<void> {
    return this.#own.signOut().finally(() => this.#changed())
  }

  /** Forgets account and keys. What was synced stays here; the others see this device in their list until they revoke it. */
  leave(): Promise<void> {
    return this.#own.leave().finally(() => this.#changed())
  }

  /** The relay has told that this device was taken out: it forgets its keys, and keeps what it has. */
  wasRevoked(): Promise<void> {
    return this.#own.wasRevoked().finally(() => this.#changed())
  }

  /** The first device. @throws LvaError vault-exists, phrase-invalid, phrase-wrong where backups have another phrase */
  begin(phrase: string): Promise<void> {
    return this.#joining(async () => {
      const { documents, takePhrase } = this.#options
      const newcomer = await this.#own.newcomer()
      const member = await beginVault(phrase, this.#own.visit())
      await takePhrase(phrase)
      await this.#own.become(await enterByPhrase(documents, member, newcomer))
    })
  }

  /** @throws LvaError vault-not-there, vault-phrase-wrong, phrase-invalid */
  joinByPhrase(phrase: string): Promise<void> {
    return this.#joining(async () => {
      const { documents, takePhrase } = this.#options
      const newcomer = await this.#own.newcomer()
      const member = await findVault(phrase, this.#own.visit())
      await this.#own.become(await enterByPhrase(documents, member, newcomer))
      await takePhrase(phrase).catch((error: unknown) => {
        // Backups of this device with a phrase of their own keep it.
        if (!isLvaError(error, 'phrase-wrong')) throw error
      })
    })
  }

  /** Shows a code, and joins once another device has taken it. @throws LvaError pairing-over, pairing-refused, pairing-mismatch */
  async *joinByCode(signal?: AbortSignal): AsyncGenerator<JoinEvent> {
    const { documents, kind } = this.#options
    const newcomer = await this.#own.newcomer()
    const { device, name } = newcomer.identity
    const request = { device, kind, name, ...publicKeysOf(newcomer.identity) }
    for await (const step of joinByCode(request, this.#own.pairing(signal))) {
      if (step.state !== 'welcome') yield step
      else await this.#joining(async () => this.#own.become(await enterByWelcome(documents, step.welcome, newcomer)))
    }
    yield { state: 'joined' }
  }

  /**
   * Adds the device that shows this code, or this content of a QR code, once `answer` says so.
   * @throws LvaError pairing-unknown, pairing-over, pairing-mismatch
   */
  async *admit(code: string, signal?: AbortSignal): AsyncGenerator<AdmitEvent> {
    const { documents, random } = this.#options
    const { roster } = this.#own.member()
    const identity = await this.#own.identity.get()
    const target = readPairingCode(code)
    const parts = this.#own.pairing(signal)
    this.#admissions += 1
    const id = String(this.#admissions)
    const { promise: isEqual, resolve } = Promise.withResolvers<boolean>()
    parts.signal.addEventListener('abort', () => resolve(false), { once: true })
    this.#answers.set(id, resolve)
    const host = {
      root: fromHex(identity?.vault?.root ?? ''),
      signer: { by: roster.device, sign: roster.sign },
      epochKeys: roster.epochKeys(),
    }
    try {
      for await (const step of admitByCode(target, host, isEqual, parts)) {
        if (step.state === 'compare') yield { ...step, id }
        else {
          const { device, name } = step.request
          await documents.change(DEVICES_DOCUMENT, (doc) => {
            writeDevice(doc, step.entry)
            writeName(doc, device, sealName(name, device, roster.keys(), random))
          })
          yield { state: 'added', device }
        }
      }
    } finally {
      this.#answers.delete(id)
    }
  }

  /** What the learner says of the two numbers. @returns false where nobody waits for it any more */
  answer(id: string, isEqual: boolean): boolean {
    const answer = this.#answers.get(id)
    answer?.(isEqual)
    return answer !== undefined
  }

  /** The relay is asked for what only it knows; without it the list is shorter. */
  async list(): Promise<DeviceEntry[]> {
    const member = this.membership()
    if (!member) return []
    const { http, session, roster } = member
    const atRelay = await session.authorized((token) => http.devices(token)).catch(() => undefined)
    return deviceList(roster, atRelay)
  }

  /** @throws LvaError not-found, text-empty, text-too-long */
  async rename(device: string, name: string): Promise<void> {
    const { documents, random } = this.#options
    const { roster } = this.#own.member()
    const text = name.trim()
    if (text === '') throw new LvaError('text-empty', 'A device needs a name.', { advice: 'Type one.' })
    if (text.length > LONGEST_NAME) throw new LvaError('text-too-long', `At most ${LONGEST_NAME} characters.`)
    if (!roster.member(device)) throw new LvaError('not-found', 'There is no such device.')
    await documents.change(DEVICES_DOCUMENT, (doc) => {
      writeName(doc, device, sealName(text, device, roster.keys(), random))
    })
    if (device === roster.device) await this.#own.identity.patch({ name: text })
  }

  /** @throws LvaError bad-input for this device itself; relay-unreachable */
  revoke(device: string): Promise<void> {
    return this.#own.turns.run(async () => {
      const member = this.#own.member()
      if (device === member.roster.device) {
        throw new LvaError('bad-input', 'A device is taken out by another one.', {
          advice: 'Leave the synced vault on this device instead.',
        })
      }
      await revokeDevice(device, { ...member, ...this.#options })
    })
  }

  /**
   * Gives keys to devices that lack them. By itself whenever somebody comes or goes; again where the relay could not be asked then.
   * Never throws.
   */
  handKeys(): Promise<void> {
    return this.#own.turns
      .run(async () => {
        const member = this.membership()
        if (member) await handMissingKeys({ ...member, ...this.#options })
      })
      .catch((error: unknown) => this.#options.log.info({ error }, 'keys of an epoch could not be handed over yet'))
  }

  choose(choices: Partial<SyncChoices>): Promise<void> {
    return this.#own.identity.patch(choices)
  }

  async close(): Promise<void> {
    this.#stopFollowing()
    this.#listeners.clear()
    await this.#own.close()
  }

  #joining(work: () => Promise<void>): Promise<void> {
    return this.#own.turns.run(work).finally(() => this.#changed())
  }

  /** Follows the roster that there is now. */
  #changed(): void {
    this.#stopFollowing()
    const onRoster = () => {
      this.#tell()
      void this.handKeys()
    }
    this.#stopFollowing = this.membership()?.roster.onChange(onRoster) ?? (() => {})
    this.#tell()
    void this.handKeys()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
