import { FaultError } from './faults.ts'

/**
 * Makes sure that a successful answer is a stream of events. A router's page or a JSON document under HTTP 200 would otherwise look like a
 * stream that ended early.
 */
export function requireEventStream(response: Response): void {
  const type = response.headers.get('content-type') ?? ''
  // Some proxies drop the type or replace it by the general one for bytes.
  if (type === '' || /event-stream|octet-stream/i.test(type)) return
  throw new FaultError({ kind: 'unreadable', detail: type.split(';')[0]?.trim().slice(0, 60) ?? '' })
}
