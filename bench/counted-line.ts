import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Bytes of TCP's payload, with what HTTP and WebSocket add, from a device to the relay and back. */
export interface Crossed {
  up: number
  down: number
}

/** A line to a relay on which bytes are counted. */
export interface CountedLine {
  readonly address: string
  crossed(): Crossed
  close(): Promise<void>
}

export async function openCountedLine(relay: string): Promise<CountedLine> {
  const target = new URL(relay)
  const crossed = { up: 0, down: 0 }
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    const lead = (from: Socket, to: Socket, direction: keyof Crossed) => {
      sockets.add(from)
      from.on('data', (bytes) => {
        crossed[direction] += bytes.length
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
    for (const socket of [near, far]) socket.setNoDelay(true)
    lead(near, far, 'up')
    lead(far, near, 'down')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    crossed: () => ({ ...crossed }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of [...sockets]) socket.destroy()
      }),
  }
}
