import { type Core, nowOf, writeStep } from './core.ts'
import { isPlainObject, takeSessionId, takeTitle } from './door.ts'
import { deletionKey, deletionsBySession, journalOf } from './journal.ts'
import { captureTombstone } from './knowing-deletions.ts'
import { getSession, listSessions, notFound } from './reads.ts'
import type { Vault } from './types.ts'

/** The sessions of an open vault; `Vault['sessions']` says what each function does. */
export function sessionsOf(core: Core): Vault['sessions'] {
  const { db, vaultId, writer } = core
  return {
    get: async (id) => getSession(db, vaultId, id),
    list: async (page) => listSessions(db, vaultId, page),

    rename: async (id, title) => {
      const sessionId = takeSessionId(id)
      const wanted = title === null || title.trim() === '' ? null : takeTitle(title)
      return writer.exclusively(async () => {
        const { doc: name, titled_at } = await findTitle(core, sessionId)
        // Titles of several journals are compared by their instants: the newest must not look older when this machine's clock is behind.
        const at = new Date(Math.max(core.clock.now(), (titled_at?.getTime() ?? 0) + 1)).toISOString()
        await writeStep(core, [name], (docOf) => {
          const { titles } = journalOf(docOf(name))
          const before = titles.get(sessionId)
          const current = isPlainObject(before) ? before.title : null
          if (current !== wanted) titles.set(sessionId, { title: wanted, at })
        })
        return getSession(db, vaultId, sessionId)
      })
    },

    delete: async (id) => {
      const sessionId = takeSessionId(id)
      return writer.exclusively(async () => {
        const { captures, docs, live } = await findSession(core, sessionId)
        if (!live) return
        const at = nowOf(core)
        const deletionId = core.newId()
        await writeStep(core, docs, (docOf) => {
          for (const name of docs) {
            const { deletions } = journalOf(docOf(name))
            for (const earlier of deletionsBySession(journalOf(docOf(name))).get(sessionId) ?? []) {
              deletions.delete(deletionKey(earlier, sessionId))
            }
            deletions.set(deletionKey(deletionId, sessionId), at)
          }
          for (const { id: captureId, doc } of captures) {
            const journal = journalOf(docOf(doc))
            journal.tombstones.set(captureId, captureTombstone(journal, captureId, at, { with: deletionId }))
          }
        })
      })
    },

    restore: async (id) => {
      const sessionId = takeSessionId(id)
      return writer.exclusively(async () => {
        const { docs } = await findSession(core, sessionId)
        await writeStep(core, docs, (docOf) => {
          for (const name of docs) {
            const { deletions, tombstones } = journalOf(docOf(name))
            const inForce = new Set(deletionsBySession(journalOf(docOf(name))).get(sessionId))
            for (const deletionId of inForce) deletions.delete(deletionKey(deletionId, sessionId))
            for (const [captureId, tombstone] of tombstones.entries()) {
              if (isPlainObject(tombstone) && inForce.has(String(tombstone.with))) tombstones.delete(captureId)
            }
          }
        })
      })
    },
  }
}

/** The journal that takes a title of the session, and when it was last titled anywhere. @throws LvaError not-found */
async function findTitle(core: Core, id: string): Promise<{ doc: string; titled_at: Date | null }> {
  const [row] = await core.db.query<{ doc: string; titled_at: Date | null }>(
    `select doc, (select max(titled_at) from doc_records r
        where r.vault_id = s.vault_id and r.kind = 'session' and r.id = s.id) as titled_at
    from sessions s where vault_id = $1 and id = $2`,
    [core.vaultId, id],
  )
  if (!row) throw notFound('This session')
  return row
}

/** Every journal that knows the session, and every record of a live capture of it. @throws LvaError not-found */
async function findSession(core: Core, id: string) {
  const params = [core.vaultId, id]
  const captures = await core.db.query<{ id: string; doc: string }>(
    `select r.id, r.doc from captures c
    join doc_records r on r.vault_id = c.vault_id and r.kind = 'capture' and r.id = c.id and r.live
    where c.vault_id = $1 and c.session_id = $2`,
    params,
  )
  const parts = await core.db.query<{ doc: string; live: boolean }>(
    `select doc, live from doc_records where vault_id = $1 and kind = 'session' and id = $2`,
    params,
  )
  const docs = [...new Set([...captures, ...parts].map(({ doc }) => doc))]
  if (docs.length === 0) throw notFound('This session')
  return { captures, docs, live: captures.length > 0 || parts.some(({ live }) => live) }
}
