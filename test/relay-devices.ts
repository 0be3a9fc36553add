import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ed25519 } from '@noble/curves/ed25519.js'
import { WebSocket } from 'ws'
import { relayConfig } from '../cloud/relay/config.ts'
import { type Relay, startRelay } from '../cloud/relay/relay.ts'
import { type Clock, type Log, silentLog, systemClock, systemRandom } from '../src-core/kernel/index.ts'
import {
  type DeviceFrame,
  decodeRelayFrame,
  encodeDeviceFrame,
  idOf,
  type RelayFrame,
  SUBPROTOCOL,
  sealFrame,
  vaultKeys,
} from '../src-core/sync/index.ts'

/** What a test needs of a relay that really listens, and of devices that really speak to it. */
export interface TestRelay extends RelayRequests {
  readonly folder: string
  /** Ends it and starts it again on the same folder. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A relay that listens somewhere, and is asked. */
export interface RelayRequests {
  readonly address: string
  request(
    path: string,
    options?: { method?: string; token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response>
}

export async function testRelay(
  environment: Record<string, string> = {},
  parts: { clock?: Clock; log?: Log } = {},
): Promise<TestRelay> {
  const folder = mkdtempSync(join(tmpdir(), 'lva-relay-'))
  const options = {
    config: relayConfig({ PORT: '0', RELAY_DATA_DIR: folder, ...environment }),
    clock: parts.clock ?? systemClock,
    random: systemRandom,
    log: parts.log ?? silentLog,
  }
  let relay: Relay = await startRelay(options)
  return {
    get address() {
      return relay.address
    },
    folder,
    async restart() {
      await relay.close()
      relay = await startRelay(options)
    },
    async stop() {
      await relay.close()
      rmSync(folder, { recursive: true, force: true })
    },
    request: (path, options) => requestsTo(relay.address).request(path, options),
  }
}

export function requestsTo(address: string): RelayRequests {
  return {
    address,
    request(path, { method = 'GET', token, body, headers = {} } = {}) {
      const isBytes = body instanceof Uint8Array
      return fetch(`${address}${path}`, {
        method,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
      })
    },
  }
}

export interface Session {
  access: string
  refresh: string
  account: string
  device: string
}

export const PASSWORD = 'four random words are good'
let addresses = 0

/** A new account of its own. */
export async function newAccount(relay: RelayRequests): Promise<string> {
  addresses += 1
  const email = `learner-${addresses}@example.org`
  await relay.request('/v1/accounts', { method: 'POST', body: { email, password: PASSWORD } })
  return email
}

export async function signIn(relay: RelayRequests, email: string, device = idOf(randomBytes(16))): Promise<Session> {
  const answer = await relay.request('/v1/sessions', {
    method: 'POST',
    body: { email, password: PASSWORD, device: { id: device, kind: 'test' } },
  })
  if (answer.status !== 200) throw new Error(`signing in gave ${answer.status}: ${await answer.text()}`)
  return { ...((await answer.json()) as Omit<Session, 'device'>), device }
}

/** A socket of a device, with what it heard in order. */
export interface TestDevice {
  readonly device: string
  readonly heard: RelayFrame[]
  /** Resolves with the first frame that fits, heard already or to come, and takes it off the list. */
  next<T extends RelayFrame['type']>(
    type: T,
    fits?: (frame: Extract<RelayFrame, { type: T }>) => boolean,
  ): Promise<Extract<RelayFrame, { type: T }>>
  send(frame: DeviceFrame): void
  sendBytes(bytes: Uint8Array): void
  /** Appends an update that says `text` to the room of that document. @returns its sealed bytes */
  append(document: string, text: string, sequence: number, epoch?: number): Uint8Array
  snapshot(document: string, text: string, sequence: number, covers: number): Uint8Array
  close(): void
  /** With the code with which the relay closed it. */
  readonly closed: Promise<number>
}

export const EPOCHS = new Map([
  [1, new Uint8Array(32).fill(1)],
  [2, new Uint8Array(32).fill(2)],
])
const SECRET = new Uint8Array(32).fill(7)

export function roomOf(document: string): string {
  return vaultKeys(EPOCHS).room(document)
}

export async function connect(relay: TestRelay, session: Session): Promise<TestDevice> {
  const device = open(relay, session.device)
  await device.opened
  device.send({ type: 'hello', version: 1, token: session.access })
  await device.next('welcome')
  return device
}

/** A socket that has not said who it is. */
export function open(relay: TestRelay, deviceId: string): TestDevice & { opened: Promise<void> } {
  const socket = new WebSocket(`${relay.address.replace('http', 'ws')}/v1/socket`, SUBPROTOCOL)
  const heard: RelayFrame[] = []
  const waiting = new Set<() => void>()
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)))
  socket.on('error', () => undefined)
  socket.on('message', (data: Buffer) => {
    heard.push(decodeRelayFrame(new Uint8Array(data)))
    for (const look of [...waiting]) look()
  })
  const seal = (kind: 'update' | 'snapshot', document: string, text: string, sequence: number, epoch: number) =>
    sealFrame(
      { kind, name: document, payload: new TextEncoder().encode(text) },
      { room: roomOf(document), device: deviceId, sequence },
      {
        keys: { ...vaultKeys(EPOCHS), epoch },
        sign: (message) => ed25519.sign(message, SECRET),
        random: systemRandom,
      },
    )
  const device: TestDevice = {
    device: deviceId,
    heard,
    closed,
    next: (type, fits = () => true) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const at = heard.findIndex((frame) => frame.type === type && fits(frame as never))
          if (at < 0) return
          waiting.delete(look)
          resolve(heard.splice(at, 1)[0] as never)
        }
        waiting.add(look)
        void closed.then((code) => reject(new Error(`the socket was closed (${code}) before ${type} came`)))
        look()
      }),
    send: (frame) => socket.send(encodeDeviceFrame(frame)),
    sendBytes: (bytes) => socket.send(bytes),
    append(document, text, sequence, epoch = 1) {
      const sealed = seal('update', document, text, sequence, epoch)
      device.send({ type: 'append', room: roomOf(document), sequence, sealed })
      return sealed
    },
    snapshot(document, text, sequence, covers) {
      const sealed = seal('snapshot', document, text, sequence, 1)
      device.send({ type: 'snapshot', room: roomOf(document), sequence, covers, sealed })
      return sealed
    },
    close: () => socket.close(),
  }
  return Object.assign(device, { opened: new Promise<void>((resolve) => socket.on('open', () => resolve())) })
}
