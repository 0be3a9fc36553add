import { ByteReader, fromHex, joined, malformed, number, textOf, toHex, utf8 } from './bytes.ts'

/** Frames of the socket between device and relay (docs/protocol.md §5). Rooms and device ids are 16 bytes as 32 hex digits. */
export type DeviceFrame =
  | { type: 'hello'; version: number; token: string }
  | { type: 'follow'; room: string; cursor: number }
  | { type: 'leave'; room: string }
  | { type: 'append'; room: string; sequence: number; sealed: Uint8Array }
  | { type: 'snapshot'; room: string; sequence: number; covers: number; sealed: Uint8Array }
  | { type: 'passed'; room: string; position: number }
  | { type: 'whisper'; room: string; sealed: Uint8Array }
  | { type: 'list'; after: string }
  | { type: 'ping'; echo: Uint8Array }

export type RelayFrame =
  | {
      type: 'welcome'
      version: number
      taken: number
      epoch: number
      messageBytes: number
      usedBytes: number
      allowedBytes: number
    }
  | {
      type: 'frame'
      room: string
      position: number
      device: string
      sequence: number
      /** 0 unless it is a snapshot. */
      covers: number
      sealed: Uint8Array
    }
  | { type: 'head'; room: string; position: number }
  | { type: 'taken'; sequence: number; room: string; position: number }
  | { type: 'rooms'; more: boolean; rooms: RoomHead[] }
  | { type: 'whisper'; room: string; device: string; sealed: Uint8Array }
  | { type: 'refused'; refused: DeviceFrame['type']; sequence: number; waitMs: number; code: RefusalCode }
  | { type: 'going'; waitMs: number }
  | { type: 'pong'; echo: Uint8Array }
  /** Another device appended to a room that this socket does not follow. */
  | { type: 'news'; room: string; head: number }

export interface RoomHead {
  room: string
  head: number
  bytes: number
}

export const REFUSALS = [
  'not-welcome',
  'revoked',
  'too-many',
  'over-quota',
  'epoch-old',
  'sequence-gap',
  'cursor-ahead',
  'covers-ahead',
  'malformed',
  'unavailable',
] as const

export type RefusalCode = (typeof REFUSALS)[number]

export const PROTOCOL_VERSION = 1
export const SUBPROTOCOL = 'lva.sync.1'
/** Bytes of one message. */
export const MESSAGE_BYTES = 4 * 2 ** 20
/** Bytes of a room or device id. */
export const ID_BYTES = 16
/** The room before all others, for the first page of `list`. */
export const NO_ROOM = '0'.repeat(2 * ID_BYTES)

const ECHO_BYTES = 125

const DEVICE_TYPES = {
  hello: 0x01,
  follow: 0x02,
  leave: 0x03,
  append: 0x04,
  snapshot: 0x05,
  passed: 0x06,
  whisper: 0x07,
  list: 0x08,
  ping: 0x09,
} as const satisfies Record<DeviceFrame['type'], number>

const RELAY_TYPES = {
  welcome: 0x81,
  frame: 0x82,
  head: 0x83,
  taken: 0x84,
  rooms: 0x85,
  whisper: 0x86,
  refused: 0x87,
  going: 0x88,
  pong: 0x89,
  news: 0x8a,
} as const satisfies Record<RelayFrame['type'], number>

export function encodeDeviceFrame(frame: DeviceFrame): Uint8Array {
  return joined(number(DEVICE_TYPES[frame.type], 1), ...deviceFields(frame))
}

function deviceFields(frame: DeviceFrame): Uint8Array[] {
  switch (frame.type) {
    case 'hello':
      return [number(frame.version, 2), utf8(frame.token)]
    case 'follow':
      return [idBytes(frame.room), number(frame.cursor, 8)]
    case 'leave':
      return [idBytes(frame.room)]
    case 'append':
      return [idBytes(frame.room), number(frame.sequence, 8), frame.sealed]
    case 'snapshot':
      return [idBytes(frame.room), number(frame.sequence, 8), number(frame.covers, 8), frame.sealed]
    case 'passed':
      return [idBytes(frame.room), number(frame.position, 8)]
    case 'whisper':
      return [idBytes(frame.room), number(0, 8), frame.sealed]
    case 'list':
      return [idBytes(frame.after)]
    case 'ping':
      return [frame.echo]
  }
}

/** @throws LvaError bad-input */
export function decodeDeviceFrame(message: Uint8Array): DeviceFrame {
  const reader = new ByteReader(message)
  const frame = readDeviceFrame(reader.number(1), reader)
  reader.end()
  return frame
}

function readDeviceFrame(type: number, reader: ByteReader): DeviceFrame {
  switch (type) {
    case DEVICE_TYPES.hello:
      return { type: 'hello', version: reader.number(2), token: textOf(reader.rest()) }
    case DEVICE_TYPES.follow:
      return { type: 'follow', room: id(reader), cursor: reader.number(8) }
    case DEVICE_TYPES.leave:
      return { type: 'leave', room: id(reader) }
    case DEVICE_TYPES.append:
      return { type: 'append', room: id(reader), sequence: reader.number(8), sealed: reader.rest() }
    case DEVICE_TYPES.snapshot:
      return {
        type: 'snapshot',
        room: id(reader),
        sequence: reader.number(8),
        covers: reader.number(8),
        sealed: reader.rest(),
      }
    case DEVICE_TYPES.passed:
      return { type: 'passed', room: id(reader), position: reader.number(8) }
    case DEVICE_TYPES.whisper:
      return { type: 'whisper', room: whispered(reader), sealed: reader.rest() }
    case DEVICE_TYPES.list:
      return { type: 'list', after: id(reader) }
    case DEVICE_TYPES.ping:
      return { type: 'ping', echo: echo(reader) }
    default:
      throw malformed(`its type ${type} is not known`)
  }
}

export function encodeRelayFrame(frame: RelayFrame): Uint8Array {
  return joined(number(RELAY_TYPES[frame.type], 1), ...relayFields(frame))
}

function relayFields(frame: RelayFrame): Uint8Array[] {
  switch (frame.type) {
    case 'welcome':
      return [
        number(frame.version, 2),
        number(frame.taken, 8),
        number(frame.epoch, 4),
        number(frame.messageBytes, 4),
        number(frame.usedBytes, 8),
        number(frame.allowedBytes, 8),
      ]
    case 'frame':
      return [
        idBytes(frame.room),
        number(frame.position, 8),
        idBytes(frame.device),
        number(frame.sequence, 8),
        number(frame.covers, 8),
        frame.sealed,
      ]
    case 'head':
      return [idBytes(frame.room), number(frame.position, 8)]
    case 'taken':
      return [number(frame.sequence, 8), idBytes(frame.room), number(frame.position, 8)]
    case 'rooms':
      return [
        number(frame.more ? 1 : 0, 1),
        ...frame.rooms.flatMap(({ room, head, bytes }) => [idBytes(room), number(head, 8), number(bytes, 8)]),
      ]
    case 'whisper':
      return [idBytes(frame.room), idBytes(frame.device), number(0, 8), frame.sealed]
    case 'refused':
      return [
        number(DEVICE_TYPES[frame.refused], 1),
        number(frame.sequence, 8),
        number(frame.waitMs, 4),
        utf8(frame.code),
      ]
    case 'going':
      return [number(frame.waitMs, 4)]
    case 'pong':
      return [frame.echo]
    case 'news':
      return [idBytes(frame.room), number(frame.head, 8)]
  }
}

/** @throws LvaError bad-input */
export function decodeRelayFrame(message: Uint8Array): RelayFrame {
  const reader = new ByteReader(message)
  const frame = readRelayFrame(reader.number(1), reader)
  reader.end()
  return frame
}

function readRelayFrame(type: number, reader: ByteReader): RelayFrame {
  switch (type) {
    case RELAY_TYPES.welcome:
      return {
        type: 'welcome',
        version: reader.number(2),
        taken: reader.number(8),
        epoch: reader.number(4),
        messageBytes: reader.number(4),
        usedBytes: reader.number(8),
        allowedBytes: reader.number(8),
      }
    case RELAY_TYPES.frame:
      return {
        type: 'frame',
        room: id(reader),
        position: reader.number(8),
        device: id(reader),
        sequence: reader.number(8),
        covers: reader.number(8),
        sealed: reader.rest(),
      }
    case RELAY_TYPES.head:
      return { type: 'head', room: id(reader), position: reader.number(8) }
    case RELAY_TYPES.taken:
      return { type: 'taken', sequence: reader.number(8), room: id(reader), position: reader.number(8) }
    case RELAY_TYPES.rooms: {
      const more = reader.number(1) === 1
      const rooms: RoomHead[] = []
      while (reader.left > 0) rooms.push({ room: id(reader), head: reader.number(8), bytes: reader.number(8) })
      return { type: 'rooms', more, rooms }
    }
    case RELAY_TYPES.whisper: {
      const room = id(reader)
      const device = id(reader)
      expectZero(reader)
      return { type: 'whisper', room, device, sealed: reader.rest() }
    }
    case RELAY_TYPES.refused:
      return {
        type: 'refused',
        refused: typeNamed(reader.number(1)),
        sequence: reader.number(8),
        waitMs: reader.number(4),
        code: refusalNamed(textOf(reader.rest())),
      }
    case RELAY_TYPES.going:
      return { type: 'going', waitMs: reader.number(4) }
    case RELAY_TYPES.pong:
      return { type: 'pong', echo: echo(reader) }
    case RELAY_TYPES.news:
      return { type: 'news', room: id(reader), head: reader.number(8) }
    default:
      throw malformed(`its type ${type} is not known`)
  }
}

/** 16 bytes of 32 hex digits. */
export function idBytes(hex: string): Uint8Array {
  if (!/^[0-9a-f]{32}$/.test(hex)) throw malformed('a room or device id is none')
  return fromHex(hex)
}

/** 32 hex digits of 16 bytes. */
export function idOf(bytes: Uint8Array): string {
  return toHex(bytes)
}

function id(reader: ByteReader): string {
  return idOf(reader.bytes(ID_BYTES))
}

function whispered(reader: ByteReader): string {
  const room = id(reader)
  expectZero(reader)
  return room
}

function expectZero(reader: ByteReader): void {
  if (reader.number(8) !== 0) throw malformed('a whisper has a sequence')
}

function echo(reader: ByteReader): Uint8Array {
  if (reader.left > ECHO_BYTES) throw malformed('a ping is too long')
  return reader.rest()
}

function typeNamed(type: number): DeviceFrame['type'] {
  const found = Object.entries(DEVICE_TYPES).find(([, value]) => value === type)
  if (!found) throw malformed(`its type ${type} is not known`)
  return found[0] as DeviceFrame['type']
}

function refusalNamed(code: string): RefusalCode {
  const found = REFUSALS.find((one) => one === code)
  if (!found) throw malformed('a refusal has a code that is not known')
  return found
}
