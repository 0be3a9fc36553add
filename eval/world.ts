import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Capture, Client, TurnEvent } from '../src-core/contract/index.ts'
import { isLvaError, systemClock } from '../src-core/kernel/index.ts'
import { openClient } from '../src-main/cli/open-client.ts'
import { readSurroundings } from '../src-main/folders.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import type { EvalCase } from './case.ts'
import type { Seen } from './check.ts'

/** The whole program over a data folder of its own, as `lva` opens it. */
export interface World {
  /** Plants the memory of a case, asks, and takes the memory away again. */
  run(one: EvalCase): Promise<Seen>
  close(): Promise<void>
}

const LOOK_AGAIN_MS = 20

/** @param environment configuration, by the names of environment variables; nothing else of this machine counts */
export async function openWorld(environment: Record<string, string>): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lva-eval-'))
  const surroundings = readSurroundings({
    LVA_DATA_DIR: dataDir,
    LVA_CACHE_DIR: MODEL_CACHE,
    LVA_LOG_LEVEL: 'error',
    ...environment,
  })
  const opened = await openClient(surroundings)
  const { client } = opened
  return {
    async run(one) {
      await plant(client, one)
      await settled(client)
      const sessionId = await talkBefore(client, one)
      const before = await changeable(client)
      const seen = await ask(client, one.ask, sessionId)
      const after = await changeable(client)
      await clear(client)
      return {
        ...seen,
        notes: after.notes.map(({ title, body }) => `${title}\n${body}`),
        isUnchanged: same(before, after),
      }
    },
    async close() {
      await opened.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function plant(client: Client, { memory, notes, documents }: EvalCase): Promise<void> {
  for (const text of memory) await client.captures.add({ sessionId: null, text, source: 'text' })
  for (const note of notes) await client.notes.create(note)
  for (const { title, text } of documents) await client.documents.addText({ title, text })
}

/** Resolves once everything that was planted can be found and its concepts are read. */
async function settled(client: Client): Promise<void> {
  for (;;) {
    const { pending, running, concepts } = await client.app.indexProgress()
    const unread = (await client.documents.queue()).pending
    if (pending + concepts.pending + unread === 0 && !running) return
    await systemClock.sleep(LOOK_AGAIN_MS)
  }
}

async function talkBefore(client: Client, { before }: EvalCase): Promise<string | null> {
  let sessionId: string | null = null
  for (const text of before) sessionId = (await ask(client, text, sessionId)).capture?.sessionId ?? sessionId
  return sessionId
}

/** What `ask` itself can see. */
type Asked = Omit<Seen, 'notes' | 'isUnchanged'>

async function ask(client: Client, text: string, sessionId: string | null): Promise<Asked> {
  const begun = systemClock.monotonic()
  const events: TurnEvent[] = []
  let error: string | undefined
  try {
    for await (const event of await client.turns.send({ sessionId, text, source: 'text' })) events.push(event)
  } catch (failure) {
    error = isLvaError(failure) ? failure.code : String(failure)
  }
  const ms = Math.round(systemClock.monotonic() - begun)
  const started = events.find((event) => event.type === 'started')
  const kept: Capture | undefined = started && (await client.captures.get({ id: started.capture.id }))
  return { events, capture: kept, error, ms }
}

/** Everything that a tool could change. */
async function changeable(client: Client) {
  const notes = await client.notes.list({ limit: 100 })
  return { notes: notes.items }
}

function same(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

async function clear(client: Client): Promise<void> {
  const captures = await client.captures.list({ limit: 100 })
  if (captures.items.length > 0) await client.captures.delete({ ids: captures.items.map(({ id }) => id) })
  for (const { id } of (await client.notes.list({ limit: 100 })).items) await client.notes.delete({ id })
  const documents = (await client.documents.list({ limit: 100 })).items.map(({ id }) => id)
  if (documents.length > 0) await client.documents.delete({ ids: documents })
}
