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
  /** The relay reads no further. */
  isPaused = false
  /** That wait. */
  bytes = 0
  readonly #connection: Connection
  #onChange: () => void = () => undefined

  constructor(rooms = services.rooms, token = READER) {
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
        pause: () => {
          line.isPaused = true
        },
        resume: () => {
          line.isPaused = false
          line.#onChange()
        },
      },
      { ...services, rooms },
    )
    this.send({ type: 'hello', version: 1, token })
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
const sealedOf = (bytes: number) => Uint8Array.from([1, 1, 0, 0, 0, 1, ...new Uint8Array(bytes)])
async function append(room: string, bytes: number): Promise<void> {
  sequence += 1
  const sealed = sealedOf(bytes)
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

describe('a device that sends faster than its frames are committed', () => {
  const HELD_AT_MOST = 8 * MIB
  const COUNT = 24

  it('is read no further while 8 MiB wait, whatever it sends, and then to the end', async () => {
    const commits = Promise.withResolvers<void>()
    const slow: typeof services.rooms = {
      ...services.rooms,
      append: async (frame) => {
        await commits.promise
        return services.rooms.append(frame)
      },
    }
    const line = new SlowLine(slow, WRITER)
    await line.until(() => line.waiting.length > 0)
    const sealed = sealedOf(MIB)
    let sent = 0
    const sendOne = () => {
      sequence += 1
      sent += 1
      line.send({ type: 'append', room: 'e5'.repeat(16), sequence, sealed })
    }
    while (!line.isPaused && sent < COUNT) sendOne()
    expect(sent * sealed.length).toBeLessThanOrEqual(HELD_AT_MOST + sealed.length)
    commits.resolve()
    while (sent < COUNT) {
      await line.until(() => !line.isPaused)
      sendOne()
    }
    const taken = () => line.waiting.filter((message) => decodeRelayFrame(message).type === 'taken').length
    await line.until(() => taken() === COUNT)
    expect(line.closedWith).toBeUndefined()
    line.end()
  })

  it('also counts what waits for its turn', async () => {
    const line = new SlowLine()
    await line.until(() => line.waiting.length > 0)
    const whispers = () => line.send({ type: 'whisper', room: 'e5'.repeat(16), sealed: sealedOf(MIB) })
    for (let sent = 0; sent < 9; sent += 1) whispers()
    expect(line.isPaused).toBe(true)
    await line.until(() => !line.isPaused)
    line.end()
  })
})
