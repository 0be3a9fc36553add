import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A line to a program that may end and come back elsewhere: always the same address, and all that crosses it is kept. */
export interface RecordingProxy {
  readonly address: string
  /** Where the next connections lead; undefined refuses them. Those that there are end. */
  lead(to: string | undefined): void
  /** All bytes so far, of both directions, one connection's direction after the other; what WebSockets mask, unmasked. */
  recorded(): Buffer
  close(): Promise<void>
}

/** @param isRecording whether bytes are kept */
export async function openProxy(isRecording: boolean): Promise<RecordingProxy> {
  let target: URL | undefined
  const sockets = new Set<Socket>()
  const directions: Buffer[][] = []

  const server = createServer((near) => {
    if (!target) {
      near.destroy()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      const kept: Buffer[] = []
      directions.push(kept)
      sockets.add(from)
      if (isRecording) from.on('data', (bytes) => kept.push(bytes))
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endAll = () => {
    for (const socket of [...sockets]) socket.destroy()
  }
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead(to) {
      target = to === undefined ? undefined : new URL(to)
      endAll()
    },
    recorded: () => Buffer.concat(directions.map((kept) => unmasked(Buffer.concat(kept)))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        endAll()
      }),
  }
}

const END_OF_HEAD = '\r\n\r\n'

/** What a client sends over a WebSocket is masked (RFC 6455, section 5.3): this takes the masks off, and leaves everything else as it is. */
function unmasked(bytes: Buffer): Buffer {
  const head = bytes.indexOf(END_OF_HEAD)
  if (head < 0 || !/^GET .*\r\nUpgrade: websocket/is.test(bytes.toString('latin1', 0, head))) return bytes
  const plain = Buffer.from(bytes)
  let at = head + END_OF_HEAD.length
  while (at + 6 <= plain.length) {
    const short = (plain[at + 1] ?? 0) & 0x7f
    const isMasked = ((plain[at + 1] ?? 0) & 0x80) !== 0
    const wide = short === 126 ? 2 : short === 127 ? 8 : 0
    if (at + 2 + wide + 4 > plain.length) break
    const length =
      short === 126 ? plain.readUInt16BE(at + 2) : short === 127 ? Number(plain.readBigUInt64BE(at + 2)) : short
    const begin = at + 2 + wide + (isMasked ? 4 : 0)
    const end = Math.min(begin + length, plain.length)
    if (isMasked) {
      const mask = plain.subarray(begin - 4, begin)
      for (let byte = begin; byte < end; byte += 1) plain[byte] = (plain[byte] ?? 0) ^ (mask[(byte - begin) % 4] ?? 0)
    }
    at = begin + length
  }
  return plain
}
