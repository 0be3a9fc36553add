import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { Doc } from 'yjs'
import { relayConfig } from '../cloud/relay/config.ts'
import { createTokens } from '../cloud/relay/tokens.ts'
import { silentLog, systemClock, systemRandom } from '../src-core/kernel/index.ts'
import { openStore } from '../src-core/store/index.ts'
import { decodeRelayFrame, encodeDeviceFrame, SUBPROTOCOL, sealFrame, vaultKeys } from '../src-core/sync/index.ts'
import { bench, quantile, REPOSITORY, rounded } from './harness.ts'
import { installedPeer } from './installed-peer.ts'
import { type Line, type Load, load, measuredSockets, nextMessage, openSockets } from './relay-load.ts'
import { startServer } from './server-process.ts'

const ROOMS = 200
const DEVICES_OF_ROOM = 5
const DEVICES = ROOMS * DEVICES_OF_ROOM
const ROUNDS = 5
const ROUND_MS = 2_500
/** Of the measure of fan-out: each device sends one message a second. */
const STEADY_PER_SECOND = DEVICES
/** What is typed with each message. */
const WORD = 'learning'

/** Bytes of a room or device id. */
const ID_BYTES = 16
const roomOf = (device: number) => Math.floor(device / DEVICES_OF_ROOM)
const deviceId = (device: number) => (device + 1).toString(16).padStart(2 * ID_BYTES, '0')
const PEER = join(import.meta.dirname, 'peers/relay')

/** Types of messages of the relay (docs/protocol.md §5), and the last four bytes of an append's sequence. */
const FRAME = 0x82
const TAKEN = 0x84
const LOW_OF_SEQUENCE = 1 + ID_BYTES + 4
/** Types of messages of y-protocols. */
const Y_SYNC = 0
const Y_UPDATE = 2

/** Device `number` types its words at the end of its own text, so that every update depends on the one before. */
function typist(device: number): (number: number) => Uint8Array {
  const doc = new Doc()
  doc.clientID = device + 1
  const text = doc.getText('text')
  const made: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => made.push(update))
  return (number) => {
    while (made.length <= number) text.insert(text.length, WORD)
    return made[number] as Uint8Array
  }
}

/** The relay as `npm run relay` starts it, with accounts, devices and tokens that were written into its database. */
async function openOurs(folder: string): Promise<Line> {
  const config = relayConfig({ RELAY_DATA_DIR: folder, PORT: '0' })
  const tokens = await withDevices(folder, config.ACCESS_MINUTES)
  const server = await startServer(join(REPOSITORY, 'cloud/relay/main.ts'), {
    RELAY_DATA_DIR: folder,
    PORT: '0',
    LOG_LEVEL: 'error',
  })
  const address = /http\S+/.exec(server.line)?.[0].replace('http', 'ws')
  const keys = vaultKeys(new Map([[1, new Uint8Array(32).fill(1)]]))
  const rooms = Array.from({ length: ROOMS }, (_, room) => keys.room(`note:${room}`))
  const signing = { keys, sign: () => systemRandom.bytes(64), random: systemRandom }
  // The relay looks at the head of a frame alone, so that one of its size does for all of a room.
  const sealed = rooms.map((room, at) =>
    sealFrame(
      { kind: 'update', name: `note:${at}`, payload: typist(0)(1) },
      { room, device: deviceId(0), sequence: 1 },
      signing,
    ),
  )
  const { sockets, memoryOfDevice } = await measuredSockets(server, () =>
    openSockets(
      DEVICES,
      () => new WebSocket(`${address}/v1/socket`, SUBPROTOCOL, { perMessageDeflate: false }),
      async (socket, device) => {
        socket.once('open', () => {
          socket.send(encodeDeviceFrame({ type: 'hello', version: 1, token: tokens[device] as string }))
          socket.send(encodeDeviceFrame({ type: 'follow', room: rooms[roomOf(device)] as string, cursor: 0 }))
        })
        await nextMessage(socket, (bytes) => decodeRelayFrame(bytes).type === 'head')
      },
    ),
  )
  const templates = rooms.map((room, at) =>
    encodeDeviceFrame({ type: 'append', room, sequence: 0, sealed: sealed[at] as Uint8Array }),
  )
  return {
    name: 'relay',
    server,
    sockets,
    memoryOfDevice,
    sent: new Array<number>(DEVICES).fill(0),
    message: (device, number) => {
      const message = Buffer.from(templates[roomOf(device)] as Uint8Array)
      message.writeUInt32BE(number + 1, LOW_OF_SEQUENCE)
      return message
    },
    read(bytes, device) {
      if (bytes[0] === TAKEN) return { what: 'kept', from: device, number: bytes.readUInt32BE(5) - 1 }
      if (bytes[0] === FRAME)
        return { what: 'came', from: bytes.readUInt32BE(37) - 1, number: bytes.readUInt32BE(45) - 1 }
      throw new Error(`the relay answered ${JSON.stringify(decodeRelayFrame(bytes))}`)
    },
  }
}

/** Writes accounts of five devices each into the database. @returns the access token of each device */
async function withDevices(folder: string, accessMinutes: number): Promise<string[]> {
  const store = await openStore({
    dataDir: folder,
    cacheDir: join(folder, 'cache'),
    host: 'relay',
    clock: systemClock,
    log: silentLog,
    statementTimeoutMs: 60_000,
    migrationsFolder: fileURLToPath(new URL('../migrations/relay', import.meta.url)),
  })
  try {
    const { database } = store
    await database.query(
      `insert into relay_accounts (id, email, password, epoch, used_bytes, created_at)
       select 'account-' || n, n || '@example.org', '', 1, 0, now() from generate_series(0, $1::int - 1) n`,
      [ROOMS],
    )
    await database.query(
      `insert into relay_devices (account_id, id, kind, taken, created_at, last_seen_at)
       select 'account-' || n / $2::int, lpad(to_hex(n + 1), 32, '0'), 'bench', 0, now(), now()
       from generate_series(0, $1::int - 1) n`,
      [DEVICES, DEVICES_OF_ROOM],
    )
    const tokens = await createTokens({
      database,
      clock: systemClock,
      random: systemRandom,
      accessMinutes,
      refreshDays: 1,
    })
    const given: string[] = []
    for (let device = 0; device < DEVICES; device += 1) {
      const pair = await tokens.begin({ accountId: `account-${roomOf(device)}`, deviceId: deviceId(device) })
      given.push(pair.access)
    }
    return given
  } finally {
    await store.close()
  }
}

/** The server of y-websocket, as its own command starts it: documents in memory, nothing is stored. */
async function openPeer(): Promise<Line> {
  const port = await freePort()
  const server = await startServer(join(installedPeer(PEER, '@y/websocket-server'), 'src/server.js'), {
    HOST: '127.0.0.1',
    PORT: String(port),
  })
  const words = Array.from({ length: DEVICES }, (_, device) => typist(device))
  const { sockets, memoryOfDevice } = await measuredSockets(server, () =>
    openSockets(
      DEVICES,
      (device) => new WebSocket(`ws://127.0.0.1:${port}/room-${roomOf(device)}`, { perMessageDeflate: false }),
      // Its first word is the state of the document.
      async (socket) => void (await nextMessage(socket, () => true)),
    ),
  )
  return {
    name: '@y/websocket-server',
    server,
    sockets,
    memoryOfDevice,
    sent: new Array<number>(DEVICES).fill(0),
    message: (device, number) => {
      const update = words[device]?.(number) as Uint8Array
      if (update.length > 127) throw new Error('an update is longer than the load expects')
      return Buffer.concat([Uint8Array.of(Y_SYNC, Y_UPDATE, update.length), update])
    },
    read(bytes, device) {
      if (bytes[0] !== Y_SYNC || bytes[1] !== Y_UPDATE) return undefined
      // Length, one client, one piece of it, then client and clock, as Yjs writes them.
      const [client, after] = varUint(bytes, 5)
      const [clock] = varUint(bytes, after)
      return { what: client - 1 === device ? 'kept' : 'came', from: client - 1, number: clock / WORD.length }
    },
  }
}

/** A number as Yjs writes it, 7 bits a byte, and where it ends. */
function varUint(bytes: Buffer, from: number): [number, number] {
  let value = 0
  for (let at = from, factor = 1; ; at += 1, factor *= 128) {
    const byte = bytes[at] ?? 0
    value += (byte & 127) * factor
    if (byte < 128) return [value, at + 1]
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

interface Measured {
  line: Line
  full: Load[]
  steady: Load[]
}

const middle = (loads: readonly Load[], of: (load: Load) => number) => quantile(loads.map(of), 0.5)

await bench({
  name: 'relay',
  about: `${DEVICES} devices in ${ROOMS} rooms: messages a second, fan-out and memory of the relay, which stores and acknowledges every frame, against @y/websocket-server, which keeps them in memory.`,
  options: {
    rounds: `rounds of each, one after the other (default ${ROUNDS})`,
    only: 'relay: ours alone, such as for a profile',
  },
  async run({ options }) {
    const rounds = Number(options.rounds ?? ROUNDS)
    const folder = mkdtempSync(join(tmpdir(), 'lva-bench-relay-'))
    const lines: Line[] = []
    try {
      lines.push(await openOurs(folder))
      if (options.only === undefined) lines.push(await openPeer())
      const measured: Measured[] = lines.map((line) => ({ line, full: [], steady: [] }))
      for (let round = 0; round < rounds; round += 1) {
        for (const { line, full, steady } of measured) {
          full.push(await load(line, DEVICES_OF_ROOM - 1, ROUND_MS))
          steady.push(await load(line, DEVICES_OF_ROOM - 1, ROUND_MS, STEADY_PER_SECOND))
        }
      }
      const rows = measured.map(({ line, full, steady }) => {
        const late = steady.flatMap(({ fanOutMs }) => fanOutMs)
        const crowded = full.flatMap(({ fanOutMs }) => fanOutMs)
        return {
          server: line.name,
          'messages/s': rounded(
            middle(full, ({ perSecond }) => perSecond),
            0,
          ),
          'CPU ms of 1,000': rounded(1_000 * middle(full, ({ cpuOfThousand }) => cpuOfThousand), 1),
          'fan-out p50 ms': rounded(quantile(late, 0.5), 1),
          p99: rounded(quantile(late, 0.99), 1),
          'p99 when full': rounded(quantile(crowded, 0.99), 1),
          'kB of an idle device': rounded(1_024 * line.memoryOfDevice, 1),
        }
      })
      const [ours, peer] = rows
      const ratios = measured[0]?.full.map(
        ({ perSecond }, round) => perSecond / (measured[1]?.full[round]?.perSecond ?? Number.NaN),
      )
      return {
        figures: {
          throughputRatio: rounded(quantile(ratios ?? [], 0.5), 3),
          messagesPerSecond: ours?.['messages/s'] ?? Number.NaN,
          peerMessagesPerSecond: peer?.['messages/s'] ?? Number.NaN,
          fanOutP99Ms: ours?.p99 ?? Number.NaN,
          peerFanOutP99Ms: peer?.p99 ?? Number.NaN,
          idleDeviceKb: ours?.['kB of an idle device'] ?? Number.NaN,
          peerIdleDeviceKb: peer?.['kB of an idle device'] ?? Number.NaN,
        },
        table: rows,
        targets: options.only === undefined ? [{ figure: 'throughputRatio', atLeast: 0.8 }] : [],
      }
    } finally {
      for (const { sockets, server } of lines) {
        for (const socket of sockets) socket.terminate()
        await server.stop()
      }
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
