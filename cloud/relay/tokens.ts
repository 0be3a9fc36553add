import { createHash, randomUUID } from 'node:crypto'
import { type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { type Clock, LvaError, type Random } from '../../src-core/kernel/index.ts'
import type { Database, Queries } from '../../src-core/store/index.ts'

const KEY_BYTES = 32
const DAY_MS = 86_400_000
/** An answer may be lost on the line: so long after its first use a refresh token is taken once more. */
const LOST_ANSWER_MS = 60_000
const ISSUER = 'lva-relay'

/** Whose a token is. */
export interface Bearer {
  accountId: string
  deviceId: string
}

export interface TokenPair {
  access: string
  refresh: string
  /** Seconds until the access token is over. */
  expiresIn: number
}

/**
 * Access tokens are JWTs, signed with a key that is made once and kept in the database, so that they survive a restart and count on every
 * node. A refresh token is good for one use, and for a minute after it; using it later ends all that came of the same signing in, since one of
 * the two who had it was a thief.
 */
export interface Tokens {
  begin(bearer: Bearer): Promise<TokenPair>
  /** @throws LvaError unauthorized */
  refresh(refresh: string): Promise<TokenPair & Bearer>
  /** @throws LvaError unauthorized */
  read(access: string): Promise<Bearer>
  /** Ends everything that the device was given. */
  end(queries: Queries, bearer: Bearer): Promise<void>
}

export interface TokenOptions {
  database: Database
  clock: Clock
  random: Random
  accessMinutes: number
  refreshDays: number
}

export async function createTokens({
  database,
  clock,
  random,
  accessMinutes,
  refreshDays,
}: TokenOptions): Promise<Tokens> {
  const key = await signingKey(database, random)
  const secondsNow = () => Math.floor(clock.now() / 1_000)

  async function pair(queries: Queries, { accountId, deviceId }: Bearer, family: string): Promise<TokenPair> {
    const refresh = Buffer.from(random.bytes(KEY_BYTES)).toString('base64url')
    await queries.query(
      `insert into relay_tokens (hash, family, account_id, device_id, expires_at) values ($1, $2, $3, $4, $5)`,
      [hashOf(refresh), family, accountId, deviceId, new Date(clock.now() + refreshDays * DAY_MS)],
    )
    const expiresIn = accessMinutes * 60
    const access = await new SignJWT({ dev: deviceId })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setSubject(accountId)
      .setIssuedAt(secondsNow())
      .setExpirationTime(secondsNow() + expiresIn)
      .sign(key)
    return { access, refresh, expiresIn }
  }

  return {
    begin: (bearer) =>
      database.transaction(async (tx) => {
        await tx.query('delete from relay_tokens where expires_at < $1', [new Date(clock.now())])
        return pair(tx, bearer, randomUUID())
      }),

    async refresh(refresh) {
      const made = await database.transaction(async (tx) => {
        const [row] = await tx.query<{
          family: string
          accountId: string
          deviceId: string
          expiresAt: Date
          usedAt: Date | null
        }>(
          `select family, account_id as "accountId", device_id as "deviceId", expires_at as "expiresAt", used_at as "usedAt"
           from relay_tokens where hash = $1 for update`,
          [hashOf(refresh)],
        )
        if (!row || row.expiresAt.getTime() <= clock.now()) return undefined
        if (row.usedAt && clock.now() - row.usedAt.getTime() > LOST_ANSWER_MS) {
          await tx.query('delete from relay_tokens where family = $1', [row.family])
          return undefined
        }
        await tx.query('update relay_tokens set used_at = coalesce(used_at, $2) where hash = $1', [
          hashOf(refresh),
          new Date(clock.now()),
        ])
        const { accountId, deviceId } = row
        return { ...(await pair(tx, row, row.family)), accountId, deviceId }
      })
      if (!made) throw unauthorized()
      return made
    },

    async read(access) {
      try {
        const { payload } = await jwtVerify<JWTPayload & { dev: string }>(access, key, {
          issuer: ISSUER,
          algorithms: ['HS256'],
          currentDate: new Date(clock.now()),
          requiredClaims: ['sub', 'dev', 'exp'],
        })
        return { accountId: String(payload.sub), deviceId: String(payload.dev) }
      } catch {
        // The library's errors say what is wrong with a token; whoever brings a bad one is not told.
        throw unauthorized()
      }
    },

    async end(queries, { accountId, deviceId }) {
      await queries.query('delete from relay_tokens where account_id = $1 and device_id = $2', [accountId, deviceId])
    },
  }
}

async function signingKey(database: Database, random: Random): Promise<Uint8Array> {
  const fresh = Buffer.from(random.bytes(KEY_BYTES)).toString('base64')
  await database.query(`insert into relay_settings (name, value) values ('signing', $1) on conflict do nothing`, [
    fresh,
  ])
  const [row] = await database.query<{ value: string }>(`select value from relay_settings where name = 'signing'`)
  return Buffer.from(row?.value ?? '', 'base64')
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

export function unauthorized(): LvaError {
  return new LvaError('unauthorized', 'You are not signed in here, or not any more.', { advice: 'Sign in again.' })
}
