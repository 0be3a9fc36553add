import type * as Y from 'yjs'
import { type Core, nowOf, writeStep } from './core.ts'
import { noteName } from './document-names.ts'
import type { DocumentStore } from './document-store.ts'
import { readInstant, takeLongText, takeRecordId, takeTitle } from './door.ts'
import { isForgottenNote } from './forgotten.ts'
import { deleteNote, restoreNote } from './knowing-deletions.ts'
import { noteOf } from './note.ts'
import { projectNote } from './projection.ts'
import { countNotes, getNote, getNotes, listNotes, notFound } from './reads.ts'
import { rewriteText } from './text-edit.ts'
import type { Note, Vault } from './types.ts'

/** The notes of an open vault; `Vault['notes']` says what each function does. */
export function notesOf(core: Core): Vault['notes'] {
  const { db, vaultId, writer, limits } = core

  const changeNote = (given: string, fn: (doc: Y.Doc, id: string) => void): Promise<Note | null> => {
    const id = takeRecordId(given)
    const name = noteName(id)
    return writer.exclusively(async (documents) => {
      const { doc } = await documents.open(db, name)
      if (readInstant(noteOf(doc).fields.get('createdAt')) === null || isForgottenNote(doc)) {
        documents.discard(name)
        throw notFound('This note')
      }
      const { result } = await writeStep(core, [name], (docOf) => {
        fn(docOf(name), id)
        return projectNote(docOf(name), id, writer.report(name))
      })
      return result
    })
  }

  /** The first of these ids that no note ever had. */
  const unused = async (documents: DocumentStore, ids: readonly string[]): Promise<string | undefined> => {
    for (const id of ids) {
      const name = noteName(takeRecordId(id))
      const { doc } = await documents.open(db, name)
      if (readInstant(noteOf(doc).fields.get('createdAt')) !== null) continue
      documents.discard(name)
      return id
    }
    return undefined
  }

  return {
    create: async ({ title, body }, ids = []) => {
      const taken = { title: takeTitle(title), body: takeLongText(body, limits.textLength) }
      return writer.exclusively(async (documents) => {
        const id = (await unused(documents, ids)) ?? core.newId()
        const at = nowOf(core)
        const name = noteName(id)
        await writeStep(core, [name], (docOf) => {
          const { body: text, fields } = noteOf(docOf(name))
          fields.set('createdAt', at)
          fields.set('updatedAt', at)
          fields.set('title', taken.title)
          text.insert(0, taken.body)
        })
        return { id, ...taken, createdAt: at, updatedAt: at }
      })
    },

    edit: async (id, patch) => {
      const title = patch.title === undefined ? undefined : takeTitle(patch.title)
      const body = patch.body === undefined ? undefined : takeLongText(patch.body, limits.textLength)
      const note = await changeNote(id, (doc) => {
        const { body: text, fields } = noteOf(doc)
        if (fields.has('deletedAt')) throw notFound('This note')
        const isNewTitle = title !== undefined && title !== fields.get('title')
        const isNewBody = body !== undefined && body !== text.toString()
        if (isNewTitle) fields.set('title', title)
        if (isNewBody) rewriteText(text, body)
        if (isNewTitle || isNewBody) fields.set('updatedAt', nowOf(core))
      })
      if (!note) throw notFound('This note')
      return note
    },

    delete: async (id) => {
      await changeNote(id, (doc) => {
        deleteNote(noteOf(doc), nowOf(core))
      })
    },

    restore: async (id) => {
      await changeNote(id, (doc) => {
        restoreNote(noteOf(doc))
      })
    },

    get: async (id) => getNote(db, vaultId, id),
    getMany: async (ids) => getNotes(db, vaultId, ids),
    list: async (page) => listNotes(db, vaultId, page),
    count: async () => countNotes(db, vaultId),
  }
}
