import { open, stat } from 'node:fs/promises'
import { redisUnreadable } from '../faults.ts'
import { type RedisContexts, readContexts } from './exchanges.ts'
import { readRdb } from './rdb.ts'
import { readServer } from './server.ts'

/** v1 keeps at most five exchanges of a session for half an hour; a dump of more than this is another program's. */
const LARGEST_DUMP = 1_024 * 2 ** 20

/**
 * Reads v1's session contexts from a server (`redis://`), an RDB file or a JSON file.
 * @throws LvaError legacy-redis-unreadable, cancelled
 */
export async function readRedis(from: string, signal?: AbortSignal): Promise<RedisContexts> {
  if (/^rediss?:\/\//i.test(from)) return readContexts(await readServer(from, signal))
  const bytes = await readDump(from)
  return readContexts(bytes.subarray(0, 5).toString('latin1') === 'REDIS' ? readRdb(bytes) : readJson(bytes))
}

async function readDump(path: string): Promise<Buffer> {
  const found = await stat(path).catch(() => undefined) // no such file: said below
  if (!found?.isFile()) throw redisUnreadable(`There is no file ${path}.`)
  if (found.size > LARGEST_DUMP) throw redisUnreadable('The dump is larger than anything that v1 leaves.')
  const file = await open(path, 'r')
  try {
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** `{ key: value }`, or `[{ key, value }]`; values as Redis has them, as text, or already parsed. */
function readJson(bytes: Uint8Array): [string, string][] {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw redisUnreadable('The file is neither an RDB dump nor JSON.', error)
  }
  if (typeof json !== 'object' || json === null) throw redisUnreadable('The JSON file holds no keys.')
  const pairs = Array.isArray(json)
    ? json.flatMap((item) => (typeof item?.key === 'string' ? [[item.key, item.value] as const] : []))
    : Object.entries(json)
  return pairs.map(([key, value]) => [String(key), typeof value === 'string' ? value : JSON.stringify(value ?? null)])
}
