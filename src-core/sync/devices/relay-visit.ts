import { type Clock, type LvaError, withinTime } from '../../kernel/index.ts'
import { openWebSocket } from '../engine/web-socket.ts'
import {
  type DeviceFrame,
  decodeRelayFrame,
  encodeDeviceFrame,
  NO_ROOM,
  PROTOCOL_VERSION,
  type RelayFrame,
} from '../frames.ts'
import type { RelaySession } from '../roster.ts'
import { deviceRevoked, relayUnreachable, signedOut } from './relay-errors.ts'

/** A short stay at the relay's socket, to look whether there is a vault and who is in it. */
export interface Visit {
  send(frame: DeviceFrame): void
  /** The next frame of the relay. @throws LvaError relay-unreachable, device-revoked, signed-out when the socket closes */
  next(): Promise<RelayFrame>
}

export interface VisitParts {
  session: RelaySession
  clock: Clock
  signal?: AbortSignal
}

const VISIT_MS = 60_000
const CLOSED_REVOKED = 4403
const CLOSED_NOT_WELCOME = 4401

/** @throws LvaError relay-unreachable, and what `work` throws */
export async function visitRelay<T>(parts: VisitParts, work: (visit: Visit) => Promise<T>): Promise<T> {
  const { session, clock, signal = new AbortController().signal } = parts
  const token = await session.accessToken()
  const visit = visitOver(session.address)
  try {
    return await withinTime(
      clock,
      VISIT_MS,
      signal,
      async () => {
        visit.send({ type: 'hello', version: PROTOCOL_VERSION, token })
        await visit.next()
        return work(visit)
      },
      relayUnreachable(session.address),
    )
  } finally {
    visit.end()
  }
}

/** Whether the account holds rooms. */
export async function hasRooms(visit: Visit): Promise<boolean> {
  visit.send({ type: 'list', after: NO_ROOM })
  for (;;) {
    const frame = await visit.next()
    if (frame.type === 'rooms') return frame.rooms.length > 0
  }
}

/** Everything that the room has now. */
export async function framesOf(visit: Visit, room: string): Promise<Extract<RelayFrame, { type: 'frame' }>[]> {
  visit.send({ type: 'follow', room, cursor: 0 })
  const frames: Extract<RelayFrame, { type: 'frame' }>[] = []
  for (;;) {
    const frame = await visit.next()
    if (frame.type === 'frame' && frame.room === room) frames.push(frame)
    if (frame.type === 'head' && frame.room === room) return frames
  }
}

function visitOver(address: string): Visit & { end(): void } {
  const waiting: Uint8Array[] = []
  const come: RelayFrame[] = []
  let isOpen = false
  let failure: LvaError | undefined
  let wake: () => void = () => undefined
  const fail = (error: LvaError) => {
    failure ??= error
    wake()
  }
  const socket = openWebSocket(address, {
    opened: () => {
      isOpen = true
      for (const message of waiting.splice(0)) socket.send(message)
    },
    message: (bytes) => {
      try {
        come.push(decodeRelayFrame(bytes))
        wake()
      } catch {
        fail(relayUnreachable(address))
      }
    },
    closed: (code) => fail(whyClosed(code, address)),
  })
  return {
    send(frame) {
      const message = encodeDeviceFrame(frame)
      if (isOpen) socket.send(message)
      else waiting.push(message)
    },
    async next() {
      for (;;) {
        const frame = come.shift()
        if (frame) return frame
        if (failure) throw failure
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    end: () => socket.close(),
  }
}

function whyClosed(code: number, address: string): LvaError {
  if (code === CLOSED_REVOKED) return deviceRevoked()
  if (code === CLOSED_NOT_WELCOME) return signedOut()
  return relayUnreachable(address)
}
