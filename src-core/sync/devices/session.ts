import { type Clock, isLvaError } from '../../kernel/index.ts'
import type { RelaySession } from '../roster.ts'
import type { KeptIdentity } from './identity.ts'
import { deviceRevoked, signedOut } from './relay-errors.ts'
import type { RelayHttp, RelayTokens } from './relay-http.ts'

/** An access token that has less left is not given out any more, milliseconds. */
const MARGIN_MS = 60_000

/** The tokens of this device. The access token lives in memory, the refresh token where this machine keeps keys. */
export class Session implements RelaySession {
  readonly address: string
  readonly #http: RelayHttp
  readonly #identity: KeptIdentity
  readonly #clock: Clock
  readonly #onRevoked: () => void
  #access: { token: string; goodUntil: number } | undefined
  #fetching: Promise<string> | undefined

  /** @param onRevoked the relay has said that this device was taken out */
  constructor(http: RelayHttp, identity: KeptIdentity, clock: Clock, onRevoked: () => void) {
    this.address = http.address
    this.#http = http
    this.#identity = identity
    this.#clock = clock
    this.#onRevoked = onRevoked
  }

  /** Takes what signing in gave; its refresh token is kept by the caller. */
  begin({ access, expiresIn }: RelayTokens): void {
    this.#access = { token: access, goodUntil: this.#clock.monotonic() + expiresIn * 1_000 - MARGIN_MS }
  }

  /** Forgets the access token. */
  end(): void {
    this.#access = undefined
  }

  async accessToken(refused?: string): Promise<string> {
    if (this.#access && this.#access.token !== refused && this.#clock.monotonic() < this.#access.goodUntil) {
      return this.#access.token
    }
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined
    })
    return this.#fetching
  }

  /** Runs `work` with a token, once more with a new one where it was refused. @throws what `work` throws */
  async authorized<T>(work: (token: string) => Promise<T>): Promise<T> {
    const token = await this.accessToken()
    try {
      return await work(token)
    } catch (error) {
      if (isLvaError(error, 'device-revoked')) this.#onRevoked()
      if (!isLvaError(error, 'unauthorized')) throw error
      return work(await this.accessToken(token))
    }
  }

  async #fetch(): Promise<string> {
    const identity = await this.#identity.get()
    if (!identity?.refresh) throw identity?.revoked ? deviceRevoked() : signedOut()
    try {
      const tokens = await this.#http.refresh(identity.refresh)
      // The old one is over: the new one is kept before anybody uses what came with it.
      await this.#identity.patch({ refresh: tokens.refresh })
      this.begin(tokens)
      return tokens.access
    } catch (error) {
      if (isLvaError(error, 'unauthorized')) {
        const { refresh } = identity
        // Where the learner has signed in meanwhile, the new one stays.
        await this.#identity.change((now) => (now?.refresh === refresh ? { ...now, refresh: null } : now))
        throw signedOut()
      }
      if (isLvaError(error, 'device-revoked')) this.#onRevoked()
      throw error
    }
  }
}
