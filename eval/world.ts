import type { Client } from '../src-core/contract/index.ts'
import { screenWith } from '../test/made-pictures.ts'
import type { ScriptedWeb } from '../test/scripted-web/server.ts'
import { allRead, openWholeProgram, takeTurn } from '../test/whole-program.ts'
import type { EvalCase } from './case.ts'
import type { Seen } from './check.ts'

/** The whole program, for one case after the other. */
export interface World {
  /** Plants the memory of a case, asks, and takes the memory away again. */
  run(one: EvalCase): Promise<Seen>
  close(): Promise<void>
}

/** @param environment configuration, by the names of environment variables; nothing else of this machine counts */
export async function openWorld(environment: Record<string, string>, web: ScriptedWeb): Promise<World> {
  const { client, close } = await openWholeProgram({ LVA_LOG_LEVEL: 'error', ...environment })
  const usual = await client.settings.get()
  return {
    async run(one) {
      await client.settings.set({ ...usual, ...settingsOf(one, web) })
      web.reset()
      if (one.webFault) web.fault('searxng', one.webFault)
      await plant(client, one)
      await allRead(client)
      const sessionId = await talkBefore(client, one)
      const before = await changeable(client)
      const pictures = await keepScreens(client, one)
      const seen = await takeTurn(client, one.ask, {
        sessionId,
        ...(one.mode && { mode: one.mode }),
        ...(pictures.length > 0 && { pictures }),
      })
      const after = await changeable(client)
      await clear(client)
      return {
        ...seen,
        notes: after.notes.map(({ title, body }) => `${title}\n${body}`),
        isUnchanged: JSON.stringify(before) === JSON.stringify(after),
      }
    },
    close,
  }
}

function settingsOf({ settings }: EvalCase, { url }: ScriptedWeb): Record<string, unknown> {
  return JSON.parse(JSON.stringify(settings).replaceAll('{web}', url))
}

async function plant(client: Client, { memory, notes, documents }: EvalCase): Promise<void> {
  for (const text of memory) await client.captures.add({ sessionId: null, text, source: 'text' })
  for (const note of notes) await client.notes.create(note)
  for (const { title, text } of documents) await client.documents.addText({ title, text })
}

async function keepScreens(client: Client, { screens }: EvalCase): Promise<string[]> {
  const hashes: string[] = []
  for (const lines of screens) {
    const picture = new Blob([new Uint8Array(screenWith(lines))])
    hashes.push((await client.pictures.add({ picture })).sha256)
  }
  return hashes
}

async function talkBefore(client: Client, { before }: EvalCase): Promise<string | null> {
  let sessionId: string | null = null
  for (const text of before) sessionId = (await takeTurn(client, text, { sessionId })).capture?.sessionId ?? sessionId
  return sessionId
}

/** Everything that a tool could change. */
async function changeable(client: Client) {
  const [notes, memories, cards] = await Promise.all([
    client.notes.list({ limit: 100 }),
    client.memories.list({ limit: 100 }),
    client.cards.list({ limit: 100 }),
  ])
  return { notes: notes.items, memories: memories.items, cards: cards.items }
}

async function clear(client: Client): Promise<void> {
  const { memories, cards } = await changeable(client)
  if (memories.length > 0) await client.memories.forget({ ids: memories.map(({ id }) => id) })
  if (cards.length > 0) await client.cards.delete({ ids: cards.map(({ id }) => id) })
  const captures = (await client.captures.list({ limit: 100 })).items.map(({ id }) => id)
  if (captures.length > 0) await client.captures.delete({ ids: captures })
  for (const { id } of (await client.notes.list({ limit: 100 })).items) await client.notes.delete({ id })
  const documents = (await client.documents.list({ limit: 100 })).items.map(({ id }) => id)
  if (documents.length > 0) await client.documents.delete({ ids: documents })
}
