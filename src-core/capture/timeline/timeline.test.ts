import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pngHeader } from '../../../test/made-pictures.ts'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { configSchema, LOOK_HEIGHT, LOOK_WIDTH, LvaError, type ManualClock, silentLog } from '../../kernel/index.ts'
import { type BlobStore, memoryBlobs, type Store } from '../../store/index.ts'
import type { OpenVault } from '../../vault/index.ts'
import type { RemoteReader } from '../documents/remote-reader.ts'
import { Pictures } from '../pictures/pictures.ts'
import type { PictureWork } from '../pictures/work.ts'
import { Retention, type RetentionSettings } from '../retention.ts'
import { StudyTimeline } from './timeline.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const BLACK = 0
const LIMITS = configSchema.parse({ screen: { queueFrames: 4, days: 7, mb: 1 } }).screen

describe('the study timeline', () => {
  let store: Store
  let vault: OpenVault
  let clock: ManualClock
  let blobs: BlobStore
  let timeline: StudyTimeline
  let excluded: string[]
  /** Readings wait for it. */
  let gate: PromiseWithResolvers<void>
  let failing: boolean
  let isFull: boolean
  let reading: number

  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    ;({ vault, clock } = await openTestVault(store.database))
    const room = memoryBlobs()
    isFull = false
    blobs = {
      ...room,
      put: async (...given: Parameters<BlobStore['put']>) => {
        if (isFull) throw new LvaError('disk-full', 'The disk is full.', { advice: 'Free some space.' })
        return room.put(...given)
      },
    }
    excluded = ['KeePass']
    gate = Promise.withResolvers()
    gate.resolve()
    failing = false
    reading = 0
    // The last byte of a frame is how bright it is; its covered picture is told by that.
    const look = async (bytes: Uint8Array, work: PictureWork) => {
      const bright = bytes.at(-1) ?? 0
      if (work.kind === 'look') return { look: new Uint8Array(LOOK_WIDTH * LOOK_HEIGHT).fill(bright) }
      reading += 1
      await gate.promise
      if (failing) throw new Error('no picture')
      return {
        picture: { mediaType: 'image/webp', width: 2, height: 2, bytes: new Uint8Array([1, 2, 3, bright]) },
        text: `Frame ${bright}`,
        blocks: [],
        found: [],
      }
    }
    const parts = { db: store.database, vault, blobs, clock, log: silentLog, language: async () => 'eng' as const }
    const pictures = new Pictures({
      ...parts,
      look: look as RemoteReader['look'],
      limits: configSchema.parse({}).pictures,
    })
    timeline = new StudyTimeline({
      ...parts,
      pictures,
      settings: async () => ({ timelineExcluded: excluded }),
      limits: LIMITS,
    })
  })

  const frame = (bright: number) => {
    const bytes = Buffer.concat([pngHeader(4, 4), Buffer.from([bright])])
    return { bytes, windows: ['Lecture 3 - Browser'] }
  }
  const hold = () => timeline.hold()[Symbol.asyncIterator]()
  const kept = async () => (await vault.captures.list({ source: 'screen', order: 'oldest' }, { limit: 50 })).items
  const blobNames = async () => {
    const names: string[] = []
    for await (const name of blobs.list()) names.push(name)
    return names
  }

  it('keeps nothing while it is off or paused, and is off when its page has gone', async () => {
    expect(timeline.state.state).toBe('off')
    expect(await timeline.offer(frame(200))).toBe('off')
    const page = hold()
    expect(timeline.state.state).toBe('on')
    expect(() => timeline.hold()).toThrow(expect.objectContaining({ code: 'timeline-busy' }))
    timeline.pause()
    expect(await timeline.offer(frame(200))).toBe('paused')
    await page.return?.()
    expect(timeline.state.state).toBe('off')
    expect(await kept()).toEqual([])
  })

  it('keeps a frame that shows something new, covered and read, and leaves out the same and black', async () => {
    hold()
    for (const bright of [200, 202, BLACK, 90]) {
      expect(await timeline.offer(frame(bright))).toBe('taken')
      await timeline.idle()
    }
    const [first, second] = await kept()
    expect(first).toMatchObject({ source: 'screen', metadata: { app: 'Lecture 3 - Browser' } })
    expect(first?.pictures?.[0]?.reading?.text).toBe('Frame 200')
    expect(second?.pictures?.[0]?.reading?.text).toBe('Frame 90')
    expect(await kept()).toHaveLength(2)
    expect(timeline.state).toMatchObject({ kept: 2, leftOut: { same: 1, black: 1 } })
    expect(await blobs.get(first?.pictures?.[0]?.sha256 ?? '')).toEqual(new Uint8Array([1, 2, 3, 200]))
  })

  it('files no frame under a title that shows what its picture covers', async () => {
    hold()
    await timeline.offer({ ...frame(200), windows: ['password: Kj8#mQ2!vLx9 - Notes'] })
    await timeline.idle()
    expect((await kept()).map(({ metadata }) => metadata)).toEqual([{}])
  })

  it('takes no frame while an excluded program is on the screen', async () => {
    hold()
    expect(await timeline.offer({ ...frame(200), windows: ['Lecture', 'vault.kdbx - KEEPASS'] })).toBe('excluded')
    expect(timeline.state).toMatchObject({ leftOut: { excluded: 1 }, excludedBy: 'KeePass' })
    expect(reading).toBe(0)
    expect(await timeline.offer({ ...frame(200), windows: ['Lecture'] })).toBe('taken')
    expect(timeline.state.excludedBy).toBeNull()
    await timeline.idle()
  })

  it('takes no frame where nobody tells what windows there are, unless none is to be left out', async () => {
    hold()
    expect(await timeline.offer({ ...frame(200), windows: null })).toBe('untold')
    expect(reading).toBe(0)
    excluded = []
    expect(await timeline.offer({ ...frame(200), windows: null })).toBe('taken')
    await timeline.idle()
    expect((await kept()).map(({ metadata }) => metadata)).toEqual([{}])
  })

  it('takes a thousand frames in a minute: within its bounds, in order, and every one that is lost is said', async () => {
    hold()
    gate = Promise.withResolvers()
    const begun = new Date(clock.now()).toISOString()
    const outcomes: string[] = []
    for (let at = 0; at < 1_000; at++) {
      outcomes.push(await timeline.offer(frame(20 + (at % 12) * 19)))
      expect(timeline.state.waiting).toBeLessThanOrEqual(LIMITS.queueFrames)
      await clock.advance(MINUTE / 1_000)
    }
    gate.resolve()
    await timeline.idle()
    const { kept: shown, leftOut } = timeline.state
    const taken = outcomes.filter((outcome) => outcome === 'taken').length
    expect(taken + outcomes.filter((outcome) => outcome === 'full').length).toBe(1_000)
    expect(shown + leftOut.same).toBe(taken)
    expect(leftOut.missed).toBe(1_000 - taken)
    const gaps = await timeline.gaps(begun, new Date(clock.now() + 1).toISOString())
    expect(gaps).toMatchObject([{ why: 'missed', frames: 1_000 - taken }])
  })

  it('throws away what it cannot read, since nobody knows what is in it, and says so', async () => {
    hold()
    failing = true
    await timeline.offer(frame(200))
    await timeline.idle()
    expect(await kept()).toEqual([])
    expect(await blobNames()).toEqual([])
    expect(timeline.state.leftOut.unread).toBe(1)
    expect(await timeline.gaps(new Date(0).toISOString(), new Date(clock.now() + 1).toISOString())).toMatchObject([
      { why: 'unread', frames: 1 },
    ])
  })

  it('forgets the last minutes everywhere: pictures, text, stored updates, what waits and what is being read', async () => {
    hold()
    await timeline.offer(frame(60))
    await timeline.idle()
    await clock.advance(30 * MINUTE)
    await timeline.offer(frame(120))
    await timeline.idle()
    gate = Promise.withResolvers()
    await timeline.offer(frame(180))
    await timeline.offer(frame(240))
    const forgetting = timeline.forget(10)
    gate.resolve()
    expect(await forgetting).toBe(2)
    expect((await kept()).map(({ pictures }) => pictures?.[0]?.reading?.text)).toEqual(['Frame 60'])
    expect(await blobNames()).toHaveLength(1)
    const updates = await store.database.query<{ update: Uint8Array }>(
      'select "update" from doc_updates where vault_id = $1',
      [vault.id],
    )
    for (const text of ['Frame 120', 'Frame 180', 'Frame 240']) {
      expect(
        updates.some(({ update }) => Buffer.from(update).includes(text)),
        text,
      ).toBe(false)
    }
    expect(await timeline.offer(frame(120))).toBe('taken')
    await timeline.idle()
    expect(await kept()).toHaveLength(2)
  })

  it('does not wait with forgetting for frames of other times', async () => {
    hold()
    gate = Promise.withResolvers()
    const first = gate
    await timeline.offer(frame(60))
    await clock.advance(30 * MINUTE)
    await timeline.offer(frame(120))
    expect(await timeline.forget(10)).toBe(1)
    await clock.advance(MINUTE)
    await timeline.offer(frame(180))
    const [from, to] = [clock.now() - 40 * MINUTE, clock.now() - 20 * MINUTE]
    const forgetting = timeline.forgetBetween(from, to)
    gate = Promise.withResolvers()
    first.resolve()
    await forgetting
    gate.resolve()
    await timeline.idle()
    expect((await kept()).map(({ pictures }) => pictures?.[0]?.reading?.text)).toEqual(['Frame 180'])
  })

  it('takes no frame that was on its way when it was forgotten, or switched off', async () => {
    hold()
    const offered = timeline.offer(frame(60))
    await timeline.forget(10)
    await offered
    clock.advance(MINUTE)
    const last = timeline.offer(frame(120))
    timeline.pause()
    expect(await last).toBe('paused')
    await timeline.idle()
    expect(await kept()).toEqual([])
  })

  it.each([
    ['back', -60 * MINUTE],
    ['forward', 60 * MINUTE],
  ])('forgets the last minutes also where the clock was set %s an hour meanwhile', async (_, by) => {
    hold()
    await timeline.offer(frame(60))
    await timeline.idle()
    await clock.advance(30 * MINUTE)
    await timeline.offer(frame(120))
    await timeline.idle()
    clock.setBy(by)
    await clock.advance(MINUTE)
    await timeline.offer(frame(180))
    await timeline.idle()
    // Dated after now, the first one cannot be told from the others where the clock was set back.
    expect(await timeline.forget(5)).toBe(by < 0 ? 3 : 2)
    expect((await kept()).map(({ pictures }) => pictures?.[0]?.reading?.text)).toEqual(by < 0 ? [] : ['Frame 60'])
  })

  it('ends on a full disk: the page is told why, every frame that is lost is counted, and what was kept stays', async () => {
    const holding = hold()
    await timeline.offer(frame(60))
    await timeline.idle()
    gate = Promise.withResolvers()
    await timeline.offer(frame(120))
    await timeline.offer(frame(180))
    isFull = true
    gate.resolve()
    await timeline.idle()
    expect(timeline.state).toMatchObject({ state: 'off', kept: 1, leftOut: { missed: 2, unread: 0 } })
    const states = async () => {
      for (;;) if ((await holding.next()).done) return 'ended'
    }
    await expect(states()).rejects.toMatchObject({ code: 'disk-full' })
    expect(await kept()).toHaveLength(1)
    expect(await timeline.gaps(new Date(0).toISOString(), new Date(clock.now() + 1).toISOString())).toMatchObject([
      { why: 'missed', frames: 2 },
    ])
    isFull = false
    hold()
    expect(await timeline.offer(frame(180))).toBe('taken')
    await timeline.idle()
    expect(await kept()).toHaveLength(2)
  })

  it('forgets single frames, and nothing that is no frame', async () => {
    hold()
    await timeline.offer(frame(60))
    await timeline.idle()
    const said = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'stays' })
    const [one] = await kept()
    expect(await timeline.forgetOnes([one?.id ?? '', said.id])).toBe(1)
    expect(await kept()).toEqual([])
    expect((await vault.captures.get(said.id)).userText).toBe('stays')
  })

  describe('retention', () => {
    const settings: RetentionSettings = {
      ...{ timelineDays: null, timelineMb: null, recordingDays: 30, longRecordingDays: null, pictureDays: null },
    }
    const retention = () =>
      new Retention({
        ...{ db: store.database, vault, blobs, timeline, clock, log: silentLog, limits: LIMITS },
        settings: () => readSettings(),
        free: async () => 1_000,
      })
    let readSettings = async () => settings

    it('lets frames go after their days, and recordings after theirs, whose text stays', async () => {
      hold()
      await timeline.offer(frame(60))
      await timeline.idle()
      const audioSha256 = await blobs.put(new Uint8Array(300))
      const said = await vault.captures.add({ sessionId: 's', source: 'voice', userText: 'spoken', audioSha256 })
      await clock.advance(8 * DAY)
      await retention().tidy()
      expect(await kept()).toEqual([])
      expect(await blobNames()).toEqual([audioSha256])
      await clock.advance(30 * DAY)
      await retention().tidy()
      expect(await blobNames()).toEqual([])
      expect((await vault.captures.get(said.id)).userText).toBe('spoken')
    })

    it('keeps frames and recordings on which a kept card rests, and tells before what would go', async () => {
      hold()
      for (const bright of [60, 120]) {
        await timeline.offer(frame(bright))
        await timeline.idle()
      }
      const [, cited] = await kept()
      const audioSha256 = await blobs.put(new Uint8Array(300))
      const said = await vault.captures.add({ sessionId: 's', source: 'voice', userText: 'spoken', audioSha256 })
      for (const { id, createdAt } of [cited, said].filter((each) => each !== undefined)) {
        const source = {
          captureId: id,
          kind: 'capture',
          field: 'userText',
          start: 0,
          end: 1,
          text: 's',
          when: createdAt,
        } as const
        const card = await vault.cards.add({ front: `Of ${id}?`, back: 'Yes', source })
        await vault.cards.keep([card.id])
      }
      await clock.advance(DAY)
      expect(await retention().wouldGo({})).toEqual({ items: 0, bytes: 0 })
      await clock.advance(DAY)
      expect(await retention().wouldGo({ timelineDays: 1, recordingDays: 1 })).toEqual({ items: 1, bytes: 4 })
      await clock.advance(60 * DAY)
      await retention().tidy()
      expect((await kept()).map(({ id }) => id)).toEqual([cited?.id])
      expect(await blobs.has(audioSha256)).toBe(true)
    })

    it('tidies again an hour after it could not', async () => {
      const audioSha256 = await blobs.put(new Uint8Array(300))
      await vault.captures.add({ sessionId: 's', source: 'voice', userText: 'spoken', audioSha256 })
      await clock.advance(31 * DAY)
      readSettings = () => Promise.reject(new Error('no settings'))
      const tidying = retention()
      tidying.start()
      await expect(tidying.tidy()).rejects.toThrow('no settings')
      readSettings = async () => settings
      await expect.poll(() => clock.sleeping).toBe(1)
      clock.advance(60 * MINUTE)
      await expect.poll(blobNames).toEqual([])
      await tidying.close()
    })

    it('tells what it will come to at this pace', async () => {
      const audioSha256 = await blobs.put(new Uint8Array(300))
      await vault.captures.add({ sessionId: 's', source: 'voice', userText: 'spoken', audioSha256 })
      await clock.advance(3 * DAY)
      const { kinds, free } = await retention().forecast()
      const recordings = kinds.find(({ kind }) => kind === 'recordings')
      expect(recordings).toMatchObject({ items: 1, bytes: 300, bytesADay: 100, expectedBytes: 3_000, days: 30 })
      expect(kinds.find(({ kind }) => kind === 'timeline')).toMatchObject({ items: 0, bytes: 0, days: 7, mb: 1 })
      expect(free).toBe(1_000)
    })

    it('tells no recording that has gone, and one that two captures name once', async () => {
      const told = async () => (await retention().forecast()).kinds.find(({ kind }) => kind === 'recordings')
      const audioSha256 = await blobs.put(new Uint8Array(300))
      for (const userText of ['spoken', 'spoken again'])
        await vault.captures.add({ sessionId: 's', source: 'voice', userText, audioSha256 })
      expect(await told()).toMatchObject({ items: 1, bytes: 300 })
      await clock.advance(31 * DAY)
      await retention().tidy()
      expect(await told()).toMatchObject({ items: 0, bytes: 0, expectedBytes: 0 })
    })
  })
})
