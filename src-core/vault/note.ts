import type * as Y from 'yjs'

/** The shape of a note document (docs/vault.md §1). */
export interface NoteDocument {
  body: Y.Text
  /** `title`, `createdAt`, `updatedAt`, and `deletedAt` and `deletedOver` while it is deleted. */
  fields: Y.Map<unknown>
}

export function noteOf(doc: Y.Doc): NoteDocument {
  return { body: doc.getText('body'), fields: doc.getMap('fields') }
}
