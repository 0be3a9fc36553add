import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { configSchema, idMaker, LvaError, seededRandom, silentLog, systemClock } from '../../kernel/index.ts'
import { countJobs, type Database, type Queries, type Store } from '../../store/index.ts'
import { CONCEPTS_JOB, INDEX_JOB, type OpenVault } from '../../vault/index.ts'
import { Documents } from './documents.ts'
import { WatchedFolders } from './folders.ts'
import { parseDocument } from './parse.ts'
import { DocumentQueue } from './queue.ts'
import type { ReadDocument } from './types.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const limits = configSchema.parse({}).documents
const error = (code: string) => expect.objectContaining({ name: 'LvaError', code })
const bytes = (text: string) => new TextEncoder().encode(text)

describe('documents', () => {
  let vault: OpenVault
  let queue: DocumentQueue
  let documents: Documents
  let read: ReadDocument
  let woken: number

  beforeEach(async () => {
    vault = (await openTestVault(store.database)).vault
    woken = 0
    read = (source, how) => parseDocument(source, { limits, ...how })
    reopen()
  })
  afterEach(() => documents.close())

  /** As at a start of the program. */
  function reopen(db: Database = store.database): void {
    queue = new DocumentQueue({
      db,
      vault,
      blobs: store.blobs,
      read: (source, how) => read(source, how),
      onRead: () => {
        woken += 1
      },
      clock: systemClock,
      log: silentLog,
    })
    documents = new Documents({
      db: store.database,
      vault,
      blobs: store.blobs,
      queue,
      fetchAddress: async (address) => ({
        bytes: bytes('<html><title>A page</title><body><p>Words of it.</p>'),
        address,
      }),
      limits,
      log: silentLog,
    })
  }

  it('are kept, read and ready to be indexed, with structure and places', async () => {
    const { document, isNew } = await documents.addFile(bytes('# Optics\n\nLight bends.\n\n- one\n- two'), {
      name: 'a/Notes.md',
    })
    expect(isNew).toBe(true)
    expect(document).toMatchObject({ title: 'Notes', format: 'markdown', state: 'waiting', characters: 0 })
    await queue.idle()
    expect(await documents.get(document.id)).toMatchObject({ state: 'ready', error: null })
    const { blocks, total } = await documents.text(document.id, { limit: 10 })
    expect(total).toBe(4)
    expect(blocks.map(({ kind, text, start }) => [kind, text, start])).toEqual([
      ['heading', 'Optics', 0],
      ['paragraph', 'Light bends.', 8],
      ['list', 'one', 22],
      ['list', 'two', 27],
    ])
    expect(woken).toBe(1)
    expect(await countJobs(store.database, vault.id, INDEX_JOB)).toMatchObject({ waiting: 1 })
    expect(await documents.queueState()).toEqual({ pending: 0, failed: 0, paused: false })
    expect(await documents.file(document.id)).toEqual(bytes('# Optics\n\nLight bends.\n\n- one\n- two'))
  })

  it('has a text read for concepts once it is there, whatever was read of the document before', async () => {
    const gate = Promise.withResolvers<void>()
    read = async (source, how) => {
      await gate.promise
      return parseDocument(source, { limits, ...how })
    }
    await documents.addFile(bytes('Light bends.'), { name: 'optics.txt' })
    await store.database.query('delete from jobs where vault_id = $1 and kind = $2', [vault.id, CONCEPTS_JOB])
    gate.resolve()
    await queue.idle()
    expect(await countJobs(store.database, vault.id, CONCEPTS_JOB)).toMatchObject({ waiting: 1 })
  })

  it('come back from their bytes after a rebuild', async () => {
    const { document } = await documents.addText('Some pasted words.', undefined, {})
    await queue.idle()
    await vault.rebuild()
    await queue.idle()
    expect(await documents.get(document.id)).toMatchObject({ title: 'Some pasted words.', state: 'ready' })
    expect((await documents.text(document.id, { limit: 5 })).blocks).toMatchObject([{ text: 'Some pasted words.' }])
  })

  it('take the title of a page from the page', async () => {
    const { document } = await documents.addAddress('https://example.org/x', {})
    expect(document.title).toBe('https://example.org/x')
    await queue.idle()
    expect((await documents.get(document.id)).title).toBe('A page')
  })

  it('are refused at the door when there is nothing to keep', async () => {
    await expect(documents.addFile(new Uint8Array(), { name: 'a.pdf' })).rejects.toEqual(error('document-empty'))
    await expect(documents.addFile(new Uint8Array(limits.fileMb * 2 ** 20 + 1), { name: 'a' })).rejects.toEqual(
      error('document-too-large'),
    )
    await expect(documents.addFile(Uint8Array.from([0, 1, 2, 3, 255]), { name: 'a.txt' })).rejects.toEqual(
      error('document-not-supported'),
    )
    await expect(documents.addText(' \n', undefined, {})).rejects.toEqual(error('text-empty'))
  })

  it('are kept together, each with what became of it', async () => {
    await documents.addFile(bytes('Light bends.'), { name: 'optics.txt' })
    const results = await documents.addFiles(
      [
        { bytes: bytes('Cells divide.'), name: 'cells.txt', path: '/a/cells.txt' },
        { bytes: new Uint8Array(), name: 'empty.txt' },
        { bytes: bytes('Light bends.'), name: 'again.txt' },
        { bytes: bytes('Cells divide.'), name: 'copy.txt' },
      ],
      { tags: ['term'] },
    )
    expect(results).toMatchObject([
      { isNew: true, document: { title: 'cells', tags: ['term'] } },
      { error: { code: 'document-empty' } },
      { isNew: false, document: { title: 'optics', tags: ['term'] } },
      { isNew: false, document: { title: 'cells' } },
    ])
    await queue.idle()
    const { items } = await documents.list({}, { limit: 10 })
    expect(items.map(({ title, state, origins }) => [title, state, origins.map(({ name }) => name).sort()])).toEqual([
      ['cells', 'ready', ['cells.txt', 'copy.txt']],
      ['optics', 'ready', ['again.txt', 'optics.txt']],
    ])
    // The same place, told again, is one place.
    await documents.addFiles([{ bytes: bytes('Cells divide.'), name: 'cells.txt', path: '/a/cells.txt' }], {})
    expect((await documents.getMany([items[0]?.id ?? '', 'none']))[0]?.origins).toHaveLength(2)
    await expect(documents.addFiles([{ bytes: bytes('x'), name: 'x.txt' }], { collectionId: 'none' })).rejects.toEqual(
      error('not-found'),
    )
    expect(await documents.addFiles([{ bytes: new Uint8Array(), name: 'a' }], {})).toEqual([
      { error: error('document-empty') },
    ])
  })

  it('are kept where one of them meets an error that nobody foresaw', async () => {
    const bug = new TypeError('a bug')
    documents = new Documents({
      db: store.database,
      vault: {
        id: vault.id,
        library: {
          ...vault.library,
          add: async (given) => {
            if (given.some(({ title }) => title === 'unwritable')) throw bug
            return vault.library.add(given)
          },
        },
      },
      blobs: {
        ...store.blobs,
        put: async (source) => {
          if (source instanceof Uint8Array && source.length === 1) throw bug
          return store.blobs.put(source)
        },
      },
      queue,
      fetchAddress: () => Promise.reject(new Error('nothing is fetched here')),
      limits,
      log: silentLog,
    })
    const files = [
      { bytes: bytes('Cells divide.'), name: 'cells.txt' },
      { bytes: bytes('x'), name: 'unkeepable.txt' },
      { bytes: bytes('Stars shine.'), name: 'unwritable.txt' },
      { bytes: bytes('Light bends.'), name: 'optics.txt' },
    ]
    const internal = { error: expect.objectContaining({ name: 'LvaError', code: 'internal', cause: bug }) }
    expect(await documents.addFiles(files, {})).toEqual([
      { isNew: true, document: expect.objectContaining({ title: 'cells' }) },
      internal,
      internal,
      { isNew: true, document: expect.objectContaining({ title: 'optics' }) },
    ])
    await queue.idle()
    expect((await documents.list({ states: ['ready'] }, { limit: 10 })).items).toHaveLength(2)
    await expect(documents.addFile(bytes('x'), { name: 'unkeepable.txt' })).rejects.toEqual(error('internal'))
  })

  it('are not kept when the learner stops them before', async () => {
    const stopped = AbortSignal.abort()
    await expect(documents.addFiles([{ bytes: bytes('x'), name: 'x.txt' }], {}, stopped)).rejects.toThrow()
    expect((await documents.list({}, { limit: 10 })).items).toEqual([])
  })

  it('say why they failed, and are read again with a password', async () => {
    read = async ({ password }) => {
      if (password !== 'secret') throw new LvaError('document-locked', 'Locked.')
      return {
        title: '',
        pages: 1,
        text: 'open',
        blocks: [{ kind: 'paragraph', start: 0, end: 4, place: { page: 1 } }],
      }
    }
    const { document } = await documents.addFile(bytes('%PDF-1.4 locked'), { name: 'a.pdf' })
    await queue.idle()
    expect(await documents.get(document.id)).toMatchObject({ state: 'failed', error: { code: 'document-locked' } })
    expect(await documents.queueState()).toMatchObject({ pending: 0, failed: 1 })
    await queue.retry([document.id], 'secret')
    await queue.idle()
    expect(await documents.get(document.id)).toMatchObject({ state: 'ready', error: null, pages: 1 })
  })

  it('are read once more when somebody asks, as by another recogniser', async () => {
    const words = (text: string) => ({
      title: '',
      pages: null,
      text,
      blocks: [{ kind: 'paragraph' as const, start: 0, end: text.length, place: { second: 0, endSecond: 1 } }],
    })
    read = async () => words('plans turn light')
    const { document } = await documents.addFile(bytes('plain words'), { name: 'lecture.txt' })
    await queue.idle()
    read = async () => words('plants turn light')
    await queue.retry([document.id])
    await queue.idle()
    expect((await documents.text(document.id, { limit: 100 })).blocks[0]).toMatchObject({ text: 'plans turn light' })
    await queue.retry([document.id], undefined, true)
    await queue.idle()
    expect((await documents.text(document.id, { limit: 100 })).blocks[0]).toMatchObject({ text: 'plants turn light' })
  })

  describe('of sound, heard again', () => {
    const heard = (text: string, heardBy: string) => ({
      title: '',
      pages: null,
      text,
      blocks: [{ kind: 'paragraph' as const, start: 0, end: text.length, place: { second: 0, endSecond: 1 } }],
      heardBy,
    })
    const textOf = async (id: string) => (await documents.text(id, { limit: 9 })).blocks.map(({ text }) => text)
    let id: string

    beforeEach(async () => {
      read = async () => heard('plans turn light', 'tiny')
      id = (await documents.addFile(bytes('as if it were sound'), { name: 'lecture.txt' })).document.id
      await queue.idle()
    })

    it('keep the transcript of before, which can be put back, and the new one again', async () => {
      expect(await documents.transcripts(id)).toMatchObject({ present: { heardBy: 'tiny' }, earlier: null })
      await expect(queue.exchangeTranscripts(id)).rejects.toEqual(error('not-found'))
      read = async ({ recogniser = '' }) => heard('plants turn light', recogniser)
      await queue.retry([id], undefined, true, 'base')
      await queue.idle()
      expect(await documents.transcripts(id)).toEqual({
        present: { heardBy: 'base', readAt: expect.any(String) },
        earlier: { heardBy: 'tiny', readAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
      })
      woken = 0
      await queue.exchangeTranscripts(id)
      expect(await textOf(id)).toEqual(['plans turn light'])
      expect(await documents.transcripts(id)).toMatchObject({
        present: { heardBy: 'tiny' },
        earlier: { heardBy: 'base' },
      })
      expect(woken).toBe(1)
      await queue.exchangeTranscripts(id)
      expect(await textOf(id)).toEqual(['plants turn light'])
    })

    it('survive the end of the program in the middle: what was heard stays, and who was asked hears', async () => {
      const asked: (string | undefined)[] = []
      const started = Promise.withResolvers<void>()
      read = (_, { signal }) => {
        started.resolve()
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      }
      await queue.retry([id], undefined, true, 'base')
      await started.promise
      await documents.close()
      read = async ({ recogniser }) => {
        asked.push(recogniser)
        throw new LvaError('model-not-there', 'Not there.')
      }
      reopen()
      await queue.idle()
      expect(asked).toEqual(['base'])
      expect(await documents.get(id)).toMatchObject({ state: 'ready', error: { code: 'model-not-there' } })
      expect(await textOf(id)).toEqual(['plans turn light'])
    })

    it('the same words by another recogniser leave nothing to be put back', async () => {
      read = async () => heard('plans turn light', 'base')
      await queue.retry([id], undefined, true)
      await queue.idle()
      expect(await documents.transcripts(id)).toMatchObject({ present: { heardBy: 'base' }, earlier: null })
    })

    it('other bytes have no transcript of before', async () => {
      read = async () => heard('plants turn light', 'base')
      await queue.retry([id], undefined, true)
      await queue.idle()
      read = async () => heard('something else', 'base')
      await vault.library.setVersion(id, await documents.keepBytes(bytes('another sound'), 'lecture.txt'))
      await queue.idle()
      expect(await textOf(id)).toEqual(['something else'])
      expect(await documents.transcripts(id)).toMatchObject({ earlier: null })
    })

    it('bytes in which nothing is heard leave nothing of the transcript of before either', async () => {
      const kept = () => store.database.query('select text from earlier_transcripts where document_id = $1', [id])
      read = async () => heard('plants turn light', 'base')
      await queue.retry([id], undefined, true)
      await queue.idle()
      expect(await kept()).toEqual([{ text: 'plans turn light' }])
      read = (source, how) => parseDocument(source, { limits, ...how })
      await vault.library.setVersion(id, await documents.keepBytes(bytes('plain words'), 'lecture.txt'))
      await queue.idle()
      expect(await textOf(id)).toEqual(['plain words'])
      expect(await kept()).toEqual([])
    })
  })

  it('keep what was read where reading them again fails or is cancelled, and say why it failed', async () => {
    const { document } = await documents.addFile(bytes('plain words'), { name: 'lecture.txt' })
    await queue.idle()
    const text = await documents.text(document.id, { limit: 100 })
    expect(text.total).toBeGreaterThan(0)
    read = async () => {
      throw new LvaError('model-not-there', 'Not there.')
    }
    await queue.retry([document.id], undefined, true, 'gone')
    await queue.idle()
    expect(await documents.get(document.id)).toMatchObject({ state: 'ready', error: { code: 'model-not-there' } })
    expect(await documents.text(document.id, { limit: 100 })).toEqual(text)
    expect(await documents.queueState()).toMatchObject({ pending: 0, failed: 0 })

    queue.pause()
    await queue.retry([document.id], undefined, true)
    expect(await documents.get(document.id)).toMatchObject({ state: 'waiting', error: null })
    await queue.cancel([document.id])
    queue.resume()
    await queue.idle()
    expect(await documents.get(document.id)).toMatchObject({ state: 'ready', error: null })
    expect(await documents.text(document.id, { limit: 100 })).toEqual(text)
  })

  it('are read with the password that comes with them, also when they are added once more', async () => {
    const open = {
      title: '',
      pages: 1,
      text: 'open',
      blocks: [{ kind: 'paragraph' as const, start: 0, end: 4, place: { page: 1 } }],
    }
    read = async ({ password }) => {
      if (password === 'secret') return open
      throw new LvaError(password === undefined ? 'document-locked' : 'document-password-wrong', 'Locked.')
    }
    const state = async (content: string, password?: string) => {
      const { document } = await documents.addFile(bytes(content), { name: 'a.pdf', password })
      await queue.idle()
      const { state: reached, error: why } = await documents.get(document.id)
      return why?.code ?? reached
    }
    expect(await state('%PDF-1.4 at once', 'secret')).toBe('ready')
    expect(await state('%PDF-1.4 later')).toBe('document-locked')
    expect(await state('%PDF-1.4 later', 'guess')).toBe('document-password-wrong')
    expect(await state('%PDF-1.4 later', 'secret')).toBe('ready')
    // The first one was no other document.
    expect(await documents.queueState()).toMatchObject({ pending: 0, failed: 0 })
  })

  it('wait while the queue is paused, and are taken out of it', async () => {
    const begun = Promise.withResolvers<void>()
    let readings = 0
    read = (_, { signal, onProgress }) => {
      readings += 1
      if (readings > 1) return Promise.reject(new LvaError('document-damaged', 'Damaged.'))
      onProgress(1, 4)
      begun.resolve()
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    }
    const { document } = await documents.addFile(bytes('first'), { name: 'a.txt' })
    await begun.promise
    expect(await documents.get(document.id)).toMatchObject({ state: 'reading', progress: { done: 1, total: 4 } })
    queue.pause()
    await queue.idle()
    expect(await documents.get(document.id)).toMatchObject({ state: 'waiting', progress: null })
    await queue.cancel([document.id])
    queue.resume()
    await queue.idle()
    expect(await documents.get(document.id)).toMatchObject({ state: 'cancelled' })
    expect(readings).toBe(1)
  })

  it('are taken together when they are small: one that fails or is taken out leaves the others alone', async () => {
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const seen: string[] = []
    read = async (source, how) => {
      seen.push(source.name)
      if (source.name === 'b.txt') throw new LvaError('document-damaged', 'Damaged.')
      if (source.name === 'c.txt') {
        begun.resolve()
        await goOn.promise
      }
      return parseDocument(source, { limits, ...how })
    }
    queue.pause()
    const ids: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      ids.push((await documents.addFile(bytes(`Text ${name}.`), { name: `${name}.txt` })).document.id)
    }
    const states = () => Promise.all(ids.map(async (id) => (await documents.get(id)).state))
    expect(await countJobs(store.database, vault.id, INDEX_JOB)).toMatchObject({ waiting: 0 })
    queue.resume()
    await begun.promise
    await queue.cancel([ids[3] as string])
    goOn.resolve()
    await queue.idle()
    expect(await states()).toEqual(['ready', 'failed', 'ready', 'cancelled', 'ready'])
    expect(seen).toEqual(['a.txt', 'b.txt', 'c.txt', 'e.txt'])
    expect(await countJobs(store.database, vault.id, INDEX_JOB)).toMatchObject({ waiting: 3 })
    expect(await countJobs(store.database, vault.id, CONCEPTS_JOB)).toMatchObject({ waiting: 3 })
    expect(await documents.queueState()).toMatchObject({ pending: 0, failed: 1 })
  })

  it('are counted once while one after the other is read, and rightly', async () => {
    await queue.close()
    let counted = 0
    const { database } = store
    const watched: Database = {
      ...database,
      query: (...question: Parameters<Database['query']>) => {
        if (question[0].includes('as pending')) counted += 1
        return database.query(...question)
      },
      transaction: (task: Parameters<Database['transaction']>[0]) => database.transaction(task),
    } as Database
    const known: number[] = []
    read = async (source, how) => {
      known.push((await queue.state()).pending)
      if (source.name.startsWith('3')) throw new LvaError('document-damaged', 'Damaged.')
      return parseDocument(source, { limits, ...how })
    }
    reopen(watched)
    queue.pause()
    const names = Array.from({ length: 40 }, (_, index) => `${index}.txt`)
    await documents.addFiles(
      names.map((name) => ({ bytes: bytes(`Text ${name}.`), name })),
      {},
    )
    expect(await queue.state()).toEqual({ pending: 40, failed: 0, paused: true })
    const before = counted
    queue.resume()
    await queue.idle()
    expect(await queue.state()).toEqual({ pending: 0, failed: 11, paused: false })
    expect(counted).toBe(before)
    expect(known).toEqual([...known].sort((a, b) => b - a))
    reopen()
    expect(await queue.state()).toEqual({ pending: 0, failed: 11, paused: false })
  })

  it('are stored without a look at all the others', async () => {
    await queue.close()
    const asked: Parameters<Queries['query']>[] = []
    const { database } = store
    const watched: Database = {
      ...database,
      query: (...question: Parameters<Database['query']>) => database.query(...question),
      transaction: (task: Parameters<Database['transaction']>[0]) =>
        database.transaction((tx) =>
          task({
            ...tx,
            query: (...question: Parameters<Queries['query']>) => {
              asked.push(question)
              return tx.query(...question)
            },
          } as Queries),
        ),
    } as Database
    await database.query(
      `insert into document_texts (vault_id, document_id, sha256, state)
       select $1, 'other-' || number, 'none', 'ready' from generate_series(1, 3000) as number`,
      [vault.id],
    )
    reopen(watched)
    await documents.addText('Some pasted words.', undefined, {})
    await queue.idle()
    const stored = asked.find(([text]) => text.includes(`set state = 'ready'`))
    const [text, params] = stored ?? ['']
    const plan = await database.query<{ 'QUERY PLAN': string }>(`explain ${text}`, params)
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Cond: .*document_id = ANY/)
  })

  it('keep what was read when the queue pauses in the middle, and read the rest after it', async () => {
    const begun = Promise.withResolvers<void>()
    let isHeld = true
    read = (source, how) => {
      if (source.name === 'a.txt' || !isHeld) return parseDocument(source, { limits, ...how })
      begun.resolve()
      return new Promise((_resolve, reject) =>
        how.signal.addEventListener('abort', () => reject(how.signal.reason as Error)),
      )
    }
    queue.pause()
    const ids: string[] = []
    for (const name of ['a', 'b', 'c']) {
      ids.push((await documents.addFile(bytes(`Text ${name}.`), { name: `${name}.txt` })).document.id)
    }
    const states = () => Promise.all(ids.map(async (id) => (await documents.get(id)).state))
    queue.resume()
    await begun.promise
    queue.pause()
    await queue.idle()
    expect(await states()).toEqual(['ready', 'waiting', 'waiting'])
    isHeld = false
    queue.resume()
    await queue.idle()
    expect(await states()).toEqual(['ready', 'ready', 'ready'])
  })

  it('are filtered and paged', async () => {
    const collection = await vault.library.createCollection('Physics')
    const one = await documents.addText('one', 'First light', { collectionId: collection.id })
    const two = await documents.addText('two', 'Second', { tags: ['exam'] })
    await queue.idle()
    const ids = async (filter: Parameters<Documents['list']>[0]) =>
      (await documents.list(filter, { limit: 10 })).items.map(({ id }) => id)
    expect(await ids({ collectionId: collection.id })).toEqual([one.document.id])
    expect(await ids({ tag: 'exam' })).toEqual([two.document.id])
    expect(await ids({ title: 'LIGHT first' })).toEqual([one.document.id])
    expect(await ids({ states: ['failed'] })).toEqual([])
    const first = await documents.list({}, { limit: 1 })
    const second = await documents.list({}, { limit: 1, cursor: first.next })
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual(
      [one.document.id, two.document.id].sort(),
    )
    expect(second.next).toBeNull()
  })

  describe('of a watched folder', () => {
    let folder: string
    let dataDir: string
    let folders: WatchedFolders

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lva-watched-'))
      dataDir = await mkdtemp(join(tmpdir(), 'lva-data-'))
      folders = new WatchedFolders({
        db: store.database,
        vault,
        documents,
        dataDir,
        fileMb: limits.fileMb,
        clock: systemClock,
        newId: idMaker(systemClock, seededRandom(7)),
        log: silentLog,
      })
    })
    afterEach(async () => {
      await folders.close()
      await rm(folder, { recursive: true, force: true })
      await rm(dataDir, { recursive: true, force: true })
    })

    const titles = async () => (await documents.list({}, { limit: 50 })).items.map(({ title }) => title).sort()

    it('follow their files: new, changed, gone and back', async () => {
      await mkdir(join(folder, 'deep'))
      await writeFile(join(folder, 'deep', 'one.txt'), 'first version')
      await writeFile(join(folder, 'random.bin'), Uint8Array.from([0, 1, 2]))
      const { id } = await folders.add(folder, undefined)
      expect(await folders.scan(id)).toMatchObject({ files: 1, refused: 1, missing: 0, state: 'watching' })
      expect(await folders.refused(id)).toEqual([
        { path: 'random.bin', error: { code: 'document-not-supported', params: {} } },
      ])
      expect(await titles()).toEqual(['one'])
      const [document] = (await documents.list({}, { limit: 1 })).items
      await writeFile(join(folder, 'deep', 'one.txt'), 'second version, longer')
      await folders.scan(id)
      await queue.idle()
      const changed = await documents.get(document?.id ?? '')
      expect(changed.sha256).not.toBe(document?.sha256)
      expect((await documents.text(changed.id, { limit: 1 })).blocks[0]?.text).toBe('second version, longer')
      await rm(join(folder, 'deep', 'one.txt'))
      expect(await folders.scan(id)).toMatchObject({ files: 0, missing: 1 })
      expect((await documents.get(changed.id)).missingAt).not.toBeNull()
      await writeFile(join(folder, 'deep', 'one.txt'), 'second version, longer')
      await folders.scan(id)
      expect((await documents.get(changed.id)).missingAt).toBeNull()
      await folders.remove(id)
      expect(await titles()).toEqual(['one'])
      expect(await folders.list()).toEqual([])
    })

    it('that change between being seen and being read are read whole a little later', async () => {
      await writeFile(join(folder, 'one.txt'), 'one')
      await writeFile(join(folder, 'two.txt'), 'two, half written')
      const keepBytes = documents.keepBytes.bind(documents)
      documents.keepBytes = async (given, name) => {
        documents.keepBytes = keepBytes
        // Both were seen; whichever is taken first, the other one changes.
        const other = name === 'one.txt' ? 'two.txt' : 'one.txt'
        await writeFile(join(folder, other), 'the whole of it')
        return keepBytes(given, name)
      }
      const { id } = await folders.add(folder, undefined)
      await folders.scan(id)
      await folders.idle()
      await queue.idle()
      expect(await folders.scan(id)).toMatchObject({ files: 2, refused: 0 })
      const texts = await Promise.all(
        (await documents.list({}, { limit: 5 })).items.map(({ id: of }) => documents.text(of, { limit: 5 })),
      )
      expect(texts.map(({ blocks }) => blocks[0]?.text)).toContain('the whole of it')
      expect(texts).toHaveLength(2)
    })

    it('are never those behind a link, nor our own data', async () => {
      await writeFile(join(dataDir, 'secret.txt'), 'outside')
      await symlink(dataDir, join(folder, 'link'))
      await symlink(join(dataDir, 'secret.txt'), join(folder, 'link.txt'))
      await writeFile(join(folder, 'inside.txt'), 'inside')
      const { id } = await folders.add(folder, undefined)
      await folders.scan(id)
      expect(await titles()).toEqual(['inside'])
      await expect(folders.add(dataDir, undefined)).rejects.toEqual(error('bad-input'))
      await expect(folders.add(join(folder, 'link'), undefined)).rejects.toEqual(error('bad-input'))
      await expect(folders.add(join(folder, 'none'), undefined)).rejects.toEqual(error('folder-unreadable'))
      await expect(folders.add(folder, undefined)).rejects.toEqual(error('bad-input'))
    })

    it('have any name that the system knows, and are left out when they have none', async () => {
      const names = ['two\nlines.txt', '\u202Etxt.exe.txt', `${'n'.repeat(240)}.txt`, 'a"b\\c\'d.txt']
      for (const name of names) await writeFile(join(folder, name), `words of ${name}`)
      const long = join(folder, 'd'.repeat(200), 'e'.repeat(200), 'f'.repeat(200))
      await mkdir(long, { recursive: true })
      await writeFile(join(long, 'deep.txt'), 'deep')
      // No text in any encoding that we could ask for again.
      const raw = (name: number[]) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)])
      await writeFile(raw([0xff, 0xfe, 0x2e, 0x74, 0x78, 0x74]), 'nameless').catch(() => undefined)
      await mkdir(raw([0xff, 0x64])).catch(() => undefined)
      const { id } = await folders.add(folder, undefined)
      expect(await folders.scan(id)).toMatchObject({ files: 5, refused: 0, state: 'watching' })
      await queue.idle()
      const { items } = await documents.list({}, { limit: 50 })
      expect(items.map(({ state }) => state)).toEqual(items.map(() => 'ready'))
      expect(items).toHaveLength(5)
    })

    it('end where a link leads back into the folder', async () => {
      await mkdir(join(folder, 'deep'))
      await symlink(folder, join(folder, 'deep', 'round'))
      await writeFile(join(folder, 'deep', 'one.txt'), 'once')
      const { id } = await folders.add(folder, undefined)
      expect(await folders.scan(id)).toMatchObject({ files: 1, state: 'watching' })
    })

    // Root may look into everything.
    it.runIf(process.getuid?.() !== 0)('are not gone when their part of the folder is closed', async () => {
      await mkdir(join(folder, 'closed'))
      await writeFile(join(folder, 'closed', 'one.txt'), 'kept')
      await writeFile(join(folder, 'open.txt'), 'open')
      const { id } = await folders.add(folder, undefined)
      await folders.scan(id)
      await chmod(join(folder, 'closed'), 0o000)
      const state = await folders.scan(id).finally(() => chmod(join(folder, 'closed'), 0o700))
      expect(state).toMatchObject({ state: 'watching', missing: 0 })
    })

    it('stay when the whole folder is gone for a while', async () => {
      await writeFile(join(folder, 'one.txt'), 'text')
      const { id } = await folders.add(folder, undefined)
      await folders.scan(id)
      await rm(folder, { recursive: true })
      expect(await folders.scan(id)).toMatchObject({ state: 'unreachable', files: 1, missing: 0 })
    })

    it('of equal bytes are one document until one of the files changes', async () => {
      await writeFile(join(folder, 'a.txt'), 'same')
      await writeFile(join(folder, 'b.txt'), 'same')
      const { id } = await folders.add(folder, undefined)
      await folders.scan(id)
      expect((await documents.list({}, { limit: 5 })).items).toHaveLength(1)
      await writeFile(join(folder, 'b.txt'), 'other')
      await utimes(join(folder, 'b.txt'), 1, 1)
      await folders.scan(id)
      expect((await documents.list({}, { limit: 5 })).items).toHaveLength(2)
    })
  })
})
