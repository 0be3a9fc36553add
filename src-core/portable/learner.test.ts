import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPortableWorld } from '../../test/portable-world.ts'
import { openTestStore } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'

let store: Store
let folder: string
const still = new AbortController().signal
const quiet = () => undefined
beforeAll(async () => {
  store = await openTestStore()
  folder = mkdtempSync(join(tmpdir(), 'lva-learner-'))
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

it('carries what is known of the learner and their cards, which wait there for their word, and nothing that was forgotten', async () => {
  const from = await openPortableWorld(store, folder, 1)
  const { memories, captures, cards } = from.vault
  const said = 'I prefer examples from music.'
  const capture = await captures.add({ sessionId: 's', source: 'text', userText: said })
  const receipt = { captureId: capture.id, start: 0, end: said.length - 1 }
  await memories.add({ text: 'I prefer examples from music', kind: 'preference', receipt })
  const secret = await memories.add({ text: 'I live in Bonn', kind: 'fact', about: 'home' })
  await cards.add({ front: 'What is\na fifth?', back: 'Seven semitones.' })
  await memories.forget([secret.id])

  const target = join(folder, 'all')
  await from.exportTo('jsonl', target)
  expect(readFileSync(join(target, 'learning-voice-agent.jsonl'), 'utf8')).not.toContain('Bonn')
  const read = join(folder, 'read')
  await from.exportTo('markdown', read)
  const text = readFileSync(join(read, 'about-me.md'), 'utf8')
  expect(text).toContain('- I prefer examples from music (preference, from ')
  expect(text).toContain('- What is a fifth? :: Seven semitones. (candidate)')
  expect(text).not.toContain('Bonn')

  const to = await openPortableWorld(store, folder, 2)
  const report = await to.portable.import({ path: target }, undefined, quiet, still)
  expect(report.problems).toEqual([])
  const brought = (await to.vault.memories.list({}, { limit: 10 })).items
  expect(brought).toMatchObject([
    { text: 'I prefer examples from music', state: 'proposed', receipt: { captureId: capture.id, holds: true } },
  ])
  expect((await to.vault.cards.list({}, { limit: 10 })).items).toMatchObject([{ state: 'candidate' }])
  // Once more, after the learner has said no: it does not come back.
  await to.vault.memories.forget([brought[0]?.id ?? ''])
  await to.portable.import({ path: target }, undefined, quiet, still)
  expect((await to.vault.memories.list({}, { limit: 10 })).items).toEqual([])
  expect((await to.vault.cards.list({}, { limit: 10 })).items).toHaveLength(1)

  const third = await openPortableWorld(store, folder, 3)
  const again = await third.portable.import({ path: read }, undefined, quiet, still)
  expect(again.counts.notes).toBe(0)
})
