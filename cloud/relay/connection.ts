import { type Clock, isLvaError, type Log } from '../../src-core/kernel/index.ts'
import {
  type DeviceFrame,
  decodeDeviceFrame,
  encodeRelayFrame,
  MESSAGE_BYTES,
  NO_ROOM,
  PROTOCOL_VERSION,
  type RefusalCode,
  type RelayFrame,
  readFrameHead,
} from '../../src-core/sync/index.ts'
import type { Accounts } from './accounts.ts'
import type { AccountEvent, FanOut } from './fan-out.ts'
import type { RelayMetrics } from './metrics.ts'
import type { Windows } from './rate-limits.ts'
import type { Rooms, StoredFrame } from './rooms.ts'
import type { Bearer, Tokens } from './tokens.ts'

/** What of a socket is used here. */
export interface Socket {
  send(message: Uint8Array): void
  close(code: number, reason: string): void
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number
  /** Reads no more until `resume`: what comes meanwhile waits at the device. */
  pause(): void
  resume(): void
}

export interface ConnectionServices {
  accounts: Accounts
  tokens: Tokens
  rooms: Rooms
  fanOut: FanOut
  /** Counts messages of devices; a socket is on one node, so that it does not ask the others. */
  messageRates: Windows
  metrics: RelayMetrics
  clock: Clock
  log: Log
  quotaBytes: number
}

/** One socket of a device, from its first message to its end. */
export interface Connection {
  receive(message: Uint8Array): void
  /** The socket has sent what waited. */
  drained(): void
  /** The relay ends: what is under way is answered, then the device is told when to come back. */
  goAway(waitMs: number): Promise<void>
  closed(): void
}

export const CLOSE = {
  malformed: 4400,
  'not-welcome': 4401,
  revoked: 4403,
  /** It sends faster than its messages are worked on. */
  'too-fast': 4408,
  /** It asks for more than it reads. */
  'not-read': 4409,
  going: 1001,
} as const

const HELLO_MS = 10_000
/** Above this pushing stops until the device has read. */
const MOST_WAITING = 8 * 2 ** 20
/** Above this a device that does not read is sent away. Pushing alone never comes so far: a page ends with at most two messages of 4 MiB. */
const MOST_QUEUED = 24 * 2 ** 20
const PAGE_BYTES = 2 ** 20
const ROOMS_OF_PAGE = 1_000
/** Rooms that one socket follows. */
const MOST_FOLLOWED = 20_000
/** Messages of one device in ten seconds. */
const MESSAGES = 5_000
const WINDOW_MS = 10_000
/** Messages that wait while earlier ones are worked on. */
const MOST_PENDING = 5_000
/** Above so many bytes of messages that are not worked on or not committed yet the socket is read no further, until a quarter is left. */
const MOST_HELD = 8 * 2 ** 20

/** A room that is followed: what was sent of it. */
interface Followed {
  cursor: number
  /** Position of the snapshot that was sent before what it covers; 0 where none was. */
  ahead: number
  /** The room's head has been told: from here on it is live. */
  isLive: boolean
  isPumping: boolean
  /** Something came that this socket has not seen. */
  isBehind: boolean
}

export function createConnection(socket: Socket, services: ConnectionServices): Connection {
  const { accounts, tokens, rooms, fanOut, messageRates, metrics, clock, log, quotaBytes } = services
  const followed = new Map<string, Followed>()
  let bearer: Bearer | undefined
  let unsubscribe: (() => void) | undefined
  let isOver = false
  let pending = 0
  /** Bytes of messages that are not worked on or not committed yet. */
  let heldBytes = 0
  let isPaused = false
  /** Rooms of which something waits until the socket has sent what it has. */
  const held = new Set<string>()
  let isGoingOn = false
  /** Messages are worked on in order; appends are only begun in order, so that they can share a commit. */
  let chain: Promise<void> = Promise.resolve()
  const appends = new Set<Promise<void>>()
  const waitingForHello = new AbortController()
  clock.sleep(HELLO_MS, waitingForHello.signal).then(
    () => end(CLOSE['not-welcome'], 'no hello'),
    () => undefined,
  )

  function send(frame: RelayFrame): void {
    if (!isOver) sendBytes(encodeRelayFrame(frame))
  }

  function sendBytes(message: Uint8Array): void {
    const { bufferedAmount } = socket
    if (bufferedAmount + message.length > MOST_QUEUED) {
      log.warn(
        { account: bearer?.accountId, device: bearer?.deviceId, bytes: bufferedAmount },
        'a device does not read',
      )
      end(CLOSE['not-read'], 'what was sent is not read')
      return
    }
    metrics.sent(message.length)
    socket.send(message)
  }

  function hold(bytes: number): void {
    heldBytes += bytes
    if (heldBytes <= MOST_HELD || isPaused) return
    isPaused = true
    socket.pause()
  }

  function release(bytes: number): void {
    heldBytes -= bytes
    if (heldBytes > MOST_HELD / 4 || !isPaused) return
    isPaused = false
    socket.resume()
  }

  function refuse(frame: DeviceFrame, code: RefusalCode, waitMs = 0): void {
    metrics.refused(code)
    send({ type: 'refused', refused: frame.type, sequence: 'sequence' in frame ? frame.sequence : 0, waitMs, code })
  }

  function end(code: number, reason: string): void {
    if (isOver) return
    isOver = true
    socket.close(code, reason)
    forgetAll()
  }

  function forgetAll(): void {
    waitingForHello.abort()
    unsubscribe?.()
    unsubscribe = undefined
    followed.clear()
    held.clear()
  }

  async function handle(frame: DeviceFrame): Promise<void> {
    if (frame.type === 'hello') return hello(frame)
    if (!bearer) return end(CLOSE['not-welcome'], 'hello comes first')
    if (isTooMuch(bearer, frame)) return
    switch (frame.type) {
      case 'follow':
        return follow(frame)
      case 'leave':
        followed.delete(frame.room)
        return
      case 'append':
      case 'snapshot':
        return append(bearer, frame)
      case 'passed':
        return rooms.passed(bearer, frame.room, frame.position)
      case 'whisper':
        return whisper(bearer, frame)
      case 'list': {
        const page = await rooms.list(bearer.accountId, frame.after, ROOMS_OF_PAGE)
        return send({ type: 'rooms', more: page.length === ROOMS_OF_PAGE, rooms: page })
      }
      case 'ping':
        return send({ type: 'pong', echo: frame.echo })
    }
  }

  function isTooMuch({ accountId, deviceId }: Bearer, frame: DeviceFrame): boolean {
    const waitMs = messageRates.count(`${accountId}:${deviceId}`, MESSAGES, WINDOW_MS)
    if (waitMs > 0) refuse(frame, 'too-many', waitMs)
    return waitMs > 0
  }

  async function hello(frame: Extract<DeviceFrame, { type: 'hello' }>): Promise<void> {
    if (bearer || frame.version !== PROTOCOL_VERSION) {
      refuse(frame, 'malformed')
      return end(CLOSE.malformed, 'malformed')
    }
    try {
      const known = await tokens.read(frame.token)
      await accounts.seen(known)
      const { taken, epoch, usedBytes } = await rooms.state(known)
      waitingForHello.abort()
      if (isOver) return
      bearer = known
      unsubscribe = fanOut.subscribe(known.accountId, hear)
      send({
        type: 'welcome',
        version: PROTOCOL_VERSION,
        taken,
        epoch,
        messageBytes: MESSAGE_BYTES,
        usedBytes,
        allowedBytes: quotaBytes,
      })
    } catch (error) {
      const code = isLvaError(error, 'device-revoked')
        ? 'revoked'
        : isLvaError(error, 'unauthorized')
          ? 'not-welcome'
          : undefined
      if (!code) throw error
      refuse(frame, code)
      end(CLOSE[code], code)
    }
  }

  async function follow(frame: Extract<DeviceFrame, { type: 'follow' }>): Promise<void> {
    if (followed.size >= MOST_FOLLOWED && !followed.has(frame.room)) return refuse(frame, 'too-many')
    const place: Followed = { cursor: frame.cursor, ahead: 0, isLive: false, isPumping: false, isBehind: true }
    followed.set(frame.room, place)
    await pump(frame.room, place)
  }

  /** Sends what is stored after the cursor, as far as the socket takes it. */
  async function pump(room: string, place: Followed): Promise<void> {
    if (place.isPumping || !bearer) return
    place.isPumping = true
    try {
      while (place.isBehind && followed.get(room) === place && !isOver) {
        if (mustWait(room)) return
        place.isBehind = false
        const page = await rooms.read(bearer.accountId, room, place.cursor, PAGE_BYTES)
        if (followed.get(room) !== place) return
        if (mustWait(room)) {
          // Other rooms have filled the socket meanwhile: it is read once more.
          place.isBehind = true
          return
        }
        if (!page) {
          followed.delete(room)
          return refuse({ type: 'follow', room, cursor: place.cursor }, 'cursor-ahead')
        }
        for (const frame of page.frames) pass(frame, place)
        if (page.frames.length === 0 || place.cursor >= page.head) {
          if (!place.isLive) send({ type: 'head', room, position: Math.max(place.cursor, page.head) })
          place.isLive = true
        } else place.isBehind = true
      }
    } finally {
      place.isPumping = false
    }
  }

  /** Whether the socket has enough to send; then this room goes on once it has sent it. */
  function mustWait(room: string): boolean {
    if (socket.bufferedAmount <= MOST_WAITING) return false
    held.add(room)
    return true
  }

  /** Rooms that were held, one after the other: each page is in memory alone. */
  async function goOn(): Promise<void> {
    isGoingOn = true
    try {
      while (!isOver && socket.bufferedAmount <= MOST_WAITING) {
        const [room] = held
        if (room === undefined) return
        held.delete(room)
        const place = followed.get(room)
        if (place?.isBehind) await pump(room, place)
      }
    } finally {
      isGoingOn = false
    }
  }

  function pass(frame: StoredFrame, place: Followed): void {
    // A snapshot that comes first stands behind what it covers.
    const isAhead = frame.covers > place.cursor && frame.position > place.cursor + 1
    const isSent = frame.position === place.ahead
    place.cursor = isAhead ? frame.covers : frame.position
    if (isAhead) place.ahead = frame.position
    if (!isSent && !isOver) sendBytes(messageOf(frame))
  }

  function hear(event: AccountEvent): void {
    if (event.type === 'revoked') {
      if (event.device === bearer?.deviceId) putOut()
      return
    }
    if (event.type === 'missed') {
      lookAtAll().catch(fail)
      return
    }
    const room = event.type === 'stored' ? event.frame.room : event.room
    const place = followed.get(room)
    if (!place) {
      if (event.type === 'stored' && event.frame.device !== bearer?.deviceId)
        send({ type: 'news', room, head: event.frame.position })
      if (event.type === 'head') send({ type: 'news', room, head: event.head })
      return
    }
    if (event.type === 'whisper') {
      if (event.device !== bearer?.deviceId && socket.bufferedAmount < MOST_WAITING)
        send({ type: 'whisper', room, device: event.device, sealed: event.sealed })
      return
    }
    const isNext = event.type === 'stored' && event.frame.position === place.cursor + 1
    if (isNext && place.isLive && !place.isPumping && !place.isBehind && socket.bufferedAmount <= MOST_WAITING) {
      pass(event.frame, place)
      return
    }
    place.isBehind = true
    pump(room, place).catch(fail)
  }

  function putOut(): void {
    send({ type: 'refused', refused: 'hello', sequence: 0, waitMs: 0, code: 'revoked' })
    end(CLOSE.revoked, 'revoked')
  }

  /** What this socket was not told of: that its device was revoked; of rooms that it follows the frames, of the others that they have grown. */
  async function lookAtAll(): Promise<void> {
    if (!bearer) return
    const { accountId } = bearer
    try {
      await accounts.seen(bearer)
    } catch (error) {
      if (!isLvaError(error, 'device-revoked')) throw error
      return putOut()
    }
    for (let after = NO_ROOM, isMore = true; isMore && !isOver; ) {
      const page = await rooms.list(accountId, after, ROOMS_OF_PAGE)
      for (const { room, head } of page) {
        const place = followed.get(room)
        if (!place) send({ type: 'news', room, head })
        else if (head > place.cursor) {
          place.isBehind = true
          await pump(room, place)
        }
      }
      after = page.at(-1)?.room ?? after
      isMore = page.length === ROOMS_OF_PAGE
    }
  }

  function append(of: Bearer, frame: Extract<DeviceFrame, { type: 'append' | 'snapshot' }>): void {
    const covers = frame.type === 'snapshot' ? frame.covers : 0
    const { room, sequence, sealed } = frame
    if (frame.type === 'snapshot' && covers === 0) {
      refuse(frame, 'malformed')
      return
    }
    const began = clock.monotonic()
    hold(sealed.length)
    const done = rooms
      .append({ ...of, room, sequence, covers, sealed })
      .then((result) => {
        if (result.taken) {
          metrics.taken(clock.monotonic() - began)
          send({ type: 'taken', sequence, room, position: result.position })
          return
        }
        refuse(frame, result.code, result.code === 'unavailable' ? 1_000 : 0)
        if (result.code === 'revoked') end(CLOSE.revoked, 'revoked')
        if (result.code === 'malformed') end(CLOSE.malformed, 'malformed')
      })
      .finally(() => {
        release(sealed.length)
        appends.delete(done)
      })
    appends.add(done)
  }

  function whisper({ accountId, deviceId }: Bearer, frame: Extract<DeviceFrame, { type: 'whisper' }>): void {
    if (!isWhisper(frame.sealed)) {
      refuse(frame, 'malformed')
      return
    }
    fanOut.publish(accountId, { type: 'whisper', room: frame.room, device: deviceId, sealed: frame.sealed })
  }

  function fail(error: unknown): void {
    if (isOver) return
    log.error({ error, account: bearer?.accountId }, 'a socket is closed after a failure')
    end(1011, 'unavailable')
  }

  return {
    receive(message) {
      if (isOver) return
      metrics.received(message.length)
      let frame: DeviceFrame
      try {
        frame = decodeDeviceFrame(message)
      } catch {
        metrics.refused('malformed')
        log.warn(
          { account: bearer?.accountId, device: bearer?.deviceId, bytes: message.length },
          'a message was no frame',
        )
        return end(CLOSE.malformed, 'malformed')
      }
      if (pending >= MOST_PENDING) return end(CLOSE['too-fast'], 'too many messages wait')
      if (pending === 0 && bearer && (frame.type === 'append' || frame.type === 'snapshot')) {
        // Nothing is before it, and it is only begun: most of all messages, without a turn of the chain.
        if (!isTooMuch(bearer, frame)) append(bearer, frame)
        return
      }
      pending += 1
      hold(message.length)
      chain = chain
        .then(() => (isOver ? undefined : handle(frame)))
        .catch(fail)
        .finally(() => {
          pending -= 1
          release(message.length)
        })
    },
    drained() {
      if (held.size > 0 && !isGoingOn) goOn().catch(fail)
    },
    async goAway(waitMs) {
      await chain
      await Promise.all(appends)
      send({ type: 'going', waitMs })
      end(CLOSE.going, 'going')
    },
    closed() {
      isOver = true
      forgetAll()
    },
  }
}

const messages = new WeakMap<StoredFrame, Uint8Array>()

/** The same bytes for all who hear of the same frame. */
function messageOf(frame: StoredFrame): Uint8Array {
  const message = messages.get(frame) ?? encodeRelayFrame({ type: 'frame', ...frame })
  messages.set(frame, message)
  return message
}

function isWhisper(sealed: Uint8Array): boolean {
  try {
    return readFrameHead(sealed).kind === 'whisper'
  } catch {
    return false
  }
}
