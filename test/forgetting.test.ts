import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog, systemClock } from '../src-core/kernel/index.ts'
import { writeWav } from '../src-core/models/index.ts'
import { openPglite } from '../src-core/store/pglite/database.ts'
import { screenWith } from './made-pictures.ts'
import { spoken } from './spoken.ts'
import { tracesOf } from './traces.ts'
import { allRead, openWholeProgram, takeTurn, type WholeProgram } from './whole-program.ts'

/** One word for each kind of input; each is in no other text. */
const WORDS = {
  said: 'Quillowberry',
  quoted: 'Brindlemoth',
  edited: 'Thistledrum',
  pictured: 'Marmaladefrog',
  painted: 'Copperlantern',
  framed: 'Pumpkinferry',
  noted: 'Saffronotter',
  filed: 'Velvetharbour',
  titled: 'Gingerwalrus',
  goal: 'Tangerinology',
} as const

const words = Object.values(WORDS)
let program: WholeProgram

beforeAll(async () => {
  program = await openWholeProgram({})
})
afterAll(() => program?.close())

it('leaves no trace of what was deleted and then forgotten, in any file', { timeout: 600_000 }, async () => {
  const { client, dataDir } = program
  const heard = await client.speech.transcribe({
    audio: new Blob([writeWav({ samples: await spoken('Water boils at one hundred degrees.'), sampleRate: 16_000 })]),
  })
  const png = Buffer.concat([screenWith([`${WORDS.pictured} lecture`]), Buffer.from(WORDS.painted)])
  const picture = await client.pictures.add({ picture: new Blob([png]) })
  const first = await takeTurn(client, `The ${WORDS.said} grows in wet soil, said the gardener.`, {
    sessionId: 'garden',
    pictures: [picture.sha256],
  })
  await takeTurn(client, `A ${WORDS.edited} is a drum.`, { sessionId: 'garden' })
  await client.sessions.rename({ id: 'garden', title: `About ${WORDS.titled}` })
  const goal = await takeTurn(client, `My goal is to learn ${WORDS.goal}.`, { sessionId: 'goals' })
  await takeTurn(client, `${WORDS.quoted} larvae eat ${WORDS.quoted} leaves at night.`, {
    sessionId: 'moths',
  })
  const voice = await client.turns.send({
    sessionId: 'moths',
    text: heard.text,
    source: 'voice',
    audioSha256: heard.audioSha256,
  })
  for await (const _ of voice);
  await allRead(client)
  // Its answer quotes what was said before.
  const asking = await takeTurn(client, `What do I know about ${WORDS.quoted}?`, { sessionId: 'other' })
  expect(asking.capture?.answer?.citations.map(({ text }) => text).join()).toContain(WORDS.quoted)
  const { items: session } = await client.captures.list({ sessionId: 'garden', limit: 10 })
  const drum = session.find(({ userText }) => userText.includes(WORDS.edited))
  await client.captures.edit({ id: drum?.id ?? '', userText: 'It is a drum.' })
  const note = await client.notes.create({ title: 'Spice', body: `A ${WORDS.noted} swims.` })
  const { document } = await client.documents.addText({
    text: `The ${WORDS.filed} was built in 1820. It is a harbour.`,
  })
  const stop = new AbortController()
  const holding = await client.timeline.hold(undefined, { signal: stop.signal })
  const states = holding[Symbol.asyncIterator]()
  await states.next()
  const frame = screenWith([`The ${WORDS.framed} leaves at noon`], { size: 28 })
  await client.timeline.offer({ picture: new Blob([new Uint8Array(frame)]), windows: [] })
  await expect.poll(async () => (await client.timeline.state()).kept, { timeout: 60_000 }).toBe(1)
  stop.abort()
  await allRead(client)
  await expect.poll(async () => (await client.memories.list({ limit: 10 })).items.length).toBeGreaterThan(0)
  const { items: memories } = await client.memories.list({ limit: 10 })
  await client.memories.accept({ ids: memories.map(({ id }) => id) })

  // The control: all of it is found, so that finding none of it means something.
  expect(Object.keys(tracesOf(words, dataDir)).sort()).toEqual([...words].sort())
  expect(blobsIn(dataDir)).toHaveLength(4)

  for (const id of ['garden', 'goals', 'moths']) await client.sessions.delete({ id })
  await client.captures.delete({ ids: [asking.capture?.id ?? ''] })
  await client.captures.restore({ ids: [asking.capture?.id ?? ''] })
  await client.notes.delete({ id: note.id })
  await client.documents.delete({ ids: [document.id] })
  const { items: frames } = await client.captures.list({ source: 'screen', limit: 10 })
  await client.captures.delete({ ids: frames.map(({ id }) => id) })
  expect(await client.forgetting.waiting()).toMatchObject({ captures: 6, notes: 1, documents: 1, hours: 24 })
  expect(await client.forgetting.forgetNow()).toMatchObject({
    captures: 6,
    notes: 1,
    documents: 1,
    memories: memories.length,
  })
  expect(await client.forgetting.waiting()).toMatchObject({ captures: 0, notes: 0, documents: 0, oldest: null })
  // What is said in another entry stays; what it quoted does not.
  expect(await client.captures.get({ id: asking.capture?.id ?? '' })).toMatchObject({
    userText: `What do I know about ${WORDS.quoted}?`,
  })
  await expect(
    client.captures.restore({ ids: [first.capture?.id ?? '', goal.capture?.id ?? ''] }),
  ).rejects.toMatchObject({
    code: 'not-found',
  })
  await client.captures.delete({ ids: [asking.capture?.id ?? ''] })
  await client.forgetting.forgetNow()

  expect(tracesOf(words, dataDir)).toEqual({})
  expect(blobsIn(dataDir)).toEqual([])
  await program.close(async () => {
    expect(tracesOf(words, dataDir)).toEqual({})
    expect(await tracesInTables(join(dataDir, 'pg'))).toEqual([])
  })
})

/** Names of the blobs. */
function blobsIn(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}

/** Tables in which one of the words stands: Postgres may keep a long text compressed, where no search of its files finds it. */
async function tracesInTables(folder: string): Promise<string[]> {
  const database = await openPglite({ folder, clock: systemClock, log: silentLog, statementTimeoutMs: 60_000 })
  const pattern = words.join('|')
  const tables = await database.query<{ name: string }>(
    'select tablename as name from pg_tables where schemaname = current_schema() order by 1',
  )
  const found: string[] = []
  for (const { name } of tables) {
    const [row] = await database.query<{ is: boolean }>(
      `select exists (select from "${name}" t where t::text ~* $1${name === 'doc_updates' ? ` or encode(t."update", 'escape') ~* $1` : ''}) as is`,
      [pattern],
    )
    if (row?.is) found.push(name)
  }
  await database.close()
  return found
}
