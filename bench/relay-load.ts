import { setTimeout as sleep } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import type { ServerProcess } from './server-process.ts'

/** One kind of server with all its devices, as the load of the bench `relay` sees them. */
export interface Line {
  readonly name: string
  readonly server: ServerProcess
  /** A socket of each device, in the order of their rooms. */
  readonly sockets: WebSocket[]
  /** The next message of a device. @param number from 0, of that device */
  message(device: number, number: number): Uint8Array
  /** What a message from the server to a device means to the load. */
  read(bytes: Buffer, device: number): Heard
  /** Resident megabytes of the server for each device that is connected and silent. */
  readonly memoryOfDevice: number
  /** Messages that a device has sent so far. */
  readonly sent: number[]
}

/** `kept`: the server has it, and the device that sent it knows. `came`: it reached another device of the room. */
export type Heard = { what: 'kept' | 'came'; from: number; number: number } | undefined

export interface Load {
  /** Acknowledged messages a second. */
  perSecond: number
  /** From sending to the arrival at each of the other devices, in milliseconds. */
  fanOutMs: number[]
  /** Processor seconds of the server for 1,000 messages, each fanned out. */
  cpuOfThousand: number
}

const WARM_MS = 500
const DRAIN_MS = 20_000
/** Sent times that are remembered of a device; more are never under way. */
const REMEMBERED = 256

/**
 * Lets devices send for so long, then waits until everything has arrived.
 * @param perSecond messages of all devices together, evenly; 0 where each device sends the next as soon as the last was acknowledged
 * @throws where something does not arrive
 */
export async function load(line: Line, others: number, ms: number, perSecond = 0): Promise<Load> {
  const { sockets, sent, server } = line
  const sentAt = sockets.map(() => new Float64Array(REMEMBERED))
  const before = sent.reduce((sum, count) => sum + count, 0)
  const fanOutMs: number[] = []
  let [kept, came, counted, isOver, isMeasured] = [0, 0, 0, false, false]
  let [pausedAt, owed] = [0, 0]
  const send = (device: number) => {
    const number = sent[device] ?? 0
    sent[device] = number + 1
    const message = line.message(device, number)
    ;(sentAt[device] as Float64Array)[number % REMEMBERED] = performance.now()
    sockets[device]?.send(message)
  }
  const hear = (device: number, data: Buffer) => {
    const heard = line.read(data, device)
    if (!heard) return
    if (heard.what === 'came') {
      came += 1
      if (isMeasured) fanOutMs.push(performance.now() - (sentAt[heard.from]?.[heard.number % REMEMBERED] ?? 0))
      return
    }
    kept += 1
    if (isMeasured) counted += 1
    if (!isOver && perSecond === 0) send(heard.from)
  }
  const listeners = sockets.map((_, device) => (data: Buffer) => hear(device, data))
  for (const [device, listener] of listeners.entries()) sockets[device]?.on('message', listener)
  try {
    if (perSecond === 0) for (const device of sockets.keys()) send(device)
    const begun = performance.now()
    pausedAt = begun
    const drive = async (until: number) => {
      for (let device = 0; performance.now() < until; ) {
        if (perSecond > 0) {
          const now = performance.now()
          owed += ((now - pausedAt) * perSecond) / 1_000
          pausedAt = now
          for (; owed >= 1; owed -= 1, device = (device + 1) % sockets.length) send(device)
        }
        await sleep(perSecond > 0 ? 1 : Math.max(1, until - performance.now()))
      }
    }
    await drive(begun + WARM_MS)
    const cpuBefore = server.cpuSeconds()
    const from = performance.now()
    isMeasured = true
    await drive(from + ms)
    isMeasured = false
    isOver = true
    const seconds = (performance.now() - from) / 1_000
    const cpu = server.cpuSeconds() - cpuBefore
    const all = sent.reduce((sum, count) => sum + count, 0) - before
    for (const end = performance.now() + DRAIN_MS; kept < all || came < all * others; ) {
      if (performance.now() > end)
        throw new Error(`${line.name}: of ${all} messages ${kept} were kept, and ${came} of ${all * others} came`)
      await sleep(5)
    }
    return { perSecond: counted / seconds, fanOutMs, cpuOfThousand: (1_000 * cpu) / counted }
  } finally {
    for (const [device, listener] of listeners.entries()) sockets[device]?.off('message', listener)
  }
}

/** Opens all sockets, a few at a time. @param greet resolves once the device is where messages reach it */
export async function openSockets(
  count: number,
  open: (device: number) => WebSocket,
  greet: (socket: WebSocket, device: number) => Promise<void>,
): Promise<WebSocket[]> {
  const sockets: WebSocket[] = []
  for (let from = 0; from < count; from += 25) {
    const batch = Array.from({ length: Math.min(25, count - from) }, (_, at) => from + at)
    sockets.push(
      ...(await Promise.all(
        batch.map(async (device) => {
          const socket = open(device)
          const greeted = greet(socket, device)
          await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
          await greeted
          return socket
        }),
      )),
    )
  }
  return sockets
}

/** Opens all. @returns them, and what each costs the server while nothing is said, in resident megabytes */
export async function measuredSockets(
  server: ServerProcess,
  open: () => Promise<WebSocket[]>,
): Promise<{ sockets: WebSocket[]; memoryOfDevice: number }> {
  const before = await server.settledMb()
  const sockets = await open()
  return { sockets, memoryOfDevice: ((await server.settledMb()) - before) / sockets.length }
}

/** Resolves with the first message that fits. */
export function nextMessage(socket: WebSocket, fits: (bytes: Buffer) => boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const hear = (bytes: Buffer) => {
      if (!fits(bytes)) return
      socket.off('message', hear).off('close', gone)
      resolve(bytes)
    }
    const gone = (code: number) => reject(new Error(`a socket was closed (${code})`))
    socket.on('message', hear).once('close', gone)
  })
}
