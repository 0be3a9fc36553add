import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'
import type { CapturePicture, PictureReading } from './types.ts'

const at = '2026-11-03T09:15:00.000Z'
const picture = (digit: string): CapturePicture => ({
  sha256: digit.repeat(64),
  mediaType: 'image/png',
  width: 300,
  height: 200,
})
const reading = (text: string): PictureReading => ({
  text,
  blocks: [
    {
      ...{ kind: 'paragraph', start: 0, end: text.length, place: { page: 1, box: [0.1, 0.2, 0.3, 0.1] } },
      lines: [[0, text.length, 1, 0.1, 0.2, 0.3, 0.1]],
    },
  ],
  language: 'eng',
  at,
})

describe('pictures of a capture', () => {
  let store: Store
  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store.close())

  it('keep what was read in them, on every device and after a rebuild', async () => {
    const { vault, reopen } = await openTestVault(store.database)
    const { id } = await vault.captures.add({
      ...{ sessionId: 's', source: 'text', userText: 'What is this?', pictures: [picture('a'), picture('b')] },
    })
    await vault.captures.setPicture(id, 'b'.repeat(64), { reading: reading('Words') })
    const known = await vault.captures.setPicture(id, 'a'.repeat(64), {
      description: { text: 'A cell', model: 'm', at },
    })
    expect(known.pictures).toEqual([
      { ...picture('a'), description: { text: 'A cell', model: 'm', at } },
      { ...picture('b'), reading: reading('Words') },
    ])
    const again = await reopen()
    expect(await again.captures.get(id)).toEqual(known)
    await again.rebuild()
    expect(await again.captures.get(id)).toEqual(known)
    await expect(again.captures.setPicture(id, 'c'.repeat(64), { reading: reading('x') })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('may be all that was said, and are not left out where another device wrote oddly', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await vault.captures.add({ sessionId: 's', source: 'text', userText: ' ', pictures: [picture('a')] })
    await expect(vault.captures.edit(id, { userText: '' })).resolves.toMatchObject({ userText: '' })
    await expect(vault.captures.add({ sessionId: 's', source: 'text', userText: ' ' })).rejects.toMatchObject({
      code: 'text-empty',
    })
    const odd = { text: 'Words', blocks: [{ start: 2, end: 99 }, 7, { start: 0, end: 3, lines: [[1, 2]] }], at }
    const { pictures } = await vault.captures.setPicture(id, 'a'.repeat(64), {
      reading: odd as unknown as PictureReading,
    })
    expect(pictures?.[0]?.reading).toEqual({
      ...{ text: 'Words', language: '', at },
      blocks: [{ kind: 'paragraph', start: 0, end: 3, place: { page: 1 } }],
    })
  })
})
