import type { Socket } from 'node:net'
import { type Connection, type Frame, MAX_FRAME_BYTES } from '../src-core/contract/index.ts'

/** Length of what follows the header (4 bytes, big-endian), then 0 for text or 1 for bytes. */
const HEADER_BYTES = 5
const TEXT = 0
const BYTES = 1

/** A connection over a local socket. A peer that sends a frame beyond the limit is cut off. */
export function framedSocket(socket: Socket): Connection {
  const frames: ((frame: Frame) => void)[] = []
  const closes: (() => void)[] = []
  let pending: Buffer[] = []
  let size = 0

  const take = (length: number): Buffer => {
    const whole = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending)
    pending = whole.length > length ? [whole.subarray(length)] : []
    size -= length
    return whole.subarray(0, length)
  }
  let expected: { length: number; kind: number } | undefined
  socket.on('data', (chunk) => {
    pending.push(chunk)
    size += chunk.length
    for (;;) {
      if (!expected) {
        if (size < HEADER_BYTES) return
        const header = take(HEADER_BYTES)
        expected = { length: header.readUInt32BE(0), kind: header.readUInt8(4) }
        if (expected.length > MAX_FRAME_BYTES || expected.kind > BYTES) return void socket.destroy()
      }
      if (size < expected.length) return
      const payload = take(expected.length)
      const frame = expected.kind === TEXT ? payload.toString('utf8') : new Uint8Array(payload)
      expected = undefined
      for (const listener of frames) listener(frame)
    }
  })
  // `close` follows every error and is the one that acts.
  socket.on('error', () => undefined)
  socket.once('close', () => {
    for (const listener of closes) listener()
  })

  return {
    send(frame) {
      const payload = typeof frame === 'string' ? Buffer.from(frame, 'utf8') : frame
      const header = Buffer.alloc(HEADER_BYTES)
      header.writeUInt32BE(payload.byteLength, 0)
      header.writeUInt8(typeof frame === 'string' ? TEXT : BYTES, 4)
      if (socket.destroyed) return
      socket.write(header)
      if (socket.write(payload)) return
      return new Promise((resolve) => {
        const done = () => {
          socket.off('drain', done).off('close', done)
          resolve()
        }
        socket.once('drain', done).once('close', done)
      })
    },
    onFrame: (listener) => void frames.push(listener),
    onClose: (listener) => void closes.push(listener),
    close: () => void socket.end(() => socket.destroy()),
  }
}
