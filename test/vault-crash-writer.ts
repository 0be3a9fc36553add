import { createHash } from 'node:crypto'
import { idMaker, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { type OpenVault, openVault } from '../src-core/vault/index.ts'
import { answerOf } from './vault-commands.ts'
import { openStoreIn, SMALL, shadowsOf } from './vault-world.ts'

/**
 * The child of vault-crash.test.ts: opens the vault of a folder, says what is in it and whether tables and documents agree, then writes
 * until it is killed. One line of JSON on standard output before each write and after each answer; writing to a pipe is synchronous, so
 * that no line is lost with the process. Texts are told by their digests.
 */
export type Line =
  | { type: 'opened'; captures: [id: string, text: string, answer: string | null][]; agrees: boolean; rows: number }
  | { type: 'trying'; what: 'edit' | 'answer' | 'delete'; id: string; text: string }
  | { type: 'done'; what: 'add' | 'edit' | 'answer' | 'delete'; id: string; text: string }

const [dataDir, seed] = process.argv.slice(2) as [string, string]
const random = seededRandom(Number(seed))
const say = (line: Line) => process.stdout.write(`${JSON.stringify(line)}\n`)

const store = await openStoreIn(dataDir)
const vault = await openVault({
  db: store.database,
  clock: systemClock,
  newId: idMaker(systemClock, random),
  log: silentLog,
  limits: { textLength: 100_000 },
  tuning: { ...SMALL, journalCaptures: 100 },
})
await report(vault)
for (;;) await writeSomething(vault)

async function report(opened: OpenVault): Promise<void> {
  const before = JSON.stringify(await shadowsOf(store.database, opened.id))
  await opened.rebuild()
  const after = JSON.stringify(await shadowsOf(store.database, opened.id))
  const rows = await store.database.query<{ id: string; user_text: string; agent_text: string | null }>(
    'select id, user_text, agent_text from captures',
  )
  const [updates] = await store.database.query<{ count: number }>('select count(*) as count from doc_updates')
  say({
    type: 'opened',
    captures: rows.map(({ id, user_text, agent_text }) => [id, digest(user_text), agent_text && digest(agent_text)]),
    agrees: before === after,
    rows: updates?.count ?? 0,
  })
}

async function writeSomething(opened: OpenVault): Promise<void> {
  const added = await Promise.all([add(opened), add(opened), add(opened)])
  const id = added[Math.floor(random.fraction() * added.length)] as string
  const text = textOf()
  const chance = random.fraction()
  if (chance < 0.35) {
    say({ type: 'trying', what: 'edit', id, text: digest(text) })
    await opened.captures.edit(id, { userText: text })
    say({ type: 'done', what: 'edit', id, text: digest(text) })
  } else if (chance < 0.7) {
    say({ type: 'trying', what: 'answer', id, text: digest(text) })
    await opened.captures.answer(id, answerOf(text))
    say({ type: 'done', what: 'answer', id, text: digest(text) })
  } else {
    say({ type: 'trying', what: 'delete', id, text: '' })
    await opened.captures.delete([id])
    say({ type: 'done', what: 'delete', id, text: '' })
  }
}

async function add(opened: OpenVault): Promise<string> {
  const text = textOf()
  const { id } = await opened.captures.add({ sessionId: `s${text.length % 7}`, source: 'text', userText: text })
  say({ type: 'done', what: 'add', id, text: digest(text) })
  return id
}

/** Mostly short; some long enough that a kill meets a write of many pages. */
function textOf(): string {
  const length = random.fraction() < 0.1 ? 50_000 : 1 + Math.floor(random.fraction() * 200)
  return `${Math.floor(random.fraction() * 1e9)} `.repeat(length).slice(0, length + 1)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}
