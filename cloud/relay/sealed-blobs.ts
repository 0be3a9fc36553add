import type { BackupPlace } from '../../src-core/backup/index.ts'
import { type Clock, LvaError, type NewId } from '../../src-core/kernel/index.ts'
import type { Database } from '../../src-core/store/index.ts'

/** Sealed blobs of accounts, uploaded in pieces so that a cut upload goes on (docs/protocol.md §6). Names are 32 hex digits. */
export interface SealedBlobs {
  /**
   * Adds a piece at `offset`. One without bytes asks whether the rest fits.
   * @param length of the whole blob
   * @returns bytes that are there now, `conflict` where the offset is another
   * @throws LvaError over-quota, bad-input; what the storage throws
   */
  put(
    accountId: string,
    name: string,
    offset: number,
    length: number,
    piece: Uint8Array,
  ): Promise<{ offset: number; conflict: boolean }>
  /** @returns undefined where there is none */
  state(accountId: string, name: string): Promise<{ offset: number; length: number } | undefined>
  /** The bytes from `start` to `end` (exclusive), piece by piece. */
  read(accountId: string, name: string, start: number, end: number): AsyncIterable<Uint8Array>
  delete(accountId: string, name: string): Promise<void>
}

export interface SealedBlobOptions {
  database: Database
  place: BackupPlace
  clock: Clock
  newId: NewId
  quotaBytes: number
  blobBytes: number
}

const READ_BYTES = 2 ** 20

export function createSealedBlobs({
  database,
  place,
  clock,
  newId,
  quotaBytes,
  blobBytes,
}: SealedBlobOptions): SealedBlobs {
  async function state(accountId: string, name: string) {
    const [row] = await database.query<{ offset: number; length: number }>(
      'select "offset", length from relay_blobs where account_id = $1 and name = $2',
      [accountId, name],
    )
    return row
  }

  /** Where all the rest of a blob does not fit: better none of it than a part. @throws LvaError over-quota */
  function refuseBeyondQuota(usedBytes = 0, rest: number): void {
    if (usedBytes + rest > quotaBytes) throw overQuota()
  }

  /** Counts a piece in that is written, unless another device was faster. */
  function keep(piece: {
    accountId: string
    name: string
    offset: number
    length: number
    bytes: number
    file: string
  }) {
    const { accountId, name, offset, length, bytes, file } = piece
    return database.transaction(async (tx) => {
      const [account] = await tx.query<{ usedBytes: number }>(
        'select used_bytes as "usedBytes" from relay_accounts where id = $1 for update',
        [accountId],
      )
      const [now] = await tx.query<{ offset: number }>(
        'select "offset" from relay_blobs where account_id = $1 and name = $2',
        [accountId, name],
      )
      if ((now?.offset ?? 0) !== offset) return { offset: now?.offset ?? 0, conflict: true }
      refuseBeyondQuota(account?.usedBytes, length - offset)
      await tx.query(
        `insert into relay_blobs (account_id, name, length, "offset", created_at) values ($1, $2, $3, $4, $5)
         on conflict (account_id, name) do update set "offset" = excluded."offset"`,
        [accountId, name, length, offset + bytes, new Date(clock.now())],
      )
      await tx.query(
        'insert into relay_blob_pieces (account_id, name, start, length, file) values ($1, $2, $3, $4, $5)',
        [accountId, name, offset, bytes, file],
      )
      await tx.query('update relay_accounts set used_bytes = used_bytes + $2 where id = $1', [accountId, bytes])
      return { offset: offset + bytes, conflict: false }
    })
  }

  return {
    state,

    async put(accountId, name, offset, length, piece) {
      if (length > blobBytes) throw overQuota()
      if (offset + piece.length > length) {
        throw new LvaError('bad-input', 'A piece of a blob reaches beyond its length.')
      }
      const known = await state(accountId, name)
      const there = known?.offset ?? 0
      if (there !== offset || (known && known.length !== length))
        return { offset: there, conflict: there !== length || offset !== length }
      if (piece.length === 0 && known) {
        const [account] = await database.query<{ usedBytes: number }>(
          'select used_bytes as "usedBytes" from relay_accounts where id = $1',
          [accountId],
        )
        if (offset < length) refuseBeyondQuota(account?.usedBytes, length - offset)
        return { offset: there, conflict: false }
      }
      // The file first: what the table names is there.
      const file = `${accountId}.${name}.${newId()}`
      await place.write(file, once(piece))
      const kept = await keep({ accountId, name, offset, length, bytes: piece.length, file }).catch(
        async (error: unknown) => {
          await place.delete(file)
          throw error
        },
      )
      if (kept.conflict) await place.delete(file)
      return kept
    },

    async *read(accountId, name, start, end) {
      const pieces = await database.query<{ start: number; length: number; file: string }>(
        'select start, length, file from relay_blob_pieces where account_id = $1 and name = $2 order by start',
        [accountId, name],
      )
      for (const piece of pieces) {
        const from = Math.max(start - piece.start, 0)
        const to = Math.min(end - piece.start, piece.length)
        for (let at = from; at < to; at += READ_BYTES) {
          yield await place.read(piece.file, at, Math.min(at + READ_BYTES, to))
        }
      }
    },

    async delete(accountId, name) {
      const pieces = await database.transaction(async (tx) => {
        const gone = await tx.query<{ length: number; file: string }>(
          'delete from relay_blob_pieces where account_id = $1 and name = $2 returning length, file',
          [accountId, name],
        )
        await tx.query('delete from relay_blobs where account_id = $1 and name = $2', [accountId, name])
        await tx.query('update relay_accounts set used_bytes = used_bytes - $2 where id = $1', [
          accountId,
          gone.reduce((sum, { length }) => sum + length, 0),
        ])
        return gone
      })
      for (const { file } of pieces) await place.delete(file)
    },
  }
}

async function* once(piece: Uint8Array): AsyncGenerator<Uint8Array> {
  yield piece
}

function overQuota(): LvaError {
  return new LvaError('over-quota', 'The relay keeps no more for this account.', {
    advice: 'Raise the quota of the relay.',
  })
}
