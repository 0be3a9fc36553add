import { z } from 'zod'
import { LvaError } from '../../src-core/kernel/index.ts'

const MB = 2 ** 20
const count = z.coerce.number().int().positive()

/** Everything that can be configured on a relay, by the environment alone. */
const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8_787),
  /** Folder of the embedded database and of blobs. */
  RELAY_DATA_DIR: z.string().default('relay-data'),
  /** postgres:// address; empty keeps the tables in the folder. */
  DATABASE_URL: z.string().default(''),
  /** redis:// address, for several nodes; empty means that this one is alone. */
  REDIS_URL: z.string().default(''),
  /** S3-compatible storage for blobs; an empty endpoint keeps them in the folder. */
  S3_ENDPOINT: z.string().default(''),
  S3_REGION: z.string().default('us-east-1'),
  S3_BUCKET: z.string().default(''),
  S3_PREFIX: z.string().default(''),
  S3_ACCESS_KEY_ID: z.string().default(''),
  S3_SECRET_ACCESS_KEY: z.string().default(''),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  /** Whether the address of a client is the last in `X-Forwarded-For`, added by a proxy of one's own. */
  TRUST_PROXY: z.enum(['true', 'false']).default('false'),
  /** MB of 2^20 bytes that one account may keep, frames and blobs together. */
  QUOTA_MB: count.default(5_120),
  /** Megabytes of 2^20 bytes of one blob. */
  BLOB_MB: count.default(512),
  /** Minutes of an access token, days of a refresh token. */
  ACCESS_MINUTES: count.default(15),
  REFRESH_DAYS: count.default(60),
  /** A device that was not seen for so many days is not waited for when frames are deleted. */
  ACTIVE_DAYS: count.default(90),
})

export type RelayConfig = Omit<z.output<typeof schema>, 'TRUST_PROXY'> & {
  TRUST_PROXY: boolean
  quotaBytes: number
  blobBytes: number
}

/** @throws LvaError config-invalid naming each variable that does not fit */
export function relayConfig(environment: Record<string, string | undefined>): RelayConfig {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    throw new LvaError('config-invalid', `The relay's configuration does not fit: ${problems}.`, {
      advice: 'Correct the environment; docs/relay.md names every variable.',
      params: { problems },
    })
  }
  const { data } = parsed
  if (data.S3_ENDPOINT !== '' && [data.S3_BUCKET, data.S3_ACCESS_KEY_ID, data.S3_SECRET_ACCESS_KEY].includes('')) {
    throw new LvaError(
      'config-invalid',
      'S3_ENDPOINT is set, but not all of S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.',
      {
        advice: 'Set all four, or none to keep blobs in the folder.',
        params: { problems: 'S3' },
      },
    )
  }
  return {
    ...data,
    TRUST_PROXY: data.TRUST_PROXY === 'true',
    quotaBytes: data.QUOTA_MB * MB,
    blobBytes: data.BLOB_MB * MB,
  }
}
