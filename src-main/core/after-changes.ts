import type { Clock } from '../../src-core/kernel/index.ts'
import type { Vault, VaultChange } from '../../src-core/vault/index.ts'

/** A turn that has just stored what was said searches next; it finds database and models free for this long. */
const QUIET_MS = 300
/** Somebody who never pauses is not left without an index for longer than this. */
const LONGEST_MS = 3_000

/**
 * The vault as background work should see it: told of changes when none has come for a moment, all of them at once.
 *
 *     changes   x x    x                          x
 *     told              └─ QUIET_MS ─> one call    └─ QUIET_MS ─> one call
 */
export function afterChanges(vault: Pick<Vault, 'id' | 'onChange'>, clock: Clock): Pick<Vault, 'id' | 'onChange'> {
  return {
    id: vault.id,
    onChange(listener) {
      let held: VaultChange | undefined
      let since = 0
      let wait = new AbortController()
      const stop = vault.onChange((change) => {
        if (!held) since = clock.monotonic()
        held = held ? merged(held, change) : change
        wait.abort()
        wait = new AbortController()
        const ms = Math.min(QUIET_MS, since + LONGEST_MS - clock.monotonic())
        clock.sleep(Math.max(0, ms), wait.signal).then(
          () => {
            const told = held
            held = undefined
            if (told) listener(told)
          },
          () => undefined, // another change came, or nobody listens any more
        )
      })
      return () => {
        stop()
        wait.abort()
      }
    },
  }
}

function merged(a: VaultChange, b: VaultChange): VaultChange {
  return {
    captures: [...new Set([...a.captures, ...b.captures])],
    sessions: [...new Set([...a.sessions, ...b.sessions])],
    notes: [...new Set([...a.notes, ...b.notes])],
    documents: [...new Set([...a.documents, ...b.documents])],
    collections: a.collections || b.collections,
    settings: a.settings || b.settings,
    ...((a.concepts || b.concepts) && { concepts: true }),
    ...((a.memories || b.memories) && { memories: union(a.memories, b.memories) }),
    ...((a.cards || b.cards) && { cards: union(a.cards, b.cards) }),
  }
}

function union(a: readonly string[] = [], b: readonly string[] = []): string[] {
  return [...new Set([...a, ...b])]
}
