import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { animatedGif, plainPicture, pngHeader, withExif } from '../../../test/made-pictures.ts'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { configSchema, LvaError, type ManualClock, silentLog } from '../../kernel/index.ts'
import { type BlobStore, memoryBlobs, type Store } from '../../store/index.ts'
import type { OpenVault } from '../../vault/index.ts'
import type { RemoteReader } from '../documents/remote-reader.ts'
import { Pictures } from './pictures.ts'
import type { PictureWork } from './work.ts'

const DAY = 24 * 3_600_000
const LIMITS = configSchema.parse({ pictures: { perTurn: 2, fileMb: 1, megapixels: 1 } }).pictures
const READ = {
  text: 'Photosystem II splits water.',
  blocks: [
    {
      ...{ kind: 'paragraph' as const, start: 0, end: 28, place: { page: 1, box: [0.1, 0.2, 0.5, 0.05] as const } },
      lines: [[0, 28, 1, 0.1, 0.2, 0.5, 0.05]],
    },
  ],
}

describe('Pictures', () => {
  let store: Store
  let vault: OpenVault
  let clock: ManualClock
  let blobs: BlobStore
  let pictures: Pictures
  let looked: PictureWork[]
  let failure: LvaError | undefined
  /** So many calls end the process. */
  let failing: number

  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    ;({ vault, clock } = await openTestVault(store.database))
    blobs = memoryBlobs()
    looked = []
    failure = undefined
    failing = 0
    pictures = openPictures()
  })

  function openPictures() {
    const look = async (_bytes: Uint8Array, work: PictureWork) => {
      looked.push(work)
      if (looked.length <= failing) throw new LvaError('document-too-complex', 'The process ended.')
      if (failure) throw failure
      if (work.kind === 'inspect') return { found: [{ kind: 'card', box: [0.1, 0.2, 0.3, 0.1] }] }
      return work.kind === 'read' ? READ : { width: 60, height: 40 }
    }
    return new Pictures({
      ...{ db: store.database, vault, blobs, clock, limits: LIMITS, log: silentLog },
      look: look as RemoteReader['look'],
      language: async () => 'deu',
    })
  }

  const capture = async (hashes: string[]) =>
    vault.captures.add({ sessionId: 's', source: 'text', userText: '', pictures: await pictures.take(hashes) })

  it('says where secrets stand in a picture, and keeps nothing of it', async () => {
    expect(await pictures.inspect(plainPicture('image/png'))).toEqual([{ kind: 'card', box: [0.1, 0.2, 0.3, 0.1] }])
    expect(looked).toEqual([{ kind: 'inspect', language: 'deu' }])
    expect(await store.database.query('select from picture_blobs where vault_id = $1', [vault.id])).toEqual([])
  })

  it('keeps a picture for the capture that names it, beside which the text may be empty', async () => {
    const added = await pictures.add(plainPicture('image/png'))
    const { id, pictures: held } = await capture([added.sha256])
    expect(held).toEqual([{ sha256: added.sha256, mediaType: 'image/png', width: 60, height: 40 }])
    expect(await pictures.file(id, added.sha256)).toMatchObject({ mediaType: 'image/png' })
  })

  it('counts a picture that lies on its side as it is looked at', async () => {
    const sha256 = await blobs.put(withExif(plainPicture('image/jpeg'), 6))
    expect(await pictures.take([sha256])).toEqual([{ sha256, mediaType: 'image/jpeg', width: 40, height: 60 }])
  })

  it.each([
    ['no bytes', Buffer.alloc(0), 'picture-empty'],
    ['words', Buffer.from('no picture at all, though named .png'), 'picture-not-supported'],
    ['20,000 by 20,000 pixels', pngHeader(20_000, 20_000), 'picture-too-many-pixels'],
    ['too many bytes', Buffer.concat([plainPicture('image/png'), Buffer.alloc(1_100_000)]), 'picture-too-large'],
  ])('refuses %s before it is decoded', async (_, bytes, code) => {
    await expect(pictures.add(bytes)).rejects.toMatchObject({ code })
    expect(looked).toEqual([])
  })

  it('refuses one that no decoder understands, and keeps nothing of it', async () => {
    failure = new LvaError('document-too-complex', 'The process ended.')
    await expect(pictures.add(animatedGif())).rejects.toMatchObject({ code: 'picture-damaged' })
    for await (const name of blobs.list()) expect.fail(`kept ${name}`)
  })

  it('tries once more where the process ended', async () => {
    failing = 1
    await expect(pictures.add(plainPicture('image/png'))).resolves.toMatchObject({ width: 60 })
    expect(looked).toHaveLength(2)
  })

  it('takes so many pictures for one capture, and none twice', async () => {
    const hashes = []
    for (const side of [10, 20, 30]) hashes.push((await pictures.add(plainPicture('image/png', side))).sha256)
    await expect(pictures.take(hashes)).rejects.toMatchObject({ code: 'too-many-pictures', params: { limit: 2 } })
    expect(await pictures.take([hashes[0] ?? '', hashes[0] ?? ''])).toHaveLength(1)
    await expect(pictures.take(['f'.repeat(64)])).rejects.toMatchObject({ code: 'not-found' })
  })

  it('gives no picture to whoever does not name a capture that has it', async () => {
    const { sha256 } = await pictures.add(plainPicture('image/png'))
    const other = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'x' })
    await expect(pictures.file(other.id, sha256)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('reads a picture once however many ask, and again in another language', async () => {
    const { sha256 } = await pictures.add(plainPicture('image/png'))
    const added = await capture([sha256])
    const [read] = await Promise.all([pictures.readNew(added), pictures.readNew(added)])
    expect(read.pictures?.[0]?.reading).toMatchObject({ text: READ.text, language: 'deu' })
    expect(looked.filter(({ kind }) => kind === 'read')).toHaveLength(1)
    await pictures.readNew(read)
    expect(looked.filter(({ kind }) => kind === 'read')).toHaveLength(1)
    const again = await pictures.read(added.id, sha256, 'spa')
    expect(again.pictures?.[0]?.reading?.language).toBe('spa')
    expect(await vault.captures.get(added.id)).toEqual(again)
  })

  it('reads at the next start what could not be read', async () => {
    const { sha256 } = await pictures.add(plainPicture('image/png'))
    const added = await capture([sha256])
    failure = new LvaError('document-took-too-long', 'Too long.')
    expect((await pictures.readNew(added)).pictures?.[0]?.reading).toBeUndefined()
    failure = undefined
    await openPictures().catchUp()
    expect((await vault.captures.get(added.id)).pictures?.[0]?.reading?.text).toBe(READ.text)
  })

  it('removes the bytes of pictures that were never sent, and of deleted ones once they cannot be restored, and no others', async () => {
    const [kept, deleted, unsent] = await Promise.all(
      [10, 20, 30].map(async (side) => (await pictures.add(plainPicture('image/png', side))).sha256),
    )
    const shared = await pictures.add(plainPicture('image/png', 40))
    await vault.library.add([
      {
        sha256: shared.sha256,
        format: 'image',
        size: 1,
        title: 'x',
        origin: { kind: 'file', name: 'x', address: null },
      },
    ])
    await capture([kept as string])
    const gone = await capture([deleted as string])
    await vault.captures.delete([gone.id])
    await openPictures().catchUp()
    expect(await blobs.has(unsent as string)).toBe(true)
    clock.advance(2 * DAY)
    await openPictures().catchUp()
    const still = () => Promise.all([kept, deleted, unsent, shared.sha256].map((name) => blobs.has(name as string)))
    expect(await still()).toEqual([true, true, false, true])
    await vault.forgetting.forget(() => true, 'proposals')
    await openPictures().catchUp()
    expect(await still()).toEqual([true, false, false, true])
  })
})
