import { type Clock, LvaError, withinTime } from '../../kernel/index.ts'
import {
  type DeviceFrame,
  decodeRelayFrame,
  encodeDeviceFrame,
  NO_ROOM,
  PROTOCOL_VERSION,
  type RelayFrame,
  SUBPROTOCOL,
} from '../frames.ts'
import type { RelaySession } from '../roster.ts'

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
  const address = `${session.address.replace(/^http/, 'ws')}/v1/socket`
  const socket = new WebSocket(address, SUBPROTOCOL)
  socket.binaryType = 'arraybuffer'
  try {
    const visit = visitOver(socket, new URL(address).host)
    return await withinTime(
      clock,
      VISIT_MS,
      signal,
      async () => {
        visit.send({ type: 'hello', version: PROTOCOL_VERSION, token })
        await visit.next()
        return work(visit)
      },
      lost(new URL(address).host),
    )
  } finally {
    socket.close()
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

function visitOver(socket: WebSocket, host: string): Visit {
  const waiting: DeviceFrame[] = []
  const come: RelayFrame[] = []
  let failure: LvaError | undefined
  let wake: () => void = () => undefined
  const fail = (error: LvaError) => {
    failure ??= error
    wake()
  }
  socket.addEventListener('open', () => {
    for (const frame of waiting.splice(0)) socket.send(encodeDeviceFrame(frame) as Uint8Array<ArrayBuffer>)
  })
  socket.addEventListener('message', ({ data }) => {
    try {
      come.push(decodeRelayFrame(new Uint8Array(data as ArrayBuffer)))
      wake()
    } catch {
      fail(lost(host))
    }
  })
  socket.addEventListener('error', () => fail(lost(host)))
  socket.addEventListener('close', ({ code }) => fail(whyClosed(code, host)))
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeDeviceFrame(frame) as Uint8Array<ArrayBuffer>)
      else waiting.push(frame)
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
  }
}

function whyClosed(code: number, host: string): LvaError {
  if (code === CLOSED_REVOKED) {
    return new LvaError('device-revoked', 'This device was taken out of the vault.', {
      advice: 'Add it anew from another device, or with the recovery phrase.',
    })
  }
  if (code === CLOSED_NOT_WELCOME) {
    return new LvaError('signed-out', 'This device is not signed in to the relay any more.', {
      advice: 'Type the password in Settings, Devices.',
    })
  }
  return lost(host)
}

function lost(host: string): LvaError {
  return new LvaError('relay-unreachable', `The relay ${host} cannot be reached.`, {
    advice: 'Check the address and the connection; everything else works without it.',
    params: { host },
  })
}
