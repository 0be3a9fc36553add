import { isLvaError, type Random } from '../../kernel/index.ts'
import type { DeviceFrame, RelayFrame } from '../frames.ts'
import type { Roster } from '../roster.ts'
import { sealFrame } from '../sealed-frame.ts'
import type { OutgoingFrame } from './outbox-table.ts'
import type { Outgoing } from './outgoing.ts'
import type { SyncTuning } from './tuning.ts'

/** Bytes of an append before the sealed frame. */
const HEAD_BYTES = 1 + 16 + 8 + 8

type Welcome = Extract<RelayFrame, { type: 'welcome' }>

export interface SenderParts {
  outgoing: Outgoing
  roster: Roster
  random: Random
  tuning: SyncTuning
  send: (frame: DeviceFrame) => void
}

/** Sends the outbox over one socket: in the order of sequence, several before the first is acknowledged, again from there when one is refused. */
export class Sender {
  readonly #parts: SenderParts
  #welcome: Welcome | undefined
  #sentUpTo = 0
  readonly #inFlight = new Set<number>()
  /** One was refused, and with it all that follow: they are sent again once all have been answered. */
  #isBroken = false
  /** Something may wait that was not looked for yet. */
  #mayHaveMore = true

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  welcomed(welcome: Welcome): void {
    this.#welcome = welcome
    this.#sentUpTo = welcome.taken
  }

  queued(): void {
    this.#mayHaveMore = true
  }

  /** Nothing is sealed in an epoch that a revocation has ended, nor in one whose key this device was not given. */
  get lacksKey(): boolean {
    if (!this.#welcome) return false
    const keys = this.#parts.roster.keys()
    try {
      keys.blobKey(this.#welcome.epoch, new Uint8Array(32))
      return false
    } catch (error) {
      if (isLvaError(error, 'sync-key-missing')) return true
      throw error
    }
  }

  /** The relay is in an epoch that a revocation has ended, or lost what it knew. */
  get isRelayBehind(): boolean {
    return this.#welcome !== undefined && this.#welcome.epoch < this.#parts.roster.epochInForce()
  }

  /** Something has not been answered yet. */
  get isWaiting(): boolean {
    return this.#inFlight.size > 0
  }

  get canSend(): boolean {
    const { window } = this.#parts.tuning
    return this.#welcome !== undefined && this.#mayHaveMore && !this.#isBroken && this.#inFlight.size <= window / 2
  }

  /** @param most messages that may be sent. @returns how many were */
  async sendMore(most: number): Promise<number> {
    const { outgoing, tuning, send } = this.#parts
    // What is queued while it looks counts as not looked for.
    this.#mayHaveMore = false
    const { frames, mayHaveMore } = await outgoing.next(
      this.#sentUpTo,
      Math.min(most, tuning.window - this.#inFlight.size),
    )
    let sent = 0
    for (const frame of frames) {
      const sealed = this.#seal(frame)
      if (sealed.length + HEAD_BYTES > (this.#welcome?.messageBytes ?? 0)) {
        await outgoing.keepBack(frame)
        break
      }
      const { sequence, covers } = frame
      const room = this.#parts.roster.keys().room(frame.doc)
      send(
        frame.kind === 'snapshot'
          ? { type: 'snapshot', room, sequence, covers, sealed }
          : { type: 'append', room, sequence, sealed },
      )
      this.#inFlight.add(sequence)
      this.#sentUpTo = sequence
      sent += 1
    }
    if (mayHaveMore || sent < frames.length) this.#mayHaveMore = true
    return sent
  }

  answered(sequence: number): void {
    this.#inFlight.delete(sequence)
    this.#mend()
  }

  refused(sequence: number): void {
    this.#isBroken = true
    this.answered(sequence)
  }

  #mend(): void {
    if (!this.#isBroken || this.#inFlight.size > 0) return
    this.#isBroken = false
    this.#mayHaveMore = true
    this.#sentUpTo = this.#parts.outgoing.acknowledgedUpTo
  }

  #seal({ doc, kind, content, sequence }: OutgoingFrame): Uint8Array {
    const { roster, random } = this.#parts
    const keys = { ...roster.keys(), epoch: this.#welcome?.epoch ?? 0 }
    return sealFrame(
      { kind, name: doc, payload: content },
      { room: keys.room(doc), device: roster.device, sequence },
      { keys, sign: roster.sign, random },
    )
  }
}
