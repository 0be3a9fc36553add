import { SCREENS_SESSION } from '../kernel/index.ts'
import { type Core, nowOf } from './core.ts'
import { documentKind, isScreensName, screensName } from './document-names.ts'
import { takeInstant, takePictures, takeRecordId, toJson, wellFormed } from './door.ts'
import { isForgetting, removeForgottenCaptures } from './forgotten.ts'
import { editKey, journalOf } from './journal.ts'
import { projectCapture } from './projection.ts'
import { notFound } from './reads.ts'
import type { Capture, Vault } from './types.ts'

/** More frames of a day begin another document. */
const FRAMES = 500
const LONGEST_APP = 200

/** The study timeline of an open vault; `Vault['screens']` says what each function does. */
export function screensOf(core: Core): Vault['screens'] {
  const { db, vaultId, writer } = core
  return {
    add: async ({ picture, reading, app, at }) => {
      const [taken] = takePictures([picture])
      if (!taken) throw notFound('This picture')
      const createdAt = takeInstant(at, 'The time of a frame')
      const metadata = app === null ? {} : { app: wellFormed(app).slice(0, LONGEST_APP) }
      return writer.exclusively(async () => {
        const day = createdAt.slice(0, 'YYYY-MM-DD'.length)
        const name = await documentWithRoom(core, day)
        const id = core.newId()
        const { result } = await writer.write([name], (docOf) => {
          const journal = journalOf(docOf(name))
          journal.captures.set(id, {
            sessionId: SCREENS_SESSION + day,
            createdAt,
            source: 'screen',
            userText: '',
            metadata,
            pictures: [taken],
          })
          journal.edits.set(editKey(id, `reading:${taken.sha256}`), toJson(reading))
          return projectCapture(journal, id, writer.report(name)).capture
        })
        return result as Capture
      })
    },

    between: async (from, to) =>
      db.query<{ id: string; sha256: string }>(
        `select c.id, p->>'sha256' as sha256 from captures c, jsonb_array_elements(c.pictures) p
         where c.vault_id = $1 and c.source = 'screen' and c.created_at >= $2 and c.created_at < $3
         order by c.created_at, c.id`,
        [vaultId, new Date(takeInstant(from, '"from"')), new Date(takeInstant(to, '"to"'))],
      ),

    forget: async (ids) => {
      const wanted = new Set(ids.map(takeRecordId))
      return writer.exclusively(async () => {
        const rows = await db.query<{ id: string; doc: string }>(
          `select id, doc from doc_records where vault_id = $1 and kind = 'capture' and id = any($2::text[])`,
          [vaultId, [...wanted]],
        )
        const frames = rows.filter(({ doc }) => isScreensName(doc))
        const known = await forgottenAmong(core, frames)
        const own = frames.filter(({ id }) => !known.has(id))
        const byDoc = Map.groupBy(own, ({ doc }) => doc)
        await writer.write([...byDoc.keys()], (docOf) => {
          const at = nowOf(core)
          for (const [name, records] of byDoc) {
            const journal = journalOf(docOf(name))
            for (const { id } of records) journal.tombstones.set(id, { at, isForgotten: true })
            removeForgottenCaptures(journal, wanted)
          }
        })
        return own.length
      })
    },
  }
}

/** Those that were forgotten before. */
async function forgottenAmong(core: Core, frames: readonly { id: string; doc: string }[]): Promise<Set<string>> {
  const forgotten = new Set<string>()
  for (const [name, group] of Map.groupBy(frames, ({ doc }) => doc)) {
    const { tombstones } = journalOf((await core.documents.open(core.db, name)).doc)
    for (const { id } of group) if (isForgetting(tombstones.get(id))) forgotten.add(id)
  }
  return forgotten
}

async function documentWithRoom(core: Core, day: string): Promise<string> {
  let number = 0
  for (const name of await core.documents.names(core.db)) {
    const kind = documentKind(name)
    if (kind.kind === 'journal' && kind.of === 'screens' && kind.period === day) number = Math.max(number, kind.number)
  }
  const name = screensName(day, number)
  const { doc, firstBytes, laterBytes } = await core.documents.open(core.db, name)
  const isFull = journalOf(doc).captures.size >= FRAMES || firstBytes + laterBytes >= core.tuning.journalBytes
  return isFull ? screensName(day, number + 1) : name
}
