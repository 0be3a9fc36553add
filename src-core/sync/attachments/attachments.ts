import {
  Channel,
  type Clock,
  type Closable,
  isLvaError,
  type Log,
  LvaError,
  rejectedBy,
  toLvaError,
} from '../../kernel/index.ts'
import type { BlobStore, Database } from '../../store/index.ts'
import type { OpenVault } from '../../vault/index.ts'
import { deleteBlob, downloadBlob, isBlobAtRelay, type TransferParts, uploadBlob } from '../blobs/transfer.ts'
import { fromHex } from '../bytes.ts'
import type { KnownDevice } from '../devices/roster-state.ts'
import type { VaultRoster } from '../devices/vault-roster.ts'
import { Observable } from '../engine/state.ts'
import type { Roster } from '../roster.ts'
import { type AttachmentRow, AttachmentTable, type KeptSince } from './attachment-table.ts'
import type { AttachmentPolicies, AttachmentStanding, AttachmentsState, FetchEvent } from './kinds.ts'
import { takeAllOut, takeAskedOut, takeSentOut, writeAnswer, writeAsked, writeSent } from './said.ts'
import { Talk } from './talk.ts'

export interface AttachmentsParts {
  db: Database
  vault: Pick<OpenVault, 'id' | 'documents' | 'onChange' | 'forgetting'>
  member: Pick<TransferParts, 'http' | 'session'> & { roster: AttachmentRoster }
  blobs: BlobStore
  policies(): AttachmentPolicies
  /** What is older is not kept, and does not travel. */
  keptSince(): Promise<KeptSince>
  /** All that the relay has told of is here: only then is known what nothing names. */
  isCaughtUp(): boolean
  /** Bytes that were wanted are here. */
  onArrived(sha256: string): void
  clock: Clock
  log: Log
  tuning?: Partial<AttachmentTuning>
}

/** What is asked about the devices of the vault. */
export type AttachmentRoster = Roster &
  Pick<VaultRoster, 'nameOf'> & { state(): { devices: ReadonlyMap<string, Pick<KnownDevice, 'revoked'>> } }

/** Milliseconds, which tests make small. */
export interface AttachmentTuning {
  /** Changes of the vault are looked at when none has come for so long. */
  quietMs: number
  /** After a relay that could not be reached, a disk that was full. */
  retryMs: number
  /** After an account that was full. */
  quotaMs: number
  /** A device that waits for others looks at the relay again after so long. */
  askAgainMs: number
  /** So long after nothing names it a blob is forgotten. */
  forgetMs: number
}

const DEFAULT_TUNING: AttachmentTuning = {
  quietMs: 1_000,
  retryMs: 30_000,
  quotaMs: 600_000,
  askAgainMs: 20_000,
  forgetMs: 24 * 3_600_000,
}

/** What was sent is told of together, at most so many. */
const TOLD_AT_ONCE = 32
const PAGE = 500
/** More changes at once, and the whole vault is compared. */
const MOST_CHANGED = 200
const HOUR_MS = 3_600_000
/** Of these the next blob will meet the same. */
const STOPPING = ['relay-unreachable', 'relay-unavailable', 'too-many-tries', 'disk-full', 'signed-out'] as const
/** What is damaged here, or again and again at the relay, waits for the learner, or for a restart. */
const NOT_SOON_MS = 24 * 3_600_000

/** Sends and fetches the blobs of a vault that is synced (docs/protocol.md §7), one after the other. */
export class Attachments implements Closable {
  readonly #parts: AttachmentsParts
  readonly #tuning: AttachmentTuning
  readonly #table: AttachmentTable
  readonly #talk: Talk
  readonly #state = new Observable<Omit<AttachmentsState, 'kinds'>>({
    moving: null,
    sentBytes: 0,
    receivedBytes: 0,
    problem: null,
  })
  readonly #closing = new AbortController()
  readonly #stops: (() => void)[] = []
  readonly #fetching = new Map<string, Promise<void>>()
  /** Called when something was said or has come; those who fetch wait for it. */
  readonly #listeners = new Set<() => void>()
  /** Sent, and not told of yet. */
  readonly #toTell: { sha256: string; epoch: number; bytes: number }[] = []
  /** Did not open, were deleted at the relay for it, and have not come since. */
  readonly #spoiltOnce = new Set<string>()
  /** Deleted at the relay by this device in the last hour, and when. Where one is named again, another may have sent it just before, and told of it since. */
  readonly #deletedThere = new Map<string, number>()
  #mayMove = false
  #moving = new AbortController()
  /** Anything of the vault may name other blobs than before. */
  #isVaultNew = true
  /** These may, and nothing else. */
  readonly #changed = { captures: new Set<string>(), notes: new Set<string>() }
  /** Named, and not known yet whether they are here. */
  readonly #toLookFor = new Set<string>()
  /** What can still be restored has these; undefined when the vault has changed since that was asked. */
  #restorable: ReadonlySet<string> | undefined
  #lookedAt = 0
  #hasWork = true
  #wait = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #pauseUntil = 0

  constructor(parts: AttachmentsParts) {
    this.#parts = parts
    this.#tuning = { ...DEFAULT_TUNING, ...parts.tuning }
    const { db, vault, member } = parts
    this.#table = new AttachmentTable(db, vault.id)
    this.#talk = new Talk({
      documents: vault.documents,
      table: this.#table,
      keys: () => member.roster.keys(),
      device: member.roster.device,
      isMember: (device) => this.#others().includes(device),
      onSaid: () => this.#wake(),
    })
  }

  /** Looks at once, and goes on until it is closed. Nothing moves before `setMoving`. */
  start(): void {
    const { vault, member } = this.#parts
    this.#stops.push(
      vault.onChange(({ captures, notes, documents, settings }) => {
        this.#restorable = undefined
        if (captures.length + notes.length + documents.length === 0 && !settings) return
        for (const id of captures) this.#changed.captures.add(id)
        for (const id of notes) this.#changed.notes.add(id)
        if (documents.length > 0 || settings) this.#isVaultNew = true
        this.#wake()
      }),
      member.roster.onChange(() => {
        this.#talk.readAgain().then(
          () => this.#wake(),
          (error: unknown) => this.#parts.log.warn({ error }, 'what devices say of files could not be read'),
        )
      }),
      () => this.#talk.close(),
    )
    this.#running = this.#run()
  }

  /** Whether there is a way, and a network on which attachments may go. What is under way stops where not, and goes on later. */
  setMoving(mayMove: boolean): void {
    if (mayMove === this.#mayMove) return
    this.#mayMove = mayMove
    if (mayMove) {
      this.#moving = new AbortController()
      this.#pauseUntil = 0
      this.#wake()
    } else this.#moving.abort(new LvaError('cancelled', 'Attachments wait.'))
  }

  /** Policies were changed. */
  choicesChanged(): void {
    this.#isVaultNew = true
    this.#wake()
  }

  /** Tries now what waits for another attempt. */
  async retry(): Promise<void> {
    this.#pauseUntil = 0
    this.#spoiltOnce.clear()
    this.#state.set({ problem: null })
    await this.#table.tryAgain()
    this.#isVaultNew = true
    this.#wake()
  }

  async state(): Promise<AttachmentsState> {
    const problem = this.#state.value.problem ?? (await this.#table.problem())
    return { ...this.#state.value, problem, kinds: await this.#table.amounts(this.#parts.policies()) }
  }

  /** @returns ends it */
  onState(listener: () => void): () => void {
    return this.#state.listen(listener)
  }

  /** Resolves once nothing waits that could move now, or it is to be tried later. @throws the signal's reason */
  async settled(signal: AbortSignal): Promise<void> {
    while (this.#mayMove && !this.#closing.signal.aborted) {
      signal.throwIfAborted()
      if (this.#pauseUntil > this.#parts.clock.monotonic()) return
      if (!this.#hasWork && !this.#isVaultNew && this.#state.value.moving === null) {
        const { kinds, problem } = await this.state()
        const waiting = kinds.reduce((sum, { toSend, toFetch }) => sum + toSend.items + toFetch.items, 0)
        if (waiting === 0 || problem !== null) return
      }
      await this.#happened(this.#tuning.quietMs, signal)
    }
  }

  async standing(sha256: string): Promise<AttachmentStanding> {
    const size = await this.#parts.blobs.size(sha256)
    if (size !== undefined) return { state: 'here', bytes: size }
    const row = await this.#table.row(sha256)
    if (!row?.isNamed) return { state: 'unknown', bytes: null }
    return { state: row.atRelay ? 'at-relay' : 'expected', bytes: row.bytes }
  }

  /**
   * Fetches one attachment, under any policy. Where the relay has it not, the other devices are asked, and waited for until the signal ends it.
   * @throws LvaError attachment-missing where no device has it, attachment-kept where those that have it do not send it; sync-not-opened,
   *   relay-unreachable, disk-full; the signal's reason
   */
  async *fetch(sha256: string, given: AbortSignal = new AbortController().signal): AsyncGenerator<FetchEvent> {
    const { blobs, member, clock } = this.#parts
    const over = new AbortController()
    const signal = AbortSignal.any([given, this.#closing.signal, over.signal])
    await this.#table.want(sha256, true)
    let isAsking = false
    try {
      for (;;) {
        signal.throwIfAborted()
        if (await blobs.has(sha256)) break
        try {
          yield* this.#coming(sha256, signal)
          continue
        } catch (error) {
          if (!isLvaError(error, 'not-found')) throw error
        }
        if (!isAsking) {
          const at = new Date(clock.now()).toISOString()
          isAsking = true
          await this.#talk.say([sha256], (doc) => writeAsked(doc, sha256, member.roster.device, at))
        }
        yield { state: 'asked', devices: await this.#stillAsked(sha256) }
        await this.#happened(this.#tuning.askAgainMs, signal)
      }
      yield { state: 'here' }
    } finally {
      over.abort(new LvaError('cancelled', 'Nobody waits for this file any more.'))
      if (!this.#closing.signal.aborted) {
        await this.#table.want(sha256, false)
        if (isAsking) await this.#talk.say([sha256], (doc) => takeAskedOut(doc, sha256, member.roster.device))
        // What the learner wants no more may still be one that comes by itself.
        this.#wake()
      }
    }
  }

  async close(): Promise<void> {
    const over = new LvaError('cancelled', 'Sync is closing.')
    for (const stop of this.#stops.splice(0)) stop()
    this.#closing.abort(over)
    this.#moving.abort(over)
    this.#wait.abort()
    await this.#running
    await Promise.allSettled(this.#fetching.values())
  }

  /** @throws LvaError attachment-missing, attachment-kept */
  async #stillAsked(sha256: string): Promise<{ id: string; name: string | null }[]> {
    const { roster } = this.#parts.member
    const answers = await this.#talk.answersTo(sha256)
    const others = this.#others()
    const named = (ids: string[]) => ids.map((id) => ({ id, name: roster.nameOf(id) ?? null }))
    const waiting = others.filter((id) => !answers.has(id) || answers.get(id) === 'sent')
    if (waiting.length > 0) return named(waiting)
    const keeping = named(others.filter((id) => answers.get(id) === 'keeps'))
    if (keeping.length > 0) {
      const devices = keeping.map(({ id, name }) => name ?? id.slice(0, 8)).join(', ')
      throw new LvaError('attachment-kept', `${devices} has it and is set to send none of these.`, {
        advice: 'Change there, in Settings, Devices and sync, what travels.',
        params: { devices },
      })
    }
    throw new LvaError('attachment-missing', 'No device of yours has this file any more.', {
      advice: 'It may be in a backup.',
    })
  }

  /** Fetches it, telling how far it is; joins a fetch that is under way. */
  async *#coming(sha256: string, signal: AbortSignal): AsyncGenerator<FetchEvent> {
    const underWay = this.#fetching.get(sha256)
    if (underWay) {
      const over = new AbortController()
      try {
        await Promise.race([underWay, rejectedBy(signal, over.signal)])
      } finally {
        over.abort()
      }
      return
    }
    const events = new Channel<FetchEvent>()
    const work = this.#download(sha256, signal, (done, total) => events.push({ state: 'coming', done, total }))
    work.then(
      () => events.end(),
      (error: unknown) => events.fail(error),
    )
    yield* events
  }

  #download(sha256: string, signal: AbortSignal, onProgress: (done: number, total: number) => void): Promise<void> {
    const work = this.#downloaded(sha256, signal, onProgress).finally(() => {
      this.#fetching.delete(sha256)
      this.#tell()
    })
    // Whoever joins meets the end of it in their own turn.
    this.#fetching.set(
      sha256,
      work.catch(() => undefined),
    )
    return work
  }

  async #downloaded(sha256: string, signal: AbortSignal, onProgress: (done: number, total: number) => void) {
    const { blobs, onArrived } = this.#parts
    let before = 0
    const progress = (done: number, total: number) => {
      this.#state.set({
        receivedBytes: this.#state.value.receivedBytes + done - before,
        moving: { way: 'fetch', done, total },
      })
      before = done
      onProgress(done, total)
    }
    const { roster } = this.#parts.member
    const sent = await this.#talk.sentOf(sha256)
    // Without the key that it was sealed with, which may still come, the relay would seem to have nothing.
    if (sent) roster.keys().blobKey(sent.epoch, fromHex(sha256))
    try {
      await downloadBlob(sha256, { ...this.#transfer(signal), onProgress: progress })
    } catch (error) {
      if (isLvaError(error, 'sync-not-opened')) await this.#spoilt(sha256, signal)
      throw error
    } finally {
      this.#state.set({ moving: null })
    }
    this.#spoiltOnce.delete(sha256)
    await this.#table.fetched(sha256, await blobs.size(sha256))
    if (this.#talk.isAsking(sha256)) await this.#talk.say([sha256], (doc) => takeAskedOut(doc, sha256, roster.device))
    onArrived(sha256)
  }

  /** The relay holds something else under its name: that goes, so that a device that has it sends it anew. Once, else it would travel for ever. */
  async #spoilt(sha256: string, signal: AbortSignal): Promise<void> {
    if (this.#spoiltOnce.has(sha256)) return
    this.#spoiltOnce.add(sha256)
    const sent = await this.#talk.sentOf(sha256)
    const { log } = this.#parts
    log.warn({ sha256 }, 'a file at the relay did not open; it is deleted there')
    if (sent) {
      await deleteBlob(sent.name, this.#transfer(signal)).catch((error: unknown) =>
        log.warn({ error, sha256 }, 'a file that does not open could not be deleted at the relay'),
      )
    }
    await this.#talk.say([sha256], takeSentOut)
  }

  async #run(): Promise<void> {
    const { log } = this.#parts
    await this.#lookForBytes().catch((error: unknown) => log.warn({ error }, 'files could not be looked for'))
    while (!this.#closing.signal.aborted) {
      let waitMs: number | undefined
      try {
        this.#hasWork = false
        waitMs = await this.#turn()
      } catch (error) {
        if (this.#closing.signal.aborted) return
        if (!isLvaError(error, 'cancelled')) log.warn({ error }, 'attachments could not go on')
        waitMs = this.#mayMove || this.#isVaultNew ? this.#tuning.retryMs : undefined
      }
      this.#tell()
      await this.#sleep(waitMs)
    }
  }

  /** Everything that there is to do now. @returns how long to wait for more, unless something wakes it */
  async #turn(): Promise<number | undefined> {
    const { clock } = this.#parts
    await this.#look()
    await this.#talk.catchUp()
    this.#state.set({ moving: null })
    if (!this.#mayMove) return undefined
    await this.#answer()
    await this.#checkDeleted()
    while (this.#mayMove && !this.#closing.signal.aborted && clock.monotonic() >= this.#pauseUntil) {
      await this.#look()
      await this.#talk.catchUp()
      if (!(await this.#moveOne())) break
    }
    await this.#tellSent()
    const isAllForgotten = await this.#forget()
    const paused = this.#pauseUntil - clock.monotonic()
    if (paused > 0) return paused
    if (!isAllForgotten || this.#toTell.length > 0) return this.#tuning.retryMs
    const next = await this.#table.nextAt(new Date(clock.now()), this.#tuning.forgetMs)
    return next === undefined ? undefined : Math.max(next - clock.now(), this.#tuning.quietMs)
  }

  /** @returns whether something moved, or failed to */
  async #moveOne(): Promise<boolean> {
    const { policies, clock } = this.#parts
    const now = new Date(clock.now())
    const toFetch = () => this.#table.nextToFetch(policies(), now, [...this.#fetching.keys()])
    const wanted = await toFetch()
    if (wanted?.isWanted && !this.#fetching.has(wanted.sha256)) return this.#moved(wanted, 'fetch')
    const toSend = await this.#table.nextToSend(policies(), now)
    if (toSend) return this.#moved(toSend, 'send')
    // What is not told of stands in nobody's way.
    await this.#tellSent()
    const next = await toFetch()
    if (next && !this.#fetching.has(next.sha256)) return this.#moved(next, 'fetch')
    return false
  }

  async #moved(row: AttachmentRow, way: 'send' | 'fetch'): Promise<boolean> {
    const signal = this.#moving.signal
    try {
      if (way === 'send') await this.#send(row, signal)
      else await this.#download(row.sha256, signal, () => undefined)
      if (this.#state.value.problem) this.#state.set({ problem: null })
    } catch (error) {
      signal.throwIfAborted()
      await this.#failed(row, way, toLvaError(error))
    } finally {
      this.#state.set({ moving: null })
    }
    return true
  }

  async #send({ sha256, isAsked }: AttachmentRow, signal: AbortSignal): Promise<void> {
    const { keys, blobs, ...rest } = this.#transfer(signal)
    const bytes = await blobs.size(sha256)
    const before = this.#state.value.sentBytes
    let first: number | undefined
    const onProgress = (done: number, total: number) => {
      first ??= done
      this.#state.set({ moving: { way: 'send', done, total }, sentBytes: before + done - first })
    }
    const { sent, epoch } = await uploadBlob(sha256, { ...rest, keys, blobs, onProgress })
    this.#state.set({ sentBytes: before + sent })
    this.#toTell.push({ sha256, epoch, bytes: bytes ?? 0 })
    if (this.#toTell.length >= TOLD_AT_ONCE || isAsked) await this.#tellSent()
    // Until it is told of, it is not sent again.
    else await this.#table.takeSaid([{ sha256, bytes: bytes ?? 0, isAsked: false }])
  }

  async #failed({ sha256 }: AttachmentRow, way: 'send' | 'fetch', error: LvaError): Promise<void> {
    const { log, clock, blobs } = this.#parts
    const { code, params } = error
    log.info({ error, way }, 'an attachment did not move')
    const soon = clock.now() + this.#tuning.retryMs
    if (STOPPING.some((one) => one === code)) {
      this.#pauseUntil = clock.monotonic() + this.#tuning.retryMs
      if (code === 'disk-full') this.#state.set({ problem: { code, params } })
      return
    }
    if (way === 'send' && code === 'not-found') return this.#table.setHere(sha256, await blobs.size(sha256))
    if (code === 'not-found') {
      // The relay has lost it: whoever has it sends it again.
      const { member } = this.#parts
      await this.#talk.say([sha256], (doc) => {
        takeSentOut(doc, sha256)
        writeAsked(doc, sha256, member.roster.device, new Date(clock.now()).toISOString())
      })
      return
    }
    const isSpoilt = code === 'vault-damaged' || code === 'sync-not-opened'
    const wait = code === 'over-quota' ? this.#tuning.quotaMs : isSpoilt ? NOT_SOON_MS : undefined
    await this.#table.failed(sha256, code, new Date(wait === undefined ? soon : clock.now() + wait))
  }

  /** Tells the others of what the relay has by now. What cannot be told keeps nothing else from being told. */
  async #tellSent(): Promise<void> {
    const { member, log } = this.#parts
    const all = this.#toTell.splice(0)
    const keys = member.roster.keys()
    const untold = new Set(all)
    try {
      for (const some of this.#talk.byDocument(all)) {
        const by = new Map(some.map((one) => [one.sha256, one]))
        try {
          await this.#talk.say([...by.keys()], (doc, sha256) => {
            const { epoch, bytes } = by.get(sha256) ?? { epoch: keys.epoch, bytes: 0 }
            writeSent(doc, sha256, { name: keys.blobName(epoch, fromHex(sha256)), epoch, bytes })
            if ([...doc.getMap('asked').keys()].some((key) => key.startsWith(`${sha256}/`)))
              writeAnswer(doc, sha256, member.roster.device, 'sent')
          })
          for (const one of some) untold.delete(one)
        } catch (error) {
          if (meetsAll(error)) throw error
          log.warn({ error }, 'the other devices could not be told of files')
        }
      }
    } finally {
      this.#toTell.push(...untold)
    }
  }

  /** What others ask for in vain is answered. */
  async #answer(): Promise<void> {
    const { blobs, member, policies } = this.#parts
    for (const { sha256, isNamed } of await this.#table.toAnswer(policies())) {
      const size = await blobs.size(sha256)
      await this.#table.setHere(sha256, size)
      const row = await this.#table.row(sha256)
      const isKept = row?.kind != null && policies()[row.kind] === 'never'
      if (size !== undefined && isNamed && !isKept) continue
      const answer = size !== undefined && isKept ? 'keeps' : 'lacks'
      await this.#talk.say([sha256], (doc) => writeAnswer(doc, sha256, member.roster.device, answer))
    }
  }

  /**
   * What nothing names any more goes from the relay, and what came from there from this device. One that cannot go now, for a reason of its
   * own, keeps no other from going. @returns false where such a one is left
   */
  async #forget(): Promise<boolean> {
    const { clock, isCaughtUp, log } = this.#parts
    const before = new Date(clock.now() - this.#tuning.forgetMs)
    const left: string[] = []
    for (;;) {
      const rows = await this.#table.forgotten(before, left)
      for (const row of rows) {
        if (!this.#mayMove || !isCaughtUp()) return left.length === 0
        try {
          await this.#forgetOne(row)
        } catch (error) {
          if (meetsAll(error)) throw error
          log.warn({ error, sha256: row.sha256 }, 'an attachment could not be forgotten')
          left.push(row.sha256)
        }
      }
      if (rows.length === 0) return left.length === 0
    }
  }

  async #forgetOne({ sha256, kind, atRelay, isHere, isFetched, isAsked }: AttachmentRow): Promise<void> {
    const { blobs, log, policies } = this.#parts
    const sent = atRelay ? await this.#talk.sentOf(sha256) : undefined
    const { keys, ...rest } = this.#transfer(this.#moving.signal)
    // An upload that was cut left something, too.
    const mayBeCut = isHere && kind !== null && policies()[kind] !== 'never'
    const epochs = sent || mayBeCut ? Array.from({ length: keys.epoch }, (_, at) => at + 1) : []
    for (const epoch of epochs) await deleteBlob(keys.blobName(epoch, fromHex(sha256)), { ...rest, keys })
    if (epochs.length > 0) this.#deletedThere.set(sha256, this.#parts.clock.monotonic())
    if (sent || isAsked) await this.#talk.say([sha256], takeAllOut)
    // The relay took its time. What is named again meanwhile keeps its bytes, and is sent anew.
    await this.#look()
    if ((await this.#table.row(sha256))?.isNamed) return
    // What can still be restored finds its bytes here, and sends them anew; forgetting it takes them.
    if (isFetched && !(await this.#isRestorable(sha256))) await blobs.delete(sha256)
    await this.#table.remove(sha256)
    log.info({ kind }, 'an attachment that nothing names any more was forgotten')
  }

  /** What another has told to be at the relay, and this device may have deleted after that, is looked for there; where it is gone, it is sent anew. */
  async #checkDeleted(): Promise<void> {
    const before = this.#parts.clock.monotonic() - HOUR_MS
    for (const [sha256, at] of this.#deletedThere) if (at < before) this.#deletedThere.delete(sha256)
    if (this.#deletedThere.size === 0) return
    for (const sha256 of await this.#table.toldOf([...this.#deletedThere.keys()])) {
      const isThere = await isBlobAtRelay(sha256, this.#transfer(this.#moving.signal))
      if (!isThere) await this.#talk.say([sha256], takeSentOut)
      this.#deletedThere.delete(sha256)
    }
  }

  async #isRestorable(sha256: string): Promise<boolean> {
    if (this.#restorable) return this.#restorable.has(sha256)
    const asked = new Set<string>()
    // A change meanwhile takes it away again, and the next one asks anew.
    this.#restorable = asked
    try {
      for (const { blobs } of await this.#parts.vault.forgetting.deleted()) for (const one of blobs) asked.add(one)
    } catch (error) {
      this.#restorable = undefined
      throw error
    }
    return asked.has(sha256)
  }

  /** Compares with what the vault names, and looks whether the bytes of what is new are here. */
  async #look(): Promise<void> {
    const { keptSince, clock, blobs } = this.#parts
    const captures = [...this.#changed.captures]
    const notes = [...this.#changed.notes]
    // What was kept long enough goes by itself.
    const isDue = clock.monotonic() - this.#lookedAt >= HOUR_MS
    const isAll = this.#isVaultNew || isDue || captures.length + notes.length > MOST_CHANGED
    if (!isAll && captures.length + notes.length === 0) return
    this.#isVaultNew = false
    this.#changed.captures.clear()
    this.#changed.notes.clear()
    try {
      const since = await keptSince()
      const some = isAll ? undefined : await this.#table.takeNamedBy(captures, notes, since)
      const named = some ?? (await this.#table.takeNamed(since, new Date(clock.now())))
      if (!some) this.#lookedAt = clock.monotonic()
      for (const sha256 of named) this.#toLookFor.add(sha256)
      // Those that were named in vain before, too.
      for (const sha256 of [...this.#toLookFor]) {
        if (this.#closing.signal.aborted) return
        const size = await blobs.size(sha256)
        if (size !== undefined) await this.#table.setHere(sha256, size)
        this.#toLookFor.delete(sha256)
      }
    } catch (error) {
      this.#isVaultNew = true
      throw error
    }
  }

  /** At the start: files may have come and gone while nobody looked. */
  async #lookForBytes(): Promise<void> {
    for (let after = ''; ; ) {
      const rows = await this.#table.page(after, PAGE)
      for (const { sha256, isHere } of rows) {
        if (this.#closing.signal.aborted) return
        const size = await this.#parts.blobs.size(sha256)
        if (isHere !== (size !== undefined)) await this.#table.setHere(sha256, size)
      }
      after = rows.at(-1)?.sha256 ?? ''
      if (rows.length < PAGE) return
    }
  }

  #transfer(signal: AbortSignal): TransferParts {
    const { member, blobs, clock } = this.#parts
    const { http, session, roster } = member
    return { http, session, keys: roster.keys(), blobs, clock, signal: AbortSignal.any([signal, this.#closing.signal]) }
  }

  /** Ids of all other devices of the vault. */
  #others(): string[] {
    const { roster } = this.#parts.member
    return [...roster.state().devices].flatMap(([id, { revoked }]) => (revoked || id === roster.device ? [] : [id]))
  }

  #wake(): void {
    this.#hasWork = true
    this.#wait.abort()
    this.#tell()
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  /** Until something happened, at most so long. @throws the signal's reason */
  async #happened(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const listener = () => over.abort()
    this.#listeners.add(listener)
    try {
      await this.#parts.clock.sleep(ms, AbortSignal.any([over.signal, signal]))
    } catch {
      signal.throwIfAborted()
    } finally {
      this.#listeners.delete(listener)
    }
  }

  /** A change is waited out for a moment, so that many are looked at together. */
  async #sleep(ms: number | undefined): Promise<void> {
    const { clock } = this.#parts
    if (!this.#hasWork) {
      this.#wait = new AbortController()
      const { signal } = this.#wait
      const asleep =
        ms === undefined
          ? new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
          : clock.sleep(ms, signal).catch(() => undefined)
      if (!this.#closing.signal.aborted) await asleep
    }
    if (this.#hasWork) await clock.sleep(this.#tuning.quietMs, this.#closing.signal).catch(() => undefined)
  }
}

/** Whether the next one would meet the same. */
function meetsAll(error: unknown): boolean {
  return isLvaError(error, 'cancelled') || STOPPING.some((code) => isLvaError(error, code))
}
