import { isDeepStrictEqual } from 'node:util'
import type * as Y from 'yjs'
import type { Clock } from '../kernel/index.ts'
import { documentKind } from './document-names.ts'
import { deletionKey, deletionsBySession, journalOf } from './journal.ts'
import { FORGOTTEN, recordOfEntry, recordOfKey } from './kept-records.ts'
import { captureTombstone, collectionTombstone, deleteNote, documentTombstone } from './knowing-deletions.ts'
import { libraryOf } from './library.ts'
import { noteOf } from './note.ts'
import { OVERWRITTEN } from './overwritten.ts'
import { takeBackText } from './text-edit.ts'

/** One thing that a step of the learner did, with what taking it back needs (docs/vault.md §7). Refers to documents by name. */
export type Deed =
  /** A key got another value, or lost it; undefined stands for no value. */
  | { kind: 'value'; doc: string; map: string; key: string; before: unknown; after: unknown }
  /** A record was written for the first time. */
  | { kind: 'born'; doc: string; what: 'capture' | 'session' | 'note' | 'document' | 'collection'; key: string }
  | { kind: 'text'; doc: string; before: string; after: string }

export type Step = readonly Deed[]

/** Steps that can be taken back, or made again; the newest on top. */
export interface Pile {
  top(): Step | undefined
  drop(step: Step): void
  /** The step was taken back; `again` says how to make it again. */
  turned(step: Step, again: Step): void
}

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
/** For so long what was forgotten can be brought back; then no copy of it is left. Milliseconds. */
export const FORGET_UNDO_MS = 10 * 60_000

/** The learner's own last changes of this run, in one line across documents. */
export class History {
  readonly #clock: Clock
  /** Aborted when the vault closes. */
  readonly #closing: AbortSignal
  readonly #done: Step[] = []
  readonly #undone: Step[] = []
  /** Until when steps that hold forgotten words are kept, in milliseconds since 1970. */
  readonly #expiry = new WeakMap<Step, number>()

  constructor(clock: Clock, closing: AbortSignal) {
    this.#clock = clock
    this.#closing = closing
  }

  /** A new change of the learner: what had been undone cannot be made again. */
  push(step: Step): void {
    if (step.length === 0) return
    this.#undone.length = 0
    this.#add(this.#done, step)
  }

  /** Takes what steps hold of these records away: they were forgotten. */
  dropRecords(doc: string, ids: { has(id: string): boolean }): void {
    const isLeft = (deed: Deed) => {
      if (deed.kind !== 'value' || deed.doc !== doc) return true
      const id = recordOfDeed(deed)
      return id === undefined || !ids.has(id)
    }
    this.#keepDeeds(isLeft)
  }

  #keepDeeds(isLeft: (deed: Deed) => boolean): void {
    for (const pile of [this.#done, this.#undone]) {
      const cleaned = pile.flatMap((step) => {
        if (step.every(isLeft)) return [step]
        const left = step.filter(isLeft)
        const expiry = this.#expiry.get(step)
        if (expiry !== undefined) this.#expiry.set(left, expiry)
        return left.length > 0 ? [left] : []
      })
      pile.splice(0, pile.length, ...cleaned)
    }
  }

  /** Takes away what steps hold of records of journals, of the library, or of the note that `doc` is: they were forgotten. */
  dropSubjects(doc: string, ids: ReadonlySet<string>): void {
    // Ids stand before the first slash, before the last, or behind the first, by the map.
    const isOf = (key: string) => {
      const slash = key.indexOf('/')
      const parts = slash < 0 ? [key] : [key.slice(0, slash), key.slice(0, key.lastIndexOf('/')), key.slice(slash + 1)]
      return parts.some((part) => ids.has(part))
    }
    const isNote = documentKind(doc).kind === 'note'
    this.#keepDeeds((deed) => deed.doc !== doc || !(isNote || (deed.kind !== 'text' && isOf(deed.key))))
  }

  /** The step in which a record was forgotten, while it can be taken back. */
  forgetting(doc: string, id: string): Step | undefined {
    this.#expire()
    return this.#done.find((step) =>
      step.some((deed) => deed.kind === 'value' && deed.doc === doc && deed.map === FORGOTTEN && deed.key === id),
    )
  }

  pile(direction: 'undo' | 'redo'): Pile {
    this.#expire()
    const [from, to] = direction === 'undo' ? [this.#done, this.#undone] : [this.#undone, this.#done]
    return {
      top: () => from.at(-1),
      drop: (step) => remove(from, step),
      turned: (step, again) => {
        remove(from, step)
        if (again.length > 0) this.#add(to, again)
      },
    }
  }

  #add(pile: Step[], step: Step): void {
    add(pile, step)
    if (!step.some((deed) => deed.kind === 'value' && deed.map === FORGOTTEN)) return
    this.#expiry.set(step, this.#clock.now() + FORGET_UNDO_MS)
    // Closing the vault ends the process' copy as well.
    this.#clock.sleep(FORGET_UNDO_MS, this.#closing).then(
      () => this.#expire(),
      () => undefined,
    )
  }

  #expire(): void {
    const now = this.#clock.now()
    const isLeft = (step: Step) => (this.#expiry.get(step) ?? Number.POSITIVE_INFINITY) > now
    for (const pile of [this.#done, this.#undone]) pile.splice(0, pile.length, ...pile.filter(isLeft))
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
    deleteNote(noteOf(doc), now)
    return
  }
  if (deed.what === 'document' || deed.what === 'collection') {
    const library = libraryOf(doc)
    const isDocument = deed.what === 'document'
    const tombstones = isDocument ? library.documentTombstones : library.collectionTombstones
    const tombstone = (isDocument ? documentTombstone : collectionTombstone)(library, deed.key, now)
    if (!tombstones.has(deed.key)) tombstones.set(deed.key, tombstone)
    return
  }
  const journal = journalOf(doc)
  if (deed.what === 'capture') {
    const tombstone = captureTombstone(journal, deed.key, now)
    if (!journal.tombstones.has(deed.key)) journal.tombstones.set(deed.key, tombstone)
  } else if (!deletionsBySession(journal).has(deed.key)) {
    journal.deletions.set(deletionKey(deletionId, deed.key), now)
  }
}

function recordOfDeed({ map, key, before, after }: Extract<Deed, { kind: 'value' }>): string | undefined {
  if (map === FORGOTTEN) return key
  return map === OVERWRITTEN ? recordOfEntry(before ?? after) : recordOfKey(key)
}

/** It may be gone already: what was forgotten is not kept for long. */
function remove(pile: Step[], step: Step): void {
  const at = pile.lastIndexOf(step)
  if (at >= 0) pile.splice(at, 1)
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
