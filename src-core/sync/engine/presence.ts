import { type Clock, isLvaError, type Random } from '../../kernel/index.ts'
import { ByteReader, joined, number } from '../bytes.ts'
import type { DeviceFrame, RelayFrame } from '../frames.ts'
import type { Roster } from '../roster.ts'
import { openFrame, sealFrame } from '../sealed-frame.ts'
import { isSignedBy } from './judge.ts'

/** So long a document counts as open after it was looked at, or after another device has said so. Milliseconds. */
const OPEN_MS = 30_000
/** What is looked at on and on is said again after so long. */
const AGAIN_MS = 10_000

export interface PresenceParts {
  roster: Roster
  clock: Clock
  random: Random
  send: (frame: DeviceFrame) => void
  /** Another device has opened a document that is open here. */
  onOpened: (name: string) => void
}

type Whisper = Extract<RelayFrame, { type: 'whisper' }>

/**
 * Which documents are open here and elsewhere at the moment (docs/protocol.md §9). Devices whisper it to each other: the relay passes that on
 * to who follows the room, and keeps nothing.
 */
export class Presence {
  readonly #parts: PresenceParts
  /** Until when each document is open here, and when it was said last, by the monotonic clock. */
  readonly #here = new Map<string, { until: number; saidAt: number }>()
  /** By document and device, until when it is open there. */
  readonly #elsewhere = new Map<string, Map<string, number>>()
  /** Instant of the newest whisper of each device by its own clock, since this engine began: one that is sent once more says nothing. */
  readonly #newest = new Map<string, number>()
  #lastSaid = 0

  constructor(parts: PresenceParts) {
    this.#parts = parts
  }

  /** Documents that are looked at just now. */
  look(names: readonly string[]): void {
    const now = this.#parts.clock.monotonic()
    for (const name of names) {
      const saidAt = this.open().includes(name) ? this.#here.get(name)?.saidAt : undefined
      this.#here.set(name, { until: now + OPEN_MS, saidAt: saidAt ?? now })
      if (saidAt === undefined) this.#say(name, true)
      else if (now - saidAt >= AGAIN_MS) this.#say(name, false)
    }
  }

  /** From now on the relay passes on here what is said in the room. */
  follows(room: string): void {
    const keys = this.#parts.roster.keys()
    for (const name of this.open()) if (keys.room(name) === room) this.#say(name, true)
  }

  /** Documents that are open here. */
  open(): string[] {
    const now = this.#parts.clock.monotonic()
    for (const [name, { until }] of this.#here) if (until <= now) this.#here.delete(name)
    return [...this.#here.keys()]
  }

  /** Other devices on which the document is open. */
  others(name: string): string[] {
    const now = this.#parts.clock.monotonic()
    return Array.from(this.#elsewhere.get(name) ?? []).flatMap(([device, until]) => (until > now ? [device] : []))
  }

  /** Takes the word of a member of the vault; anything else is left out. */
  heard(frame: Whisper): void {
    const { roster, clock, onOpened } = this.#parts
    const word = this.#read(frame)
    if (!word || frame.device === roster.device) return
    const { name, sentAt } = word
    if (sentAt <= (this.#newest.get(frame.device) ?? 0)) return
    this.#newest.set(frame.device, sentAt)
    this.#forgetOver()
    const isNew = !this.others(name).includes(frame.device)
    const devices = this.#elsewhere.get(name) ?? new Map<string, number>()
    this.#elsewhere.set(name, devices.set(frame.device, clock.monotonic() + OPEN_MS))
    if (!this.open().includes(name)) return
    if (word.asks) this.#say(name, false)
    if (isNew) onOpened(name)
  }

  #forgetOver(): void {
    const now = this.#parts.clock.monotonic()
    for (const [name, devices] of this.#elsewhere) {
      for (const [device, until] of devices) if (until <= now) devices.delete(device)
      if (devices.size === 0) this.#elsewhere.delete(name)
    }
  }

  /** @param asks whether who has it open too is to say so */
  #say(name: string, asks: boolean): void {
    const { roster, clock, random, send } = this.#parts
    const place = this.#here.get(name)
    if (place) place.saidAt = clock.monotonic()
    const keys = roster.keys()
    if (!keys.epoch || keys.epoch < roster.epochInForce()) return
    this.#lastSaid = Math.max(clock.now(), this.#lastSaid + 1)
    const room = keys.room(name)
    const sealed = sealFrame(
      { kind: 'whisper', name, payload: joined(number(this.#lastSaid, 8), number(asks ? 1 : 0, 1)) },
      { room, device: roster.device, sequence: 0 },
      { keys, sign: roster.sign, random },
    )
    send({ type: 'whisper', room, sealed })
  }

  #read(frame: Whisper): { name: string; sentAt: number; asks: boolean } | undefined {
    const { roster } = this.#parts
    const member = roster.member(frame.device)
    if (!member || member.lastSequence !== undefined) return undefined
    try {
      const { kind, name, payload } = openFrame(
        frame.sealed,
        { room: frame.room, device: frame.device, sequence: 0 },
        {
          keys: roster.keys(),
          verify: (_device, message, signature) => isSignedBy(member.signingKey, message, signature),
        },
      )
      if (kind !== 'whisper') return undefined
      const reader = new ByteReader(payload)
      return { name, sentAt: reader.number(8), asks: reader.number(1) === 1 }
    } catch (error) {
      if (isLvaError(error)) return undefined
      throw error
    }
  }
}
