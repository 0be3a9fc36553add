import { WebSocket } from 'ws'
import { SUBPROTOCOL } from '../frames.ts'
import type { OpenSocket } from './socket.ts'

const CONNECT_MS = 20_000
/** Above what the relay sends. */
const MOST_BYTES = 8 * 2 ** 20

/** A real WebSocket to the relay. */
export const openWebSocket: OpenSocket = (address, events) => {
  const socket = new WebSocket(`${address.replace(/^http/, 'ws').replace(/\/$/, '')}/v1/socket`, SUBPROTOCOL, {
    handshakeTimeout: CONNECT_MS,
    maxPayload: MOST_BYTES,
  })
  // 'close' follows, with or without it.
  socket.on('error', () => undefined)
  socket.on('open', () => events.opened())
  socket.on('message', (data: Buffer) => events.message(new Uint8Array(data)))
  socket.on('close', (code) => events.closed(code))
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(message)
    },
    close: () => {
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate()
      else socket.close()
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  }
}
