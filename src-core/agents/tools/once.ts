import { createHash } from 'node:crypto'
import type { Capture } from '../../vault/index.ts'
import { sharedStems, stemsOf } from '../memories/known.ts'

/** Things of one kind that one turn can make; what is made beyond these is not found again. */
const MOST_MADE = 8
/** Part of the words of the shorter one that two wishes share which mean the same thing. */
const SAME = 0.5

/** What one tool makes in one run of a turn. */
export interface Once<Thing> {
  /** Ids for what is made now: the same whenever, and wherever, this turn is asked again. */
  ids: string[]
  /** What an earlier run of this turn made of such words; found once. */
  find(words: string): Promise<Thing | undefined>
  /** This one was made now. */
  made(thing: Thing): void
}

/**
 * Lets a tool make nothing twice where a turn is asked again, because a later round of the model failed or the learner wants another answer. A
 * model that is asked again may use other words; what shares half of them is the same.
 * @param kind of what is made
 * @param wordsOf what tells one from another
 */
export function createOnce<Thing extends { id: string }>(
  kind: string,
  getMany: (ids: readonly string[]) => Promise<Thing[]>,
  wordsOf: (thing: Thing) => string,
): (capture: Capture) => Once<Thing> {
  const taken = new Set<string>()
  return (capture) => {
    const ids = idsOf(capture, kind)
    return {
      ids,
      async find(words) {
        const open = (await getMany(ids)).filter(({ id }) => !taken.has(id))
        const found = mostAlike(open, words, wordsOf)
        if (found) taken.add(found.id)
        return found
      },
      made: ({ id }) => void taken.add(id),
    }
  }
}

/** What a turn asks for is known by this: words that were edited ask for something else. */
export function wishOf({ id, editedAt }: Pick<Capture, 'id' | 'editedAt'>): string {
  return editedAt === null ? id : `${id}\n${editedAt}`
}

function idsOf(capture: Capture, kind: string): string[] {
  return Array.from({ length: MOST_MADE }, (_, at) => {
    const key = [wishOf(capture), kind, String(at)].join('\n')
    return `t${createHash('sha256').update(key).digest('hex').slice(0, 31)}`
  })
}

function mostAlike<Thing>(things: readonly Thing[], words: string, wordsOf: (thing: Thing) => string) {
  const stems = stemsOf(words)
  const alike = things.map((thing) => likeness(words, stems, wordsOf(thing)))
  const most = Math.max(0, ...alike)
  return most >= SAME ? things[alike.indexOf(most)] : undefined
}

/** Part of the words of the shorter text that stand in the other, from 0 to 1. */
function likeness(one: string, stems: ReadonlySet<string>, other: string): number {
  if (one.trim().toLowerCase() === other.trim().toLowerCase()) return 1
  const others = stemsOf(other)
  return sharedStems(stems, others) / Math.max(1, Math.min(stems.size, others.size))
}
