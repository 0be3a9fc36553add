import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import type { ManualClock } from '../kernel/index.ts'
import type { Store } from '../store/index.ts'
import type { OpenVault } from './index.ts'

const SHA = 'a'.repeat(64)
const OTHER = 'b'.repeat(64)
const WORDS = 'CANARY photosystem'

describe('the study timeline of a vault', () => {
  let store: Store
  let vault: OpenVault
  let clock: ManualClock

  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())
  beforeEach(async () => {
    ;({ vault, clock } = await openTestVault(store.database))
  })

  const add = (sha256: string, at = new Date(clock.now()).toISOString()) =>
    vault.screens.add({
      picture: { sha256, mediaType: 'image/webp', width: 8, height: 8 },
      reading: { text: WORDS, blocks: [], language: 'eng', at },
      app: 'Lecture',
      at,
    })
  const stored = () =>
    store.database.query<{ doc: string; update: Uint8Array }>(
      'select doc, "update" from doc_updates where vault_id = $1',
      [vault.id],
    )
  const holding = async () =>
    (await stored()).filter(({ update }) => Buffer.from(update).includes('CANARY')).map(({ doc }) => doc)

  it('keeps a frame as a capture with what was read, in no list of sessions and no step of undo', async () => {
    const { id } = await add(SHA)
    const capture = await vault.captures.get(id)
    expect(capture).toMatchObject({ source: 'screen', userText: '', metadata: { app: 'Lecture' } })
    expect(capture.pictures?.[0]?.reading?.text).toBe(WORDS)
    expect((await vault.sessions.list({ limit: 10 })).items).toEqual([])
    expect(await vault.undo()).toBeNull()
  })

  it('forgets a frame for good: no row, no stored update has a word of it, and the others stay', async () => {
    const { id } = await add(SHA)
    const kept = await add(OTHER)
    const said = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'beside it' })
    expect(await holding()).toHaveLength(2)
    expect(await vault.screens.forget([id, said.id, 'unknown'])).toBe(1)
    await expect(vault.captures.get(id)).rejects.toMatchObject({ code: 'not-found' })
    expect((await vault.captures.get(kept.id)).pictures).toHaveLength(1)
    expect((await vault.captures.get(said.id)).userText).toBe('beside it')
    await vault.screens.forget([kept.id])
    expect(await holding()).toEqual([])
  })

  it('stays forgotten after a rebuild, and when another device still has it', async () => {
    const { id } = await add(SHA)
    const [name = ''] = (await vault.documents.names()).filter((each) => each.startsWith('screens:'))
    const elsewhere = await vault.documents.updateSince(name)
    await vault.screens.forget([id])
    await vault.documents.apply(name, elsewhere)
    await vault.rebuild(() => undefined)
    await expect(vault.captures.get(id)).rejects.toMatchObject({ code: 'not-found' })
    expect(await holding()).toEqual([])
  })

  it('tells the frames of a stretch of time', async () => {
    const first = await add(SHA, '2026-11-03T09:00:00.000Z')
    const second = await add(OTHER, '2026-11-03T09:10:00.000Z')
    expect(await vault.screens.between('2026-11-03T09:00:00Z', '2026-11-03T09:10:00Z')).toEqual([
      { id: first.id, sha256: SHA },
    ])
    expect(await vault.screens.between('2026-11-03T09:05:00Z', '2026-11-04T00:00:00Z')).toEqual([
      { id: second.id, sha256: OTHER },
    ])
  })
})
