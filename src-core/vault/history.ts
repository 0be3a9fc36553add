import { isDeepStrictEqual } from 'node:util'
import type * as Y from 'yjs'
import { deletionKey, deletionsBySession, journalOf } from './journal.ts'
import { libraryOf } from './library.ts'
import { noteOf } from './note.ts'
import { takeBackText } from './text-edit.ts'

/** One thing that a step of the learner did, with what taking it back needs (docs/vault.md §7). Refers to documents by name. */
export type Deed =
  /** A key got another value, or lost it; undefined stands for no value. */
  | { kind: 'value'; doc: string; map: string; key: string; before: unknown; after: unknown }
  /** A record was written for the first time. */
  | { kind: 'born'; doc: string; what: 'capture' | 'session' | 'note' | 'document' | 'collection'; key: string }
  | { kind: 'text'; doc: string; before: string; after: string }

export type Step = readonly Deed[]

/** What taking back needs besides the step. */
export interface Moment {
  /** Instant of the undo. */
  now: string
  /** Names the deletion of a session, should there be one. */
  deletionId: string
}

const MOST_STEPS = 200
/** Text that the steps of one pile hold at most, in UTF-16 code units; the newest step stays whatever its size. */
const MOST_TEXT = 64 * 2 ** 20

/** The learner's own last changes of this run, in one line across documents. */
export class History {
  readonly #done: Step[] = []
  readonly #undone: Step[] = []

  /** A new change of the learner: what had been undone cannot be made again. */
  push(step: Step): void {
    if (step.length === 0) return
    this.#undone.length = 0
    add(this.#done, step)
  }

  pile(direction: 'undo' | 'redo'): { top(): Step | undefined; drop(): void; turned(step: Step): void } {
    const [from, to] = direction === 'undo' ? [this.#done, this.#undone] : [this.#undone, this.#done]
    return {
      top: () => from.at(-1),
      drop: () => {
        from.pop()
      },
      /** The top was taken back; `step` says how to make it again. */
      turned: (step) => {
        from.pop()
        if (step.length > 0) add(to, step)
      },
    }
  }
}

/** Takes the step back in its documents, last deed first. What others have changed since is left alone. */
export function takeBack(step: Step, docOf: (name: string) => Y.Doc, moment: Moment): void {
  for (const deed of step.toReversed()) {
    const doc = docOf(deed.doc)
    if (deed.kind === 'value') takeBackValue(doc, deed, moment)
    else if (deed.kind === 'born') bury(doc, deed, moment)
    else {
      const { body, fields } = noteOf(doc)
      if (takeBackText(body, deed.before, deed.after)) fields.set('updatedAt', moment.now)
    }
  }
}

function takeBackValue(doc: Y.Doc, deed: Extract<Deed, { kind: 'value' }>, moment: Moment): void {
  const map = doc.getMap(deed.map)
  if (!isDeepStrictEqual(map.get(deed.key), deed.after)) return
  if (deed.before === undefined) map.delete(deed.key)
  else map.set(deed.key, deed.before)
  if (deed.map === 'fields' && deed.key === 'title') map.set('updatedAt', moment.now)
}

function bury(doc: Y.Doc, deed: Extract<Deed, { kind: 'born' }>, { now, deletionId }: Moment): void {
  if (deed.what === 'note') {
    const { fields } = noteOf(doc)
    if (!fields.has('deletedAt')) fields.set('deletedAt', now)
    return
  }
  if (deed.what === 'document' || deed.what === 'collection') {
    const { documentTombstones, collectionTombstones } = libraryOf(doc)
    const tombstones = deed.what === 'document' ? documentTombstones : collectionTombstones
    if (!tombstones.has(deed.key)) tombstones.set(deed.key, { at: now })
    return
  }
  const journal = journalOf(doc)
  if (deed.what === 'capture') {
    if (!journal.tombstones.has(deed.key)) journal.tombstones.set(deed.key, { at: now })
  } else if (!deletionsBySession(journal).has(deed.key)) {
    journal.deletions.set(deletionKey(deletionId, deed.key), now)
  }
}

function add(pile: Step[], step: Step): void {
  pile.push(step)
  let text = pile.reduce((sum, each) => sum + textIn(each), 0)
  while (pile.length > MOST_STEPS || (text > MOST_TEXT && pile.length > 1)) text -= textIn(pile.shift())
}

/** Code units of all strings in a step. */
function textIn(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, part) => sum + textIn(part), 0)
}
