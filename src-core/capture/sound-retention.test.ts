import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import { configSchema, type ManualClock, silentLog } from '../kernel/index.ts'
import { SPEECH_RATE, writeWav } from '../models/index.ts'
import { countJobs, memoryBlobs, type Store } from '../store/index.ts'
import { INDEX_JOB, type OpenVault, READ_JOB } from '../vault/index.ts'
import { DocumentQueue, Documents, parseDocument, type ReadDocument } from './documents/index.ts'
import { Retention, type RetentionSettings } from './retention.ts'

const DAY = 86_400_000
const limits = configSchema.parse({}).documents
const SAID = 'Cells divide.\n\nMitosis <divides> the nucleus & more.'
const BLOCKS = [
  { kind: 'paragraph' as const, start: 0, end: 13, place: { second: 0, endSecond: 1.5 } },
  { kind: 'paragraph' as const, start: 15, end: SAID.length, place: { second: 2.25, endSecond: 4 } },
]

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

describe('the sound of a long recording', () => {
  let vault: OpenVault
  let clock: ManualClock
  let documents: Documents
  let settings: RetentionSettings
  let heardTimes: number
  const blobs = memoryBlobs()

  beforeEach(async () => {
    ;({ vault, clock } = await openTestVault(store.database))
    settings = { timelineDays: null, timelineMb: null, recordingDays: null, longRecordingDays: 30, pictureDays: null }
    heardTimes = 0
    documents = open(async (source, how) => {
      if (source.format !== 'audio') return parseDocument(source, { limits, ...how })
      heardTimes += 1
      return { title: '', pages: null, text: SAID, blocks: BLOCKS, heardBy: 'tiny' }
    })
  })
  afterEach(() => documents.close())

  function open(read: ReadDocument): Documents {
    const parts = { db: store.database, vault, blobs, clock, log: silentLog }
    const queue = new DocumentQueue({ ...parts, read, onRead: () => undefined })
    const fetchAddress = () => Promise.reject(new Error('nothing is fetched'))
    return new Documents({ ...parts, queue, fetchAddress, limits })
  }
  const retention = () =>
    new Retention({
      ...{ db: store.database, vault, blobs, clock, log: silentLog },
      timeline: { forgetFrames: async () => 0 },
      settings: async () => settings,
      limits: { days: 7, mb: 1 },
      free: async () => 1_000,
    })
  /** A lecture of so many samples, which no other has. */
  async function record(samples: number, name = 'lecture.wav') {
    const wav = writeWav({ samples: new Float32Array(samples), sampleRate: SPEECH_RATE })
    const { document } = await documents.addFile(wav, { name })
    await documents.queue.idle()
    return document
  }
  const forecast = async () => (await retention().forecast()).kinds.find(({ kind }) => kind === 'longRecordings')
  const blocksOf = async (id: string) =>
    (await documents.text(id, { limit: 9 })).blocks.map(({ text, place }) => ({ text, place }))

  it('goes after its days, and what was heard stays with its seconds, unread and unindexed, also through a rebuild', async () => {
    const { id, sha256, size, createdAt } = await record(1_000)
    const before = await blocksOf(id)
    await clock.advance(29 * DAY)
    await retention().tidy()
    expect(await blobs.has(sha256)).toBe(true)
    await clock.advance(DAY + 1)
    await store.database.query('delete from jobs where vault_id = $1', [vault.id])
    expect(await retention().wouldGo({})).toEqual({ items: 1, bytes: size })
    await retention().tidy()
    expect(await blobs.has(sha256)).toBe(false)
    const gone = await documents.get(id)
    const at = new Date(clock.now()).toISOString()
    expect(gone).toMatchObject({ format: 'vtt', state: 'ready', createdAt, updatedAt: createdAt })
    expect(gone.sound).toEqual({ sha256, size, at, days: 30 })
    expect(await blocksOf(id)).toEqual(before)
    expect(await countJobs(store.database, vault.id, READ_JOB)).toMatchObject({ waiting: 0, running: 0 })
    expect(new TextDecoder().decode(await documents.file(id))).toBe(
      'WEBVTT\n\nNOTE heard by tiny\n\n00:00:00.000 --> 00:00:01.500\nCells divide.\n\n' +
        '00:00:02.250 --> 00:00:04.000\nMitosis &lt;divides&gt; the nucleus &amp; more.\n',
    )
    await vault.rebuild()
    await documents.queue.idle()
    expect(await blocksOf(id)).toEqual(before)
    expect(await documents.transcripts(id)).toMatchObject({ present: { heardBy: 'tiny' }, earlier: null })
    expect(await countJobs(store.database, vault.id, INDEX_JOB)).toMatchObject({ waiting: 1 })
    expect(heardTimes).toBe(1)
    expect(await retention().wouldGo({})).toEqual({ items: 0, bytes: 0 })
  })

  it('stays for ever where nothing is chosen, and what would go is told before it is', async () => {
    const { sha256, size } = await record(1_100)
    settings.longRecordingDays = null
    await clock.advance(400 * DAY)
    await retention().tidy()
    expect(await blobs.has(sha256)).toBe(true)
    expect(await retention().wouldGo({ longRecordingDays: 365 })).toEqual({ items: 1, bytes: size })
    expect(await retention().wouldGo({ recordingDays: 30 })).toEqual({ items: 0, bytes: 0 })
  })

  it('stays where the learner keeps it, until they do not', async () => {
    const { id, sha256 } = await record(1_200)
    await vault.library.keepSound(id, true)
    await clock.advance(31 * DAY)
    await retention().tidy()
    expect(await documents.get(id)).toMatchObject({ format: 'audio', keepsSound: true, sound: null })
    await vault.undo()
    expect((await documents.get(id)).keepsSound).toBe(false)
    await retention().tidy()
    expect(await blobs.has(sha256)).toBe(false)
  })

  it('stays where nothing else would be left, where a kept card rests on it, and in a watched folder', async () => {
    const cited = await record(1_300)
    const source = {
      captureId: cited.id,
      kind: 'document',
      field: 'documentText',
      start: 0,
      end: 5,
      text: 'Cells',
      when: cited.createdAt,
    } as const
    const card = await vault.cards.add({ front: 'What divides?', back: 'Cells', source })
    await vault.cards.keep([card.id])
    const unheard = await record(1_400)
    await store.database.query(
      `update document_texts set state = 'failed', text = '', text_sha256 = null where vault_id = $1 and document_id = $2`,
      [vault.id, unheard.id],
    )
    const version = await documents.keepBytes(
      writeWav({ samples: new Float32Array(1_500), sampleRate: SPEECH_RATE }),
      'watched.wav',
    )
    await vault.library.add([
      { ...version, title: 'watched', origin: { kind: 'folder', name: 'watched.wav', address: '/music/watched.wav' } },
    ])
    await documents.queue.idle()
    await clock.advance(60 * DAY)
    await retention().tidy()
    for (const sha256 of [cited.sha256, unheard.sha256, version.sha256]) expect(await blobs.has(sha256)).toBe(true)
    expect(await forecast()).toMatchObject({ items: 2 })
  })

  it('is told with its real size and pace; what is kept comes on top', async () => {
    const first = await record(15_978)
    expect(first.size).toBe(32_000)
    await clock.advance(10 * DAY)
    expect(await forecast()).toMatchObject({
      items: 1,
      bytes: 32_000,
      bytesADay: 3_200,
      expectedBytes: 96_000,
      days: 30,
    })
    await vault.library.keepSound(first.id, true)
    expect(await forecast()).toMatchObject({ bytes: 32_000, bytesADay: 3_200, expectedBytes: 32_000 })
    settings.longRecordingDays = null
    expect(await forecast()).toMatchObject({ expectedBytes: 32_000 + 365 * 3_200, days: null })
  })

  it('goes where another device or a crash left its bytes, but not where something else names them', async () => {
    const { id, sha256 } = await record(1_600)
    const other = await record(1_700)
    for (const document of [{ id, sha256 }, other]) {
      const transcript = { sha256: await blobs.put(new TextEncoder().encode(document.id)), format: 'vtt', size: 1 }
      await vault.library.letSoundsGo([{ id: document.id, sha256: document.sha256, days: 30, transcript }])
    }
    await vault.captures.add({ sessionId: 's', source: 'voice', userText: 'said', audioSha256: other.sha256 })
    settings.longRecordingDays = null
    await retention().tidy()
    expect(await blobs.has(sha256)).toBe(false)
    expect(await blobs.has(other.sha256)).toBe(true)
  })

  it('is again what the document has where it was kept on one device while it went on another', async () => {
    const { id, sha256, size } = await record(1_800)
    const transcript = { sha256: await blobs.put(new TextEncoder().encode('WEBVTT')), format: 'vtt', size: 6 }
    await vault.library.letSoundsGo([{ id, sha256, days: 30, transcript }])
    await vault.library.keepSound(id, true)
    await clock.advance(60 * DAY)
    await retention().tidy()
    expect(await documents.get(id)).toMatchObject({ format: 'audio', sha256, size, sound: null, keepsSound: true })
    expect(await blobs.has(sha256)).toBe(true)
  })

  it('of a document that is deleted can be restored with it', async () => {
    const kept = await record(1_900)
    await vault.library.delete([kept.id])
    const again = await record(1_900)
    expect(again.id).not.toBe(kept.id)
    await clock.advance(31 * DAY)
    await retention().tidy()
    expect((await documents.get(again.id)).format).toBe('vtt')
    await vault.library.restore([kept.id])
    expect(await documents.file(kept.id)).toHaveLength(kept.size)
  })
})
