import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BackupPlace, folderPlace, s3Place } from '../../src-core/backup/index.ts'
import {
  type Clock,
  type Closable,
  Closables,
  idMaker,
  isLvaError,
  type Log,
  type Random,
} from '../../src-core/kernel/index.ts'
import { openStore } from '../../src-core/store/index.ts'
import { createAccounts } from './accounts.ts'
import { createApp } from './app.ts'
import type { RelayConfig } from './config.ts'
import { type FanOut, localFanOut, redisFanOut } from './fan-out.ts'
import { createMetrics } from './metrics.ts'
import { createPairings } from './pairings.ts'
import { createPasswords } from './password.ts'
import { createWindows, memoryRateLimits, type RateLimits, redisRateLimits } from './rate-limits.ts'
import { createRooms } from './rooms.ts'
import { createSealedBlobs } from './sealed-blobs.ts'
import { createTokens } from './tokens.ts'

export interface RelayOptions {
  config: RelayConfig
  clock: Clock
  random: Random
  log: Log
}

/** A relay that listens. Closing it answers what is under way first. */
export interface Relay extends Closable {
  /** Such as http://127.0.0.1:8787. */
  readonly address: string
}

const MIGRATIONS = fileURLToPath(new URL('../../migrations/relay', import.meta.url))
const STATEMENT_MS = 30_000
const PLACE_ANSWER_MS = 60_000

/**
 * Opens everything in the order in which it rests on each other and listens.
 * @throws LvaError vault-locked where another relay has the folder; database-unreachable; folder-not-writable; port-taken
 */
export async function startRelay({ config, clock, random, log }: RelayOptions): Promise<Relay> {
  const owned = new Closables()
  try {
    return await compose({ config, clock, random, log }, owned)
  } catch (error) {
    await owned.close()
    throw error
  }
}

async function compose({ config, clock, random, log }: RelayOptions, owned: Closables): Promise<Relay> {
  const folder = config.RELAY_DATA_DIR
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const store = owned.add(
    await openStore({
      dataDir: folder,
      cacheDir: join(folder, 'cache'),
      host: 'relay',
      clock,
      log,
      statementTimeoutMs: STATEMENT_MS,
      migrationsFolder: MIGRATIONS,
      ...(config.DATABASE_URL !== '' && { databaseUrl: config.DATABASE_URL }),
    }),
  )
  const { database } = store
  const { fanOut, rates, ping } = await openShared(config, { clock, log, node: idMaker(clock, random)() }, owned)
  const tokens = await createTokens({
    database,
    clock,
    random,
    accessMinutes: config.ACCESS_MINUTES,
    refreshDays: config.REFRESH_DAYS,
  })
  const accounts = createAccounts({
    database,
    passwords: createPasswords(random),
    tokens,
    rates,
    clock,
    newId: idMaker(clock, random),
    onRevoked: ({ accountId, deviceId }) => fanOut.publish(accountId, { type: 'revoked', device: deviceId }),
  })
  const rooms = createRooms({
    database,
    clock,
    log,
    quotaBytes: config.quotaBytes,
    activeDays: config.ACTIVE_DAYS,
    onStored: (accountId, frame) => fanOut.publish(accountId, { type: 'stored', frame }),
  })
  const place = blobPlace(config, clock, random)
  const blobsAnswer = answering(place, clock)
  const app = createApp({
    accounts,
    tokens,
    rooms,
    fanOut,
    rates,
    messageRates: createWindows(clock),
    metrics: createMetrics(),
    blobs: createSealedBlobs({
      database,
      place,
      clock,
      newId: idMaker(clock, random),
      quotaBytes: config.quotaBytes,
      blobBytes: config.blobBytes,
    }),
    pairings: createPairings(database, clock),
    ready: async () => {
      await database.query('select 1')
      await ping()
      await blobsAnswer()
    },
    trustProxy: config.TRUST_PROXY,
    quotaBytes: config.quotaBytes,
    clock,
    log,
  })
  owned.defer(() => rooms.close())
  owned.defer(() => app.http.close())
  owned.defer(() => app.closeSockets())
  const address = await app.http.listen({ host: config.HOST, port: config.PORT })
  log.info(
    { address, database: database.kind, redis: config.REDIS_URL !== '', s3: config.S3_ENDPOINT !== '' },
    'the relay listens',
  )
  return { address, close: () => owned.close() }
}

/** What nodes share: Redis where it is configured, this process where it is not. */
async function openShared(
  config: RelayConfig,
  { clock, log, node }: { clock: Clock; log: Log; node: string },
  owned: Closables,
): Promise<{ fanOut: FanOut; rates: RateLimits; ping: () => Promise<unknown> }> {
  if (config.REDIS_URL === '') {
    return { fanOut: owned.add(localFanOut()), rates: memoryRateLimits(clock), ping: async () => undefined }
  }
  const { Redis } = await import('ioredis')
  const open = () => {
    const client = new Redis(config.REDIS_URL, { maxRetriesPerRequest: 3 })
    client.on('error', (error: unknown) => log.warn({ error }, 'Redis does not answer'))
    owned.defer(() => client.disconnect())
    return client
  }
  const [commands, subscriber] = [open(), open()]
  const fanOut = owned.add(await redisFanOut(node, commands, subscriber, log))
  return { fanOut, rates: redisRateLimits(commands), ping: () => commands.ping() }
}

/** Whether the storage of blobs lets us read; what it said holds for a minute, since each question is paid for. @returns throws what it throws */
function answering(place: BackupPlace, clock: Clock): () => Promise<void> {
  let askedAt = Number.NEGATIVE_INFINITY
  let answer: Promise<void> = Promise.resolve()
  return () => {
    if (clock.monotonic() - askedAt >= PLACE_ANSWER_MS) {
      askedAt = clock.monotonic()
      answer = place.read('ready', 0, 1).then(
        () => undefined,
        (error: unknown) => {
          if (!isLvaError(error, 'not-found')) throw error
        },
      )
    }
    return answer
  }
}

function blobPlace(config: RelayConfig, clock: Clock, random: Random) {
  if (config.S3_ENDPOINT === '') return folderPlace(join(config.RELAY_DATA_DIR, 'sealed'))
  return s3Place({
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    bucket: config.S3_BUCKET,
    prefix: config.S3_PREFIX,
    accessKeyId: config.S3_ACCESS_KEY_ID,
    secretAccessKey: config.S3_SECRET_ACCESS_KEY,
    clock,
    random,
  })
}
