import type { VaultDocuments } from '../../vault/index.ts'
import { number } from '../bytes.ts'
import { type DeviceFrame, idOf, NO_ROOM, PROTOCOL_VERSION, type RelayFrame } from '../frames.ts'
import { Follower, type FollowerParts } from './follower.ts'
import type { Batch } from './inbox.ts'
import { Line, type LineParts, type SessionEnd } from './line.ts'
import type { Presence } from './presence.ts'
import { relayLost, roomsAnew } from './relay-lost.ts'
import { RoomCare, type RoomCareParts } from './room-care.ts'
import { Sender, type SenderParts } from './sender.ts'

export interface SessionParts extends LineParts, RoomCareParts, Omit<FollowerParts, 'send'>, Omit<SenderParts, 'send'> {
  vault: { id: string; documents: VaultDocuments }
  presence: Presence
  /** Called when something may have changed that a learner is told. */
  onProgress: (session: Session) => Promise<void>
}

/** So much of the inbox is worked on, then sending has its turn. */
const BATCHES_IN_A_ROW = 4

/** One connection of this device from its beginning to its end. All work is done by one loop, one thing after the other. */
export class Session {
  readonly follower: Follower
  readonly sender: Sender
  isWelcome = false
  /** The relay has told of all rooms. */
  isListed = false
  isOverQuota = false

  readonly #parts: SessionParts
  readonly #line: Line
  readonly #care: RoomCare
  /** Cursors as they were when the list was asked for, and heads that were told since. */
  readonly #cursors = new Map<string, number>()
  readonly #listed = new Map<string, number>()
  readonly #asking = new Map<string, () => void>()
  #asked = 0
  #isWorking = false
  #hasWork = false
  #working: Promise<void> = Promise.resolve()
  #isRosterNew = true
  #sendAfter = 0
  /** Aborting it ends the wait for more changes of this device. */
  #gathering: AbortController | undefined
  #gatheredSince: number | undefined
  /** Batches that were worked on. */
  #done = 0

  constructor(parts: SessionParts, address: string, token: string) {
    this.#parts = parts
    parts.receiver.reset()
    const send = (frame: DeviceFrame) => this.#line.send(frame)
    const onWork = () => this.wake()
    this.follower = new Follower({ ...parts, send })
    this.sender = new Sender({ ...parts, send })
    this.#line = new Line(parts, address, { type: 'hello', version: PROTOCOL_VERSION, token }, onWork)
    this.#care = new RoomCare(parts, { line: this.#line, follower: this.follower, sender: this.sender, onWork })
    this.#watch()
  }

  /** Where nothing of what was asked is answered for long, an answer was lost. */
  #watch(): void {
    const done = this.#done
    this.#line.after(this.#parts.tuning.answerMs, () => {
      const isWaiting = !this.isListed || this.sender.isWaiting || this.follower.isWaiting
      if (isWaiting && this.#done === done) this.stop({ why: 'closed' })
      else this.#watch()
    })
  }

  get ended(): Promise<SessionEnd> {
    return this.#line.ended
  }

  get sentBytes(): number {
    return this.#line.sentBytes
  }

  get receivedBytes(): number {
    return this.#line.receivedBytes
  }

  /** Sends at once what is not stored. Nothing where it is not welcome yet. */
  whisper(frame: DeviceFrame): void {
    if (!this.isListed || this.#line.allowance() === 0) return
    this.#line.send(frame)
    this.#line.used(1)
  }

  /** Ends the session. What is being stored is stored. */
  stop(end: SessionEnd): void {
    this.#line.stop(end)
  }

  /** Devices, revocations or keys came. */
  rosterChanged(): void {
    // A revocation that came first through the relay: it has begun the next epoch.
    if (this.sender.isRelayBehind) this.stop({ why: 'epoch' })
    this.#isRosterNew = true
    this.wake()
  }

  /**
   * A change of this device waits. It is sent once no other has come for a moment: what belongs together, such as a turn, goes as one, and
   * the database is asked about it after the learner, not beside.
   */
  queued(): void {
    const { clock, tuning } = this.#parts
    const now = clock.monotonic()
    this.#gathering?.abort()
    this.#gathering = new AbortController()
    this.#gatheredSince ??= now
    const latest = this.#gatheredSince + tuning.longestGatherMs
    this.#line.after(Math.min(tuning.gatherMs, latest - now), () => this.#sendGathered(), this.#gathering.signal)
  }

  #sendGathered(): void {
    this.#gathering?.abort()
    this.#gatheredSince = undefined
    this.sender.queued()
    this.wake()
  }

  /** Sends what was gathered. Resolves once everything that the relay has said so far was worked on, or the session has ended. */
  async asked(): Promise<void> {
    if (this.#gatheredSince !== undefined) this.#sendGathered()
    this.#asked += 1
    const echo = number(this.#asked, 8)
    const answered = new Promise<void>((resolve) => this.#asking.set(idOf(echo), resolve))
    this.#line.send({ type: 'ping', echo })
    await Promise.race([answered, this.ended])
    await this.settled()
  }

  /** Something was queued, or is known that was not: looks for work. */
  wake(): void {
    this.#hasWork = true
    if (this.#isWorking) return
    this.#isWorking = true
    this.#working = this.#work()
      .catch((error) => this.stop({ why: 'failed', error }))
      .finally(() => {
        this.#isWorking = false
        if (this.#hasWork && !this.#line.isOver) this.wake()
      })
  }

  /** Waits for what is being done. */
  async settled(): Promise<void> {
    while (this.#isWorking) await this.#working
  }

  async #work(): Promise<void> {
    while (this.#hasWork && !this.#line.isOver) {
      this.#hasWork = false
      while (await this.#step()) {}
      if (!this.#line.isOver) await this.#parts.onProgress(this)
    }
  }

  /** @returns whether there may be more to do */
  async #step(): Promise<boolean> {
    const line = this.#line
    let isBusy = false
    if (this.#isRosterNew && this.isWelcome) await this.#heedRoster()
    for (let at = 0; at < BATCHES_IN_A_ROW && !line.isOver; at += 1) {
      const batch = line.inbox.next()
      if (!batch) break
      await this.#handle(batch)
      this.#done += 1
      isBusy = true
    }
    line.readOn()
    if (line.isOver) return false
    if (this.#canSend()) {
      line.used(await this.sender.sendMore(line.allowance()))
      return !line.isOver
    }
    if (!this.isListed) return isBusy
    const allowance = line.allowance()
    if (allowance > 0) line.used(this.follower.askForMore(allowance))
    return isBusy || (await this.#care.sayDigest())
  }

  /** Nothing is sent before it is known what the relay has: an append would hide that a room was lost. */
  #canSend(): boolean {
    if (!this.isListed || !this.sender.canSend || this.#parts.clock.monotonic() < this.#sendAfter) return false
    return !this.sender.lacksKey && !this.sender.isRelayBehind && this.#line.allowance() > 0
  }

  async #heedRoster(): Promise<void> {
    this.#isRosterNew = false
    await this.#care.heedRoster()
  }

  async #handle(batch: Batch): Promise<void> {
    if (batch.type === 'frames') return this.#care.take(batch.room, batch.frames)
    if (batch.type === 'taken') return this.#care.acknowledged(batch.all)
    const { rooms } = this.#parts
    const { frame } = batch
    switch (frame.type) {
      case 'welcome':
        return this.#welcomed(frame)
      case 'rooms':
        return this.#rooms(frame)
      case 'head':
        rooms.heard(frame.room, frame.position)
        if (!this.follower.reachedHead(frame.room, frame.position)) this.#care.askAgain(frame.room)
        this.#parts.presence.follows(frame.room)
        return
      case 'news':
        this.#tell(frame.room, frame.head)
        this.follower.isNotFollowed(frame.room)
        return
      case 'pong': {
        const echo = idOf(frame.echo)
        this.follower.left(frame.echo)
        this.#asking.get(echo)?.()
        this.#asking.delete(echo)
        return
      }
      case 'whisper':
        return this.#parts.presence.heard(frame)
      case 'going':
        return this.stop({ why: 'later', waitMs: frame.waitMs })
      case 'refused':
        return this.#refused(frame)
    }
  }

  async #welcomed(frame: Extract<RelayFrame, { type: 'welcome' }>): Promise<void> {
    const { outgoing, rooms, order, log } = this.#parts
    this.#line.send({ type: 'list', after: NO_ROOM })
    // While the relay looks for them; its answer is worked on after this.
    order.prepare()
    if (await outgoing.welcomed(frame.taken))
      log.warn({ taken: frame.taken }, 'the relay has lost frames of this device; everything is sent again')
    this.isWelcome = true
    this.sender.welcomed(frame)
    for (const { room, cursor } of rooms.all()) this.#cursors.set(room, cursor)
  }

  async #rooms(frame: Extract<RelayFrame, { type: 'rooms' }>): Promise<void> {
    const { rooms, db, vault, outgoing } = this.#parts
    for (const { room, head } of frame.rooms) this.#tell(room, head)
    const last = frame.rooms.at(-1)
    if (frame.more && last) return this.#line.send({ type: 'list', after: last.room })
    if (this.isListed) return
    const lost = [...rooms.all()].filter(({ room }) => (this.#cursors.get(room) ?? 0) > (this.#listed.get(room) ?? 0))
    if (lost.length > 0) {
      const anew = roomsAnew(lost, this.#listed)
      await db.transaction((tx) => relayLost(tx, { vaultId: vault.id, rooms, table: outgoing.table }, anew))
      rooms.forgotten(anew)
      this.sender.queued()
    }
    rooms.listed(this.#listed)
    this.#listed.clear()
    this.#cursors.clear()
    this.isListed = true
    await this.#care.begin()
  }

  /** What was told while the list was under way counts as listed. */
  #tell(room: string, head: number): void {
    if (this.isListed) this.#parts.rooms.heard(room, head)
    else this.#listed.set(room, Math.max(head, this.#listed.get(room) ?? 0))
  }

  async #refused({ refused, sequence, waitMs, code }: Extract<RelayFrame, { type: 'refused' }>): Promise<void> {
    const { clock, tuning, outgoing, log } = this.#parts
    log.info({ refused, code, waitMs }, 'the relay refused a frame')
    if (code === 'revoked') return this.stop({ why: 'revoked' })
    if (code === 'not-welcome') return this.stop({ why: 'token-refused' })
    if (code === 'malformed') return this.stop({ why: 'not-understood' })
    if (code === 'epoch-old') return this.stop({ why: 'epoch' })
    if (refused !== 'append' && refused !== 'snapshot') {
      // The answer does not tell of which room: all is asked anew.
      if (refused !== 'passed') this.stop({ why: 'later', waitMs: Math.max(waitMs, tuning.retryMs) })
      return
    }
    if (code === 'covers-ahead') await outgoing.uncover(sequence)
    if (code === 'over-quota') this.isOverQuota = true
    const wait = code === 'over-quota' ? tuning.quotaMs : waitMs
    if (code !== 'sequence-gap' && wait > 0) {
      this.#sendAfter = Math.max(this.#sendAfter, clock.monotonic() + wait)
      this.#line.after(wait, () => {
        this.isOverQuota = false
        this.wake()
      })
    }
    this.sender.refused(sequence)
  }
}
