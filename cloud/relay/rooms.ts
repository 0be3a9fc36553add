import type { Clock, Log } from '../../src-core/kernel/index.ts'
import type { Database, Queries } from '../../src-core/store/index.ts'
import {
  type FrameKind,
  type RefusalCode,
  type RelayFrame,
  type RoomHead,
  readFrameHead,
} from '../../src-core/sync/index.ts'
import type { Bearer } from './tokens.ts'

/** A frame as it is kept, and sent. */
export type StoredFrame = Omit<Extract<RelayFrame, { type: 'frame' }>, 'type'>

/** What a device wants to be kept. */
export interface Append extends Bearer {
  room: string
  sequence: number
  /** Of a snapshot: the position up to which it covers; 0 for anything else. */
  covers: number
  sealed: Uint8Array
}

export type Appended =
  /** Position 0: it was taken before, and a snapshot has replaced it since. */
  { taken: true; position: number } | { taken: false; code: RefusalCode }

/** Sealed rooms: order, memory and forgetting. */
export interface Rooms {
  /** Resolves once it is committed, or refused. Everything that waits is committed together. */
  append(append: Append): Promise<Appended>
  /** What a device needs to know before it appends. */
  state(bearer: Bearer): Promise<{ taken: number; epoch: number; usedBytes: number }>
  /**
   * Frames after a cursor, in order, at most about so many bytes. Below what was deleted the newest snapshot comes first, and once more at
   * its place; what it covers is passed over.
   * @returns undefined where the cursor is ahead of the room
   */
  read(
    accountId: string,
    room: string,
    cursor: number,
    mostBytes: number,
  ): Promise<{ frames: StoredFrame[]; head: number } | undefined>
  list(accountId: string, after: string, most: number): Promise<RoomHead[]>
  /** A device keeps everything up to there: what a snapshot covers is deleted once all have passed it. */
  passed(bearer: Bearer, room: string, position: number): Promise<void>
  /** Waits for what is under way; later ones are refused as `unavailable`. */
  close(): Promise<void>
}

export interface RoomOptions {
  database: Database
  clock: Clock
  log: Log
  quotaBytes: number
  activeDays: number
  /** Called after the commit, in order of position within a room. */
  onStored: (accountId: string, frame: StoredFrame) => void
}

const DAY_MS = 86_400_000
/** Of one transaction. */
const MOST_APPENDS = 500
const MOST_BYTES = 8 * 2 ** 20

interface Waiting {
  append: Append
  epoch: number
  resolve(result: Appended): void
}

interface AccountState {
  epoch: number
  usedBytes: number
}

export function createRooms({ database, clock, log, quotaBytes, activeDays, onStored }: RoomOptions): Rooms {
  const queue: Waiting[] = []
  let working: Promise<void> | undefined
  let isClosed = false

  async function work(): Promise<void> {
    for (let next = begin(); next; ) {
      const { batch, outcome } = next
      const committed = await outcome
      // The database works on what waits while devices are told of this.
      next = begin()
      for (const [accountId, frame] of committed?.stored ?? []) onStored(accountId, frame)
      for (const [at, { resolve }] of batch.entries())
        resolve(committed?.results[at] ?? { taken: false, code: 'unavailable' })
    }
    working = undefined
  }

  /** Begins to store what waits. `outcome` never fails: it is undefined where nothing was stored. */
  function begin() {
    if (queue.length === 0) return undefined
    const batch = takeBatch()
    const outcome = database
      .transaction((tx) => store(tx, batch))
      .catch((error: unknown) => {
        log.error({ error, appends: batch.length }, 'frames could not be stored')
        return undefined
      })
    return { batch, outcome }
  }

  function takeBatch(): Waiting[] {
    let bytes = 0
    let count = 0
    for (const { append } of queue) {
      if (count === MOST_APPENDS || (count > 0 && bytes + append.sealed.length > MOST_BYTES)) break
      bytes += append.sealed.length
      count += 1
    }
    return queue.splice(0, count)
  }

  async function store(tx: Queries, batch: readonly Waiting[]) {
    const appends = batch.map(({ append }) => append)
    const accounts = await lockAccounts(tx, appends)
    const { devices, rooms } = await states(tx, appends)
    const results: Appended[] = []
    const stored: [string, StoredFrame][] = []
    for (const { append, epoch } of batch) {
      const { accountId, deviceId, room, sequence, covers, sealed } = append
      const account = accounts.get(accountId)
      const device = devices.get(pair(accountId, deviceId))
      const head = rooms.get(pair(accountId, room)) ?? 0
      const code = !account || !device ? 'not-welcome' : refusal({ account, device, head, append, epoch, quotaBytes })
      if (code) results.push({ taken: false, code })
      else if (account && device && sequence <= device.taken) {
        const before = stored.find(([, frame]) => frame.device === deviceId && frame.sequence === sequence)
        results.push({ taken: true, position: before?.[1].position ?? (await positionOf(tx, append)) })
      } else if (account && device) {
        device.taken = sequence
        account.usedBytes += sealed.length
        rooms.set(pair(accountId, room), head + 1)
        stored.push([accountId, { room, position: head + 1, device: deviceId, sequence, covers, sealed }])
        results.push({ taken: true, position: head + 1 })
      }
    }
    if (stored.length > 0) await write(tx, stored)
    for (const [accountId, { room, covers }] of stored) if (covers > 0) await forget(tx, accountId, room)
    return { results, stored }
  }

  /** Deletes what the newest snapshot covers that every active device has passed. The account is locked. */
  async function forget(tx: Queries, accountId: string, room: string): Promise<void> {
    const active = new Date(clock.now() - activeDays * DAY_MS)
    const [found] = await tx.query<{ covers: number | null }>(
      `select max(covers) as covers from relay_frames
       where account_id = $1 and room = $2 and covers > 0 and covers <= (
         select min(coalesce(passed.position, 0)) from relay_devices device
         left join relay_passed passed
           on passed.account_id = device.account_id and passed.device_id = device.id and passed.room = $2
         where device.account_id = $1 and device.revoked_at is null and device.last_seen_at >= $3)`,
      [accountId, room, active],
    )
    const floor = found?.covers ?? 0
    if (floor === 0) return
    const gone = await tx.query<{ bytes: number }>(
      `delete from relay_frames where account_id = $1 and room = $2 and position <= $3 returning octet_length(sealed) as bytes`,
      [accountId, room, floor],
    )
    if (gone.length === 0) return
    const bytes = gone.reduce((sum, row) => sum + row.bytes, 0)
    await tx.query('update relay_rooms set floor = $3, bytes = bytes - $4 where account_id = $1 and room = $2', [
      accountId,
      room,
      floor,
      bytes,
    ])
    await tx.query('update relay_accounts set used_bytes = used_bytes - $2 where id = $1', [accountId, bytes])
    log.info({ account: accountId, room, frames: gone.length, bytes }, 'frames that a snapshot covers were deleted')
  }

  return {
    append(append) {
      if (isClosed) return Promise.resolve({ taken: false, code: 'unavailable' })
      const head = headOf(append)
      if (!head) return Promise.resolve({ taken: false, code: 'malformed' })
      return new Promise((resolve) => {
        queue.push({ append, epoch: head.epoch, resolve })
        working ??= work()
      })
    },

    async state({ accountId, deviceId }) {
      const [row] = await database.query<{ taken: number; epoch: number; usedBytes: number }>(
        `select device.taken, account.epoch, account.used_bytes as "usedBytes" from relay_devices device
         join relay_accounts account on account.id = device.account_id
         where device.account_id = $1 and device.id = $2`,
        [accountId, deviceId],
      )
      return row ?? { taken: 0, epoch: 1, usedBytes: 0 }
    },

    async read(accountId, room, cursor, mostBytes) {
      const [state] = await database.query<{ head: number; floor: number }>(
        'select head, floor from relay_rooms where account_id = $1 and room = $2',
        [accountId, room],
      )
      const { head, floor } = state ?? { head: 0, floor: 0 }
      if (cursor > head) return undefined
      const snapshot = cursor < floor ? await newestSnapshot(database, accountId, room) : undefined
      const from = snapshot ? snapshot.covers : cursor
      const rest = await database.query<StoredFrame & Record<string, unknown>>(
        `select room, position, device_id as device, sequence, covers, sealed from (
           select *, sum(octet_length(sealed)) over (order by position) - octet_length(sealed) as before
           from (select * from relay_frames where account_id = $1 and room = $2 and position > $3 order by position limit 1000) page
         ) sized where before < $4 order by position`,
        [accountId, room, from, mostBytes],
      )
      return { frames: snapshot ? [snapshot, ...rest] : rest, head }
    },

    list: (accountId, after, most) =>
      database.query<RoomHead & Record<string, unknown>>(
        'select room, head, bytes from relay_rooms where account_id = $1 and room > $2 order by room limit $3',
        [accountId, after, most],
      ),

    passed: ({ accountId, deviceId }, room, position) =>
      database.transaction(async (tx) => {
        await tx.query('select 1 from relay_accounts where id = $1 for update', [accountId])
        await tx.query(
          `insert into relay_passed (account_id, room, device_id, position)
           select account_id, room, $3, least(head, $4::bigint) from relay_rooms where account_id = $1 and room = $2
           on conflict (account_id, room, device_id) do update set position = greatest(relay_passed.position, excluded.position)`,
          [accountId, room, deviceId, position],
        )
        await forget(tx, accountId, room)
      }),

    async close() {
      isClosed = true
      await working
    },
  }
}

/** Why a frame is not taken; undefined where it is, or was before. */
function refusal(given: {
  account: AccountState
  device: { taken: number; isRevoked: boolean }
  head: number
  append: Append
  epoch: number
  quotaBytes: number
}): RefusalCode | undefined {
  const { account, device, head, append, epoch, quotaBytes } = given
  if (device.isRevoked) return 'revoked'
  if (append.sequence <= device.taken) return undefined
  if (append.sequence > device.taken + 1) return 'sequence-gap'
  if (epoch < account.epoch) return 'epoch-old'
  if (epoch > account.epoch) return 'malformed'
  if (append.covers > head) return 'covers-ahead'
  if (account.usedBytes + append.sealed.length > quotaBytes) return 'over-quota'
  return undefined
}

const KINDS_OF_APPEND: readonly FrameKind[] = ['update', 'digest']

/** The epoch of a frame whose kind fits; undefined where it is no frame. */
function headOf({ covers, sealed }: Append): { epoch: number } | undefined {
  try {
    const head = readFrameHead(sealed)
    const fits = covers > 0 ? head.kind === 'snapshot' : KINDS_OF_APPEND.includes(head.kind)
    return fits ? head : undefined
  } catch {
    return undefined
  }
}

/** Whoever holds the row of an account may change its devices and rooms; in one order, so that nodes do not wait for each other in a ring. */
async function lockAccounts(tx: Queries, appends: readonly Append[]): Promise<Map<string, AccountState>> {
  const ids = distinct(appends.map(({ accountId }) => accountId))
  const rows = await tx.query<{ id: string; epoch: number; usedBytes: number }>(
    `select id, epoch, used_bytes as "usedBytes" from relay_accounts where id = any($1) order by id for update`,
    [ids],
  )
  return new Map(rows.map(({ id, ...state }) => [id, state]))
}

/** What is known of devices and rooms. Asked for only when the accounts are locked: a statement sees what was committed before it began. */
async function states(tx: Queries, appends: readonly Append[]) {
  const rows = await tx.query<{ accountId: string; id: string; isRoom: boolean; number: number; isRevoked: boolean }>(
    `select account_id as "accountId", id, false as "isRoom", taken as number, revoked_at is not null as "isRevoked"
     from relay_devices where account_id = any($1) and id = any($2)
     union all
     select account_id, room, true, head, false from relay_rooms where account_id = any($1) and room = any($3)`,
    [
      distinct(appends.map(({ accountId }) => accountId)),
      distinct(appends.map(({ deviceId }) => deviceId)),
      distinct(appends.map(({ room }) => room)),
    ],
  )
  const devices = new Map<string, { taken: number; isRevoked: boolean }>()
  const rooms = new Map<string, number>()
  for (const { accountId, id, isRoom, number, isRevoked } of rows) {
    if (isRoom) rooms.set(pair(accountId, id), number)
    else devices.set(pair(accountId, id), { taken: number, isRevoked })
  }
  return { devices, rooms }
}

/** One statement, the same for every batch: lists of columns, and all sealed bytes in one piece. */
async function write(tx: Queries, stored: readonly [string, StoredFrame][]): Promise<void> {
  const sealed = Buffer.concat(stored.map(([, frame]) => frame.sealed))
  let end = 0
  const starts = stored.map(([, frame]) => {
    end += frame.sealed.length
    return String(end - frame.sealed.length + 1)
  })
  await tx.query(
    `with given as (
       select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::int[], $8::int[])
         as given (account_id, room, position, device_id, sequence, covers, start, length)
     ), frames as (
       insert into relay_frames (account_id, room, position, device_id, sequence, covers, sealed)
       select account_id, room, position, device_id, sequence, covers, substring($9::bytea from start for length) from given
     ), rooms as (
       insert into relay_rooms (account_id, room, head, floor, bytes)
       select account_id, room, max(position), 0, sum(length) from given group by account_id, room
       on conflict (account_id, room) do update set head = excluded.head, bytes = relay_rooms.bytes + excluded.bytes
     ), devices as (
       update relay_devices set taken = sent.taken
       from (select account_id, device_id, max(sequence) as taken from given group by account_id, device_id) sent
       where relay_devices.account_id = sent.account_id and relay_devices.id = sent.device_id
     )
     update relay_accounts set used_bytes = used_bytes + sent.bytes
     from (select account_id, sum(length) as bytes from given group by account_id) sent
     where relay_accounts.id = sent.account_id`,
    [
      stored.map(([accountId]) => accountId),
      stored.map(([, { room }]) => room),
      stored.map(([, { position }]) => String(position)),
      stored.map(([, { device }]) => device),
      stored.map(([, { sequence }]) => String(sequence)),
      stored.map(([, { covers }]) => String(covers)),
      starts,
      stored.map(([, frame]) => String(frame.sealed.length)),
      sealed,
    ],
  )
}

async function positionOf(tx: Queries, { accountId, deviceId, sequence }: Append): Promise<number> {
  const [row] = await tx.query<{ position: number }>(
    'select position from relay_frames where account_id = $1 and device_id = $2 and sequence = $3',
    [accountId, deviceId, sequence],
  )
  return row?.position ?? 0
}

async function newestSnapshot(queries: Queries, accountId: string, room: string): Promise<StoredFrame | undefined> {
  const [row] = await queries.query<StoredFrame & Record<string, unknown>>(
    `select room, position, device_id as device, sequence, covers, sealed from relay_frames
     where account_id = $1 and room = $2 and covers > 0 order by covers desc, position desc limit 1`,
    [accountId, room],
  )
  return row
}

/** Ids hold no blank. */
function pair(a: string, b: string): string {
  return `${a} ${b}`
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
}
