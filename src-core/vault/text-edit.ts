import * as Y from 'yjs'
import { diffText } from './text-diff.ts'

/** What one transaction did to a text, so that it can be taken back later, whatever else happened to the text meanwhile. */
export interface TextChange {
  /** Yjs client and clocks of the inserted code units; `to` exclusive. */
  inserted: { client: number; from: number; to: number }
  removed: { anchor: Y.RelativePosition; text: string }[]
}

/** Makes the text read `wanted` by the least insertions and deletions, so that what others type merges. */
export function rewriteText(text: Y.Text, wanted: string): void {
  for (const hunk of diffText(text.toString(), wanted).reverse()) {
    if (hunk.removed > 0) text.delete(hunk.start, hunk.removed)
    if (hunk.inserted !== '') text.insert(hunk.start, hunk.inserted)
  }
}

/** Reads from the event of a local transaction what it did. `before` is the text before it. */
export function textChangeOf(event: Y.YTextEvent, before: string): TextChange {
  const { transaction, target } = event
  const client = transaction.doc.clientID
  const removed: TextChange['removed'] = []
  let oldPlace = 0
  let newPlace = 0
  for (const part of event.delta) {
    if (part.retain !== undefined) {
      oldPlace += part.retain
      newPlace += part.retain
    } else if (typeof part.insert === 'string') newPlace += part.insert.length
    else if (part.delete !== undefined) {
      removed.push({
        anchor: Y.createRelativePositionFromTypeIndex(target, newPlace, -1),
        text: before.slice(oldPlace, oldPlace + part.delete),
      })
      oldPlace += part.delete
    }
  }
  return {
    inserted: {
      client,
      from: transaction.beforeState.get(client) ?? 0,
      to: Y.getState(transaction.doc.store, client),
    },
    removed,
  }
}

/**
 * Takes the change back: deletes what is left of the inserted characters and puts the removed text where it stood.
 * @returns false when there was nothing left to do
 */
export function takeBackText(text: Y.Text, change: TextChange): boolean {
  const left = placesOf(text, change.inserted)
  for (const range of left.toReversed()) text.delete(range.start, range.length)
  for (const { anchor, text: removed } of change.removed) {
    const place = text.doc ? Y.createAbsolutePositionFromRelativePosition(anchor, text.doc) : null
    text.insert(place?.index ?? text.length, removed)
  }
  return left.length + change.removed.length > 0
}

/** Where the characters with these clocks stand now, in order. Deleted ones stand nowhere. */
function placesOf(text: Y.Text, inserted: TextChange['inserted']): { start: number; length: number }[] {
  const places: { start: number; length: number }[] = []
  let place = 0
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue
    if (item.id.client === inserted.client) {
      const from = Math.max(inserted.from, item.id.clock)
      const to = Math.min(inserted.to, item.id.clock + item.length)
      if (from < to) places.push({ start: place + from - item.id.clock, length: to - from })
    }
    place += item.length
  }
  return places
}
