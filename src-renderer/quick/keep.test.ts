import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../src-core/contract/index.ts'
import { draftPicture } from '../pictures/draft-picture.ts'
import { Draft } from '../talk/draft.ts'
import { type KeepProcedures, keepDraft, quickSession } from './keep.ts'

it('names one session a day, by the local date', () => {
  expect(quickSession(new Date(2026, 0, 9, 23, 59))).toBe('quick-2026-01-09')
})

describe('a draft that is kept', () => {
  const add = vi.fn<Client['captures']['add']>()
  const addDocument = vi.fn<Client['documents']['add']>()
  const client: KeepProcedures = {
    captures: { add },
    pictures: { add: vi.fn(async () => ({ sha256: 'ab' })) as unknown as Client['pictures']['add'] },
    documents: { add: addDocument },
  }
  const file = (name: string) => new File(['words'], name)
  const draftOf = (text: string) => {
    const draft = new Draft()
    draft.write(text)
    return draft
  }
  beforeEach(() => {
    add.mockReset()
    addDocument.mockReset()
  })

  it('is a capture of words and pictures, and a document of each file', async () => {
    const draft = draftOf(' Osmosis ')
    draft.show([draftPicture(new Blob(['pixels']))])
    const kept: string[] = []
    await keepDraft(client, draft.present, [file('a.pdf'), file('b.md')], ({ name }) => kept.push(name))
    expect(kept).toEqual(['a.pdf', 'b.md'])
    expect(addDocument.mock.calls.map(([{ name }]) => name)).toEqual(['a.pdf', 'b.md'])
    expect(add).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ text: 'Osmosis', pictures: ['ab'] }))
  })

  it('is no capture where there are files alone', async () => {
    await keepDraft(client, draftOf('  ').present, [file('a.pdf')], () => undefined)
    expect(addDocument).toHaveBeenCalledOnce()
    expect(add).not.toHaveBeenCalled()
  })

  it('keeps nothing after a file that is refused, and tells which were kept before it', async () => {
    addDocument.mockResolvedValueOnce({} as never).mockRejectedValueOnce(new Error('too large'))
    const kept: string[] = []
    const files = ['a.pdf', 'large.pdf', 'c.pdf'].map(file)
    const keeping = keepDraft(client, draftOf('words').present, files, ({ name }) => kept.push(name))
    await expect(keeping).rejects.toThrow('too large')
    expect(kept).toEqual(['a.pdf'])
    expect(add).not.toHaveBeenCalled()
  })
})
