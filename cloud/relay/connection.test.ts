import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Closable, systemClock } from '../../src-core/kernel/index.ts'
import type { Database } from '../../src-core/store/index.ts'
import { decodeRelayFrame, encodeDeviceFrame, NO_ROOM, type RelayFrame } from '../../src-core/sync/index.ts'
import { ACCOUNT, foundAccount, openChaosDatabase, relayServices } from '../../test/chaos/world.ts'
import { deviceId } from '../../test/sync-world.ts'
import { CLOSE, type Connection, createConnection } from './connection.ts'
import { createWindows } from './rate-limits.ts'

/** What waits in the socket of a device that reads slowly, or not at all, over real rooms. Its line is a list, so that it is known what waits. */

const MIB = 2 ** 20
const PUSHED_AT_MOST = 8 * MIB
const QUEUED_AT_MOST = 24 * MIB
/** With a seal that nobody opens: the relay reads the head alone. */
const FRAME_BYTES = MIB / 2
const WRITER = deviceId(1)
const READER = deviceId(2)

let world: Closable & { database: Database; clean: () => Promise<void> }
let services: ReturnType<typeof relayServices>
beforeAll(async () => {
  world = await openChaosDatabase()
  await foundAccount(world.database, [WRITER, READER], Date.now())
  const bearerOf = (token: string) => ({ accountId: ACCOUNT, deviceId: token })
  services = relayServices(world.database, systemClock, bearerOf, createWindows(systemClock))
})
afterAll(async () => {
  await services.rooms.close()
  await world.close()
})

/** A socket whose device reads only when it is told to. */
class SlowLine {
  readonly read: RelayFrame[] = []
  readonly waiting: Uint8Array[] = []
  mostWaiting = 0
  closedWith: number | undefined
  /** That wait. */
  bytes = 0
  readonly #connection: Connection
  #onChange: () => void = () => undefined

  constructor() {
    const line = this
    this.#connection = createConnection(
      {
        send: (message) => {
          line.waiting.push(message)
          line.bytes += message.length
          line.mostWaiting = Math.max(line.mostWaiting, line.bytes)
          line.#onChange()
        },
        close: (code) => {
          line.closedWith = code
          line.#onChange()
        },
        get bufferedAmount() {
          return line.bytes
        },
      },
      services,
    )
    this.send({ type: 'hello', version: 1, token: READER })
  }

  send(frame: Parameters<typeof encodeDeviceFrame>[0]): void {
    this.#connection.receive(encodeDeviceFrame(frame))
  }

  /** Reads the oldest message. */
  readOne(): void {
    const message = this.waiting.shift()
    if (!message) return
    this.bytes -= message.length
    this.read.push(decodeRelayFrame(message))
    this.#connection.drained()
  }

  async until(fits: () => boolean): Promise<void> {
    while (!fits())
      await new Promise<void>((resolve) => {
        this.#onChange = resolve
      })
  }

  end(): void {
    this.#connection.closed()
  }
}

let sequence = 0
async function append(room: string, bytes: number): Promise<void> {
  sequence += 1
  const sealed = Uint8Array.from([1, 1, 0, 0, 0, 1, ...new Uint8Array(bytes)])
  const bearer = { accountId: ACCOUNT, deviceId: WRITER }
  expect(await services.rooms.append({ ...bearer, room, sequence, covers: 0, sealed })).toMatchObject({ taken: true })
}

describe('a device that reads slowly', () => {
  const rooms = ['a1', 'b2', 'c3', 'd4'].map((digits) => digits.repeat(16))
  const FRAMES = 8

  it('has at most 8 MiB of frames and a page before it, and gets all of every room once and in order', async () => {
    for (const room of rooms) for (let at = 0; at < FRAMES; at += 1) await append(room, FRAME_BYTES)
    const line = new SlowLine()
    for (const room of rooms) line.send({ type: 'follow', room, cursor: 0 })
    await line.until(() => line.bytes > PUSHED_AT_MOST)
    // What comes meanwhile waits in the room.
    for (const room of rooms) await append(room, FRAME_BYTES)
    const read = (type: RelayFrame['type']) => line.read.filter((frame) => frame.type === type).length
    while (read('head') < rooms.length || read('frame') < rooms.length * (FRAMES + 1)) {
      await line.until(() => line.waiting.length > 0)
      line.readOne()
    }
    expect(line.mostWaiting).toBeLessThan(PUSHED_AT_MOST + 2 * MIB)
    for (const room of rooms) {
      const positions = line.read.flatMap((frame) =>
        frame.type === 'frame' && frame.room === room ? [frame.position] : [],
      )
      expect(positions).toEqual(Array.from({ length: FRAMES + 1 }, (_, at) => at + 1))
    }
    expect(line.closedWith).toBeUndefined()
    line.end()
  })

  it('that asks on and on without reading is closed before more than 24 MiB wait, and told why', async () => {
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => append(at.toString(16).padStart(32, 'e'), 200)))
    const line = new SlowLine()
    await line.until(() => line.waiting.length > 0)
    while (line.closedWith === undefined) {
      const before = line.waiting.length
      line.send({ type: 'list', after: NO_ROOM })
      await line.until(() => line.closedWith !== undefined || line.waiting.length > before)
    }
    expect(line.closedWith).toBe(CLOSE['not-read'])
    expect(line.mostWaiting).toBeLessThanOrEqual(QUEUED_AT_MOST)
    expect(line.mostWaiting).toBeGreaterThan(QUEUED_AT_MOST - MIB)
    // It does nothing more for it.
    line.send({ type: 'list', after: NO_ROOM })
    const waiting = line.waiting.length
    await append(rooms[0] as string, 200)
    expect(line.waiting).toHaveLength(waiting)
    line.end()
  })
})
