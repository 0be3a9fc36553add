import { type Core, nowOf } from './core.ts'
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
 */
export function forgetRecords(
  core: Core,
  find: (docOf: DocOf) => ToForget,
): Promise<{ memories: number; cards: number }> {
  const names = [MEMORIES_DOCUMENT, DECK_DOCUMENT]
  return core.writer.exclusively(async () => {
    const { result, step } = await core.writer.writeStep(names, (docOf) => {
      const toForget = find(docOf)
      const memories = keptRecords(docOf(MEMORIES_DOCUMENT), 'memories')
      const deck = keptRecords(docOf(DECK_DOCUMENT), 'deck')
      const at = nowOf(core)
      for (const [id, text] of toForget.memories) memories.forgotten.set(id, { at, mark: markOf(text, core.newId()) })
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
