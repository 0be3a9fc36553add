import { type Clock, LvaError } from '../../src-core/kernel/index.ts'
import type { Database } from '../../src-core/store/index.ts'

/** Mailboxes in which two devices leave each other messages while one of them joins (docs/protocol.md §10). */
export interface Pairings {
  /** @returns how many messages the mailbox has now. @throws LvaError bad-input where it is full or the message too long */
  leave(id: string, message: Uint8Array): Promise<number>
  /** Messages after that number, from 0. */
  fetch(id: string, after: number): Promise<Uint8Array[]>
}

const LIFE_MS = 10 * 60_000
const MOST_MESSAGES = 8
export const MESSAGE_OF_PAIRING = 4 * 1_024

export function createPairings(database: Database, clock: Clock): Pairings {
  const now = () => new Date(clock.now())
  return {
    leave: (id, message) =>
      database.transaction(async (tx) => {
        if (message.length > MESSAGE_OF_PAIRING) throw tooMuch()
        await tx.query('delete from relay_pairings where expires_at <= $1', [now()])
        const [first] = await tx.query<{ count: number; expiresAt: Date | null }>(
          'select count(*) as count, min(expires_at) as "expiresAt" from relay_pairings where id = $1',
          [id],
        )
        const count = first?.count ?? 0
        if (count >= MOST_MESSAGES) throw tooMuch()
        // All messages of a mailbox go together, ten minutes after the first.
        const expiresAt = first?.expiresAt ?? new Date(clock.now() + LIFE_MS)
        await tx.query('insert into relay_pairings (id, number, message, expires_at) values ($1, $2, $3, $4)', [
          id,
          count,
          message,
          expiresAt,
        ])
        return count + 1
      }),
    async fetch(id, after) {
      const rows = await database.query<{ message: Uint8Array }>(
        'select message from relay_pairings where id = $1 and number >= $2 and expires_at > $3 order by number',
        [id, after, now()],
      )
      return rows.map(({ message }) => message)
    },
  }
}

function tooMuch(): LvaError {
  return new LvaError('bad-input', 'This mailbox takes no more.', { advice: 'Begin adding the device anew.' })
}
