import { memoryFilters } from './document-filter.ts'
import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Captures, sessions, notes, their history, and search: what the vault and the memory answer as they are. */
export function memoryProcedures({ vault, search, concepts, pictures, newId }: Services) {
  const { captures, sessions, notes, history } = procedures
  return {
    captures: {
      add: captures.add.handler(async ({ input }) => {
        const capture = await vault.captures.add({
          sessionId: input.sessionId ?? newId(),
          source: input.source,
          userText: input.text,
          audioSha256: input.audioSha256 ?? null,
          pictures: await pictures.take(input.pictures ?? []),
          ...(input.spokenLanguage !== undefined && { metadata: { spokenLanguage: input.spokenLanguage } }),
        })
        // Beside the answer; what is not read now is at the next start.
        pictures.readNew(capture).catch(() => undefined)
        return capture
      }),
      list: captures.list.handler(({ input: { cursor, limit, ...filter } }) =>
        vault.captures.list(filter, { cursor, limit }),
      ),
      get: captures.get.handler(({ input }) => vault.captures.get(input.id)),
      edit: captures.edit.handler(({ input }) => vault.captures.edit(input.id, { userText: input.userText })),
      delete: captures.delete.handler(({ input }) => vault.captures.delete(input.ids)),
      restore: captures.restore.handler(({ input }) => vault.captures.restore(input.ids)),
    },
    sessions: {
      list: sessions.list.handler(({ input }) => vault.sessions.list(input)),
      get: sessions.get.handler(({ input }) => vault.sessions.get(input.id)),
      rename: sessions.rename.handler(({ input }) => vault.sessions.rename(input.id, input.title)),
      delete: sessions.delete.handler(({ input }) => vault.sessions.delete(input.id)),
      restore: sessions.restore.handler(({ input }) => vault.sessions.restore(input.id)),
    },
    notes: {
      list: notes.list.handler(({ input }) => vault.notes.list(input)),
      get: notes.get.handler(({ input }) => vault.notes.get(input.id)),
      create: notes.create.handler(({ input }) => vault.notes.create(input)),
      edit: notes.edit.handler(({ input: { id, ...patch } }) => vault.notes.edit(id, patch)),
      delete: notes.delete.handler(({ input }) => vault.notes.delete(input.id)),
      restore: notes.restore.handler(({ input }) => vault.notes.restore(input.id)),
    },
    history: {
      undo: history.undo.handler(async () => ({ done: (await vault.undo()) !== null })),
      redo: history.redo.handler(async () => ({ done: (await vault.redo()) !== null })),
    },
    search: {
      query: procedures.search.query.handler(async ({ input, signal }) =>
        search({ ...input, filters: await memoryFilters(vault, concepts, input.filters), signal }),
      ),
    },
  }
}
