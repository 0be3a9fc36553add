import { type Core, nowOf, turnStep } from './core.ts'
import { DECK_DOCUMENT, MEMORIES_DOCUMENT } from './document-names.ts'
import { keptRecords, removeFields } from './kept-records.ts'
import { markOf } from './statements.ts'
import type { DocOf } from './writer.ts'

/** What is to go: statements by their id, and cards. */
export interface ToForget {
  memories: ReadonlyMap<string, string>
  cards: ReadonlySet<string>
}

/**
 * Puts tombstones without text where memories and cards were, in one step. The writer then rewrites what is stored of the documents, so
 * that no earlier update holds the words either; the step holds them in memory until its time is over (docs/vault.md §7).
 * @param find what goes; inside the change
 * @param by id of the capture in which the learner asked for it
 */
export function forgetRecords(
  core: Core,
  find: (docOf: DocOf) => ToForget,
  by?: string,
): Promise<{ memories: number; cards: number }> {
  const names = [MEMORIES_DOCUMENT, DECK_DOCUMENT]
  return core.writer.exclusively(async () => {
    const { result, step } = await core.writer.writeStep(names, (docOf) => {
      const toForget = find(docOf)
      const memories = keptRecords(docOf(MEMORIES_DOCUMENT), 'memories')
      const deck = keptRecords(docOf(DECK_DOCUMENT), 'deck')
      const at = nowOf(core)
      for (const [id, text] of toForget.memories) {
        memories.forgotten.set(id, { at, mark: markOf(text, core.newId()), ...(by !== undefined && { by }) })
      }
      for (const id of toForget.cards) deck.forgotten.set(id, { at })
      removeFields(memories, new Set(toForget.memories.keys()))
      removeFields(deck, toForget.cards)
      return toForget
    })
    core.history.dropRecords(MEMORIES_DOCUMENT, result.memories)
    core.history.dropRecords(DECK_DOCUMENT, result.cards)
    core.history.push(step)
    return { memories: result.memories.size, cards: result.cards.size }
  })
}

/** Takes back the step in which a record was forgotten. @returns false when its time is over */
export function bringBack(core: Core, document: string, id: string): Promise<boolean> {
  return core.writer.exclusively(async () => {
    const step = core.history.forgetting(document, id)
    return step !== undefined && (await turnStep(core, step, core.history.pile('undo'))) !== null
  })
}

/** Ids of the memories that were forgotten by these words of the learner. */
export function forgottenBy(core: Core, by: string): Promise<string[]> {
  return core.writer.exclusively(async (documents) => {
    const { forgotten } = keptRecords((await documents.open(core.db, MEMORIES_DOCUMENT)).doc, 'memories')
    return Array.from(forgotten.entries())
      .filter(([, tombstone]) => (tombstone as { by?: unknown } | null)?.by === by)
      .map(([id]) => id)
      .sort()
  })
}
