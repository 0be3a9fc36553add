import type { Clock } from '../../kernel/index.ts'
import type { Memory, Vault } from '../../vault/index.ts'

/** Statements that one prompt may hold. */
export const MOST_KNOWN = 12
const MOST_READ = 200

/**
 * What the learner accepted about themselves and is so now, the most relevant to what they said first: shared words, then goals and
 * preferences before facts, then the newest.
 */
export async function knownOfLearner(vault: Vault, clock: Clock, said: string): Promise<Memory[]> {
  const filter = { state: 'accepted' as const, validAt: new Date(clock.now()).toISOString() }
  const { items } = await vault.memories.list(filter, { limit: MOST_READ })
  const words = stemsOf(said)
  const scored = items.map((memory) => {
    return { memory, score: 2 * sharedStems(stemsOf(memory.text), words) + (memory.kind === 'fact' ? 0 : 1) }
  })
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_KNOWN)
    .map(({ memory }) => memory)
}

/** How many of the one set stand in the other. */
export function sharedStems(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return Array.from(one).filter((stem) => other.has(stem)).length
}

/** Beginnings of the longer words: enough for "music" to meet "musical". */
export function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
  return new Set(words.filter((word) => word.length > 3).map((word) => word.slice(0, 5)))
}
