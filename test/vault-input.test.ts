import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLvaError } from '../src-core/kernel/index.ts'
import type { Store } from '../src-core/store/index.ts'
import { answerOf } from './vault-commands.ts'
import { openTestStore, openTestVault, shadowsOf } from './vault-world.ts'

/** The "big list of naughty strings"; beside the checkout on the machines that build, not on a learner's. */
const BLNS = resolve(import.meta.dirname, '../../shared/data/badinput/blns.json')

const HOSTILE = [
  '',
  ' ',
  '\u3000\ufeff',
  '\u200b',
  '0',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '\\',
  '\\u0000',
  '\\x00',
  "'; drop table captures; --",
  '" or ""="',
  '$1',
  '%s%d%n',
  '{}',
  '[]',
  '{"a":1}',
  '/',
  '//',
  'a/userText',
  'a/b/answer',
  '../../etc/passwd',
  'capture:x',
  'note:x',
  '\u0000',
  'a\u0000b',
  '\u0001\u0002\u001f\u007f\u0085',
  '\ud800',
  '\udc00\ud800',
  'a\ud83d',
  '\ufffe\uffff',
  '\ufffd',
  '😀',
  '👩‍👩‍👧‍👦🏳️‍🌈',
  'e\u0301',
  'é',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳',
  '\u202etxet desrever',
  'ﷺ',
  '田中さんにあげて下さい',
  'מְבוֹרָךְ',
  '<script>alert(1)</script>',
  '=1+1',
  'x'.repeat(512),
  '😀'.repeat(256),
  '\u4e00'.repeat(512),
]

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

/** What a string must read like once it was stored. */
const stored = (text: string) => text.toWellFormed().replaceAll('\u0000', '\ufffd')

async function keepAll(strings: readonly string[]): Promise<void> {
  const { vault, reopen } = await openTestVault(store.database)
  const note = await vault.notes.create({ title: '', body: '' })
  const kept: { id: string; text: string }[] = []
  for (const text of strings) {
    const title = text.slice(0, 500)
    const adding = vault.captures.add({ sessionId: text, source: 'text', userText: text, metadata: { [text]: text } })
    const capture = await adding.catch((error) => {
      const wanted = text === '' ? 'bad-input' : 'text-empty'
      if (isLvaError(error, wanted) && text.trim() === '') return undefined
      throw error
    })
    expect(await vault.notes.edit(note.id, { title, body: text })).toMatchObject({
      title: stored(title),
      body: stored(text),
    })
    if (!capture) continue
    expect(capture).toMatchObject({ sessionId: stored(text), userText: stored(text) })
    expect((await vault.sessions.rename(text, title)).title).toBe(stored(title))
    kept.push({ id: capture.id, text })
  }
  expect(kept.length).toBeGreaterThan(strings.length * 0.9)

  const again = await reopen()
  const before = await shadowsOf(store.database, vault.id)
  await again.rebuild()
  expect(await shadowsOf(store.database, vault.id)).toEqual(before)
  for (const { id, text } of kept) {
    const wanted = stored(text)
    const metadata = text === '__proto__' ? {} : { [wanted]: wanted }
    expect(await again.captures.get(id)).toMatchObject({ sessionId: wanted, userText: wanted, metadata })
    expect(await again.sessions.get(text)).toMatchObject({ id: wanted, title: stored(text.slice(0, 500)) })
    const inSession = (await again.captures.list({ sessionId: text }, { limit: 9 })).items
    expect(inSession.map((capture) => capture.id)).toContain(id)
  }
}

describe('any string', () => {
  it('is kept as text, session id, title, note and metadata, or refused as blank', () => keepAll(HOSTILE))

  it.skipIf(!existsSync(BLNS))('of the big list of naughty strings, too', async () => {
    const strings: string[] = JSON.parse(readFileSync(BLNS, 'utf8'))
    expect(strings.length).toBeGreaterThan(500)
    await keepAll(strings)
  })
})

describe('3 MB of text', () => {
  it('is kept in captures, edits, answers and notes, and survives a rebuild', async () => {
    const { vault } = await openTestVault(store.database, { limits: { textLength: 8_000_000 } })
    const long = 'A "line" with \\ and 😀 and \n'.repeat(120_000).slice(0, 3_000_000)
    const { id } = await vault.captures.add({ sessionId: 's', source: 'text', userText: long })
    await vault.captures.edit(id, { userText: `edited ${long}` })
    await vault.captures.answer(id, answerOf(long))
    const note = await vault.notes.create({ title: 't', body: long })
    const changed = `${long.slice(0, 1_000)} one ${long.slice(1_000, 2_000_000)} two ${long.slice(2_000_100)}`
    await vault.notes.edit(note.id, { body: changed })
    const [update] = await store.database.query<{ size: number }>(
      `select length("update") as size from doc_updates where vault_id = $1 and doc = $2 order by seq desc limit 1`,
      [vault.id, `note:${note.id}`],
    )
    expect(update?.size).toBeLessThan(2_000)
    await vault.rebuild()
    const capture = await vault.captures.get(id)
    expect(capture.userText === `edited ${long}` && capture.answer?.text === long).toBe(true)
    expect((await vault.notes.get(note.id)).body === changed).toBe(true)
    expect((await vault.sessions.get('s')).preview.length).toBeLessThanOrEqual(120)
    await vault.undo()
    expect((await vault.notes.get(note.id)).body === long).toBe(true)
  })
})
