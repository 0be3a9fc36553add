import { type Clock, LvaError, type NewId } from '../../src-core/kernel/index.ts'
import type { Database } from '../../src-core/store/index.ts'
import { checkPassword, type Passwords } from './password.ts'
import type { RateLimits } from './rate-limits.ts'
import { type Bearer, type TokenPair, type Tokens, unauthorized } from './tokens.ts'

const QUARTER_HOUR = 15 * 60_000
/** Of an e-mail address from one place; and from all places together, but for those of its own devices. */
const TRIES_OF_ADDRESS = 10
const TRIES_FROM_EVERYWHERE = 100
const TRIES_OF_PLACE = 50

export interface DeviceRow {
  id: string
  kind: string
  createdAt: Date
  lastSeenAt: Date
  revokedAt: Date | null
}

export interface Credentials {
  email: string
  password: string
}

/** Accounts and their devices. `place` is the IP address that asks; it is only counted. */
export interface Accounts {
  /** Says the same whether the address is new or not. @throws LvaError bad-input, too-many-tries */
  create(credentials: Credentials, place: string): Promise<void>
  /** @throws LvaError unauthorized, device-revoked, too-many-tries */
  signIn(
    credentials: Credentials,
    device: { id: string; kind: string },
    place: string,
  ): Promise<TokenPair & { account: string }>
  devices(accountId: string): Promise<DeviceRow[]>
  /** Ends a device for good, and begins the next epoch. @throws LvaError not-found */
  revoke(accountId: string, deviceId: string): Promise<{ epoch: number; lastSequence: number }>
  /** Ends what this device was given; it stays a device of the account. */
  signOut(bearer: Bearer): Promise<void>
  /** The device of a token, if it may still come. Notes that it was here. @throws LvaError unauthorized, device-revoked */
  seen(bearer: Bearer): Promise<void>
}

export interface AccountOptions {
  database: Database
  passwords: Passwords
  tokens: Tokens
  rates: RateLimits
  clock: Clock
  newId: NewId
  /** Told of a device that was revoked, so that its sockets are closed. */
  onRevoked: (bearer: Bearer) => void
}

export function createAccounts({
  database,
  passwords,
  tokens,
  rates,
  clock,
  newId,
  onRevoked,
}: AccountOptions): Accounts {
  const now = () => new Date(clock.now())

  /** @param isKnown it comes from a device of the account: strangers who guess all over the world do not keep it out */
  async function countTry(email: string, place: string, isKnown: boolean): Promise<void> {
    const waits = await Promise.all([
      rates.count(`address:${email} ${place}`, TRIES_OF_ADDRESS, QUARTER_HOUR),
      rates.count(`place:${place}`, TRIES_OF_PLACE, QUARTER_HOUR),
    ])
    const waitMs = Math.max(...waits)
    if (waitMs > 0) throw tooMany(waitMs)
    // What was refused already is no try: else one place alone could keep all others out.
    const others = isKnown ? 0 : await rates.count(`address:${email}`, TRIES_FROM_EVERYWHERE, QUARTER_HOUR)
    if (others > 0) throw tooMany(others)
  }

  async function isKnown(address: string, device: string): Promise<boolean> {
    const rows = await database.query(
      `select 1 from relay_devices device join relay_accounts account on account.id = device.account_id
       where account.email = $1 and device.id = $2 and device.revoked_at is null`,
      [address, device],
    )
    return rows.length > 0
  }

  return {
    async create({ email, password }, place) {
      const address = addressOf(email)
      checkPassword(password)
      await countTry(address, place, false)
      const sealed = await passwords.sealed(password)
      await database.query(
        `insert into relay_accounts (id, email, password, epoch, used_bytes, created_at) values ($1, $2, $3, 1, 0, $4)
         on conflict (email) do nothing`,
        [newId(), address, sealed, now()],
      )
    },

    async signIn({ email, password }, device, place) {
      const address = addressOf(email)
      await countTry(address, place, await isKnown(address, device.id))
      const [account] = await database.query<{ id: string; password: string }>(
        'select id, password from relay_accounts where email = $1',
        [address],
      )
      if (!(await passwords.fits(password, account?.password)) || !account) throw unauthorized()
      const [known] = await database.query<{ revokedAt: Date | null }>(
        `insert into relay_devices (account_id, id, kind, taken, created_at, last_seen_at) values ($1, $2, $3, 0, $4, $4)
         on conflict (account_id, id) do update set last_seen_at = excluded.last_seen_at
         returning revoked_at as "revokedAt"`,
        [account.id, device.id, device.kind, now()],
      )
      if (known?.revokedAt) throw revoked()
      return { ...(await tokens.begin({ accountId: account.id, deviceId: device.id })), account: account.id }
    },

    devices: (accountId) =>
      database.query<DeviceRow & Record<string, unknown>>(
        `select id, kind, created_at as "createdAt", last_seen_at as "lastSeenAt", revoked_at as "revokedAt"
         from relay_devices where account_id = $1 order by created_at, id`,
        [accountId],
      ),

    async revoke(accountId, deviceId) {
      const result = await database.transaction(async (tx) => {
        const [account] = await tx.query<{ epoch: number }>(
          'select epoch from relay_accounts where id = $1 for update',
          [accountId],
        )
        const [device] = await tx.query<{ taken: number; revokedAt: Date | null }>(
          `select taken, revoked_at as "revokedAt" from relay_devices where account_id = $1 and id = $2`,
          [accountId, deviceId],
        )
        if (!account || !device) throw new LvaError('not-found', 'There is no such device.')
        if (device.revokedAt) return { epoch: account.epoch, lastSequence: device.taken }
        await tx.query('update relay_devices set revoked_at = $3 where account_id = $1 and id = $2', [
          accountId,
          deviceId,
          now(),
        ])
        await tx.query('update relay_accounts set epoch = epoch + 1 where id = $1', [accountId])
        // Its tokens open nothing any more, and stay known, so that the device is told why.
        return { epoch: account.epoch + 1, lastSequence: device.taken }
      })
      onRevoked({ accountId, deviceId })
      return result
    },

    signOut: (bearer) => tokens.end(database, bearer),

    async seen({ accountId, deviceId }) {
      const [device] = await database.query<{ revokedAt: Date | null }>(
        `update relay_devices set last_seen_at = case when revoked_at is null then $3 else last_seen_at end
         where account_id = $1 and id = $2 returning revoked_at as "revokedAt"`,
        [accountId, deviceId, now()],
      )
      if (!device) throw unauthorized()
      if (device.revokedAt) throw revoked()
    },
  }
}

/** In small letters. @throws LvaError bad-input */
function addressOf(email: string): string {
  const address = email.trim().toLowerCase()
  if (/^[^\s@]{1,64}@[^\s@]{1,255}$/u.test(address)) return address
  throw new LvaError('bad-input', 'That is no e-mail address.', { advice: 'Write it as name@example.org.' })
}

export function revoked(): LvaError {
  return new LvaError('device-revoked', 'This device was taken out of the vault.', {
    advice: 'Add it anew from another device, or with the recovery phrase.',
  })
}

export function tooMany(waitMs: number): LvaError {
  const seconds = Math.ceil(waitMs / 1_000)
  return new LvaError('too-many-tries', `Too many tries; the next one counts in ${seconds} s.`, {
    advice: 'Wait, then try again.',
    params: { seconds },
  })
}
