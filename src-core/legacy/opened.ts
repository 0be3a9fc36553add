import { createHash } from 'node:crypto'
import { changed } from './faults.ts'
import { type FoundFile, findFile } from './find-file.ts'
import { type MissingExchange, missingFrom } from './redis/exchanges.ts'
import { readRedis } from './redis/read.ts'
import { V1Source } from './source.ts'
import type { RedisReport, V1Place } from './types.ts'

/** v1's data, found and opened, and the name of its import. */
export interface OpenedPlace {
  file: FoundFile
  source: V1Source
  sha256: string
  importId: string
  /** Exchanges that only Redis has. */
  exchanges: MissingExchange[]
  redis: RedisReport | null
  /** @throws LvaError legacy-changed when the file is not what it was */
  checkUnchanged(): Promise<void>
}

/** Opens what `place` names for as long as `work` takes. @throws LvaError legacy-* */
export async function withPlace<T>(
  place: V1Place,
  signal: AbortSignal | undefined,
  work: (opened: OpenedPlace) => Promise<T>,
): Promise<T> {
  const contexts = place.redis ? await readRedis(place.redis, signal) : null
  const file = await findFile(place.path, signal)
  try {
    const source = await V1Source.open(file.path)
    try {
      const sha256 = await source.sha256()
      const exchanges = contexts ? await missingFrom(source, contexts.exchanges) : []
      const redis = contexts && {
        sessions: contexts.sessions,
        exchanges: contexts.exchanges.length,
        missing: exchanges.length,
        phoneNumbers: contexts.phoneNumbers,
        unreadable: contexts.unreadable,
      }
      const checkUnchanged = async () => {
        file.checkUnchanged()
        if ((await source.sha256()) !== sha256) throw changed()
      }
      return await work({
        file,
        source,
        sha256,
        importId: importIdOf(sha256, exchanges),
        exchanges,
        redis,
        checkUnchanged,
      })
    } finally {
      await source.close()
    }
  } finally {
    file.release()
  }
}

function importIdOf(sha256: string, exchanges: readonly MissingExchange[]): string {
  if (exchanges.length === 0) return `v1-${sha256.slice(0, 24)}`
  const hash = createHash('sha256').update(sha256)
  for (const exchange of exchanges) hash.update(JSON.stringify(exchange))
  return `v1-${hash.digest('hex').slice(0, 24)}`
}
