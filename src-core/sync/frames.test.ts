import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DeviceFrame,
  decodeDeviceFrame,
  decodeRelayFrame,
  encodeDeviceFrame,
  encodeRelayFrame,
  idOf,
  REFUSALS,
  type RelayFrame,
} from './frames.ts'

const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(idOf)
const position = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const sealed = fc.uint8Array({ maxLength: 200 })
const echo = fc.uint8Array({ maxLength: 125 })
const small = fc.nat({ max: 2 ** 32 - 1 })
const constant = fc.constant

const deviceFrame: fc.Arbitrary<DeviceFrame> = fc.oneof(
  fc.record({
    type: constant('hello' as const),
    version: fc.nat({ max: 65_535 }),
    token: fc.string({ unit: 'grapheme' }),
  }),
  fc.record({ type: constant('follow' as const), room: id, cursor: position }),
  fc.record({ type: constant('leave' as const), room: id }),
  fc.record({ type: constant('append' as const), room: id, sequence: position, sealed }),
  fc.record({ type: constant('snapshot' as const), room: id, sequence: position, covers: position, sealed }),
  fc.record({ type: constant('passed' as const), room: id, position }),
  fc.record({ type: constant('whisper' as const), room: id, sealed }),
  fc.record({ type: constant('list' as const), after: id }),
  fc.record({ type: constant('ping' as const), echo }),
)

const relayFrame: fc.Arbitrary<RelayFrame> = fc.oneof(
  fc.record({
    type: constant('welcome' as const),
    version: fc.nat({ max: 65_535 }),
    taken: position,
    epoch: small,
    messageBytes: small,
    usedBytes: position,
    allowedBytes: position,
  }),
  fc.record({
    type: constant('frame' as const),
    room: id,
    position,
    device: id,
    sequence: position,
    covers: position,
    sealed,
  }),
  fc.record({ type: constant('head' as const), room: id, position }),
  fc.record({ type: constant('taken' as const), sequence: position, room: id, position }),
  fc.record({
    type: constant('rooms' as const),
    more: fc.boolean(),
    rooms: fc.array(fc.record({ room: id, head: position, bytes: position }), { maxLength: 5 }),
  }),
  fc.record({ type: constant('whisper' as const), room: id, device: id, sealed }),
  fc.record({
    type: constant('refused' as const),
    refused: constant('append' as const),
    sequence: position,
    waitMs: small,
    code: fc.constantFrom(...REFUSALS),
  }),
  fc.record({ type: constant('going' as const), waitMs: small }),
  fc.record({ type: constant('pong' as const), echo }),
  fc.record({ type: constant('news' as const), room: id, head: position }),
)

describe('frames of the socket', () => {
  it('come back as they were sent', () => {
    fc.assert(
      fc.property(deviceFrame, (frame) => {
        expect(decodeDeviceFrame(encodeDeviceFrame(frame))).toEqual(frame)
      }),
    )
    fc.assert(
      fc.property(relayFrame, (frame) => {
        expect(decodeRelayFrame(encodeRelayFrame(frame))).toEqual(frame)
      }),
    )
  })

  it('that are any bytes are read, or refused as bad input: nothing else happens', () => {
    const read = [decodeDeviceFrame, decodeRelayFrame]
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat({ max: 1 }), (bytes, which) => {
        try {
          read[which]?.(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-input' })
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['nothing at all', ''],
    ['a type that is not known', '55'],
    ['a frame that is cut', '0200112233'],
    ['a frame with something behind it', `03${'00'.repeat(17)}`],
    ['a position beyond 2^53', `02${'00'.repeat(16)}ffffffffffffffff`],
    ['a token that is no UTF-8', '010001c328'],
  ])('refuses %s', (_what, hex) => {
    expect(() => decodeDeviceFrame(Uint8Array.from(Buffer.from(hex, 'hex')))).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    )
  })

  it('never make a frame of an id that is none', () => {
    expect(() => encodeDeviceFrame({ type: 'leave', room: 'not a room' })).toThrow()
  })
})
