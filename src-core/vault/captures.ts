import { type Core, nowOf, writeStep } from './core.ts'
import { documentKind, journalName } from './document-names.ts'
import {
  badInput,
  takeCaptureText,
  takeLongText,
  takeMetadata,
  takePictures,
  takeRecordId,
  takeSessionId,
  takeSha256,
  takeSource,
  toJson,
} from './door.ts'
import { isForgetting } from './forgotten.ts'
import { editKey, journalOf } from './journal.ts'
import { captureTombstone } from './knowing-deletions.ts'
import { projectCapture } from './projection.ts'
import { countCaptures, getCapture, listCaptures, notFound } from './reads.ts'
import type { Capture, CaptureSource, Vault } from './types.ts'

/** Sessions that are not looked for again. */
const MOST_KNOWN = 1_000

/** The captures of an open vault; `Vault['captures']` says what each function does. */
export function capturesOf(core: Core): Vault['captures'] {
  const { db, vaultId, writer, limits } = core
  const known = new Set<string>()
  writer.onForgotten(() => known.clear())
  return {
    add: async (input) => {
      const pictures = takePictures(input.pictures)
      const takeText = pictures.length > 0 ? takeLongText : takeCaptureText
      const capture = {
        sessionId: takeSessionId(input.sessionId),
        source: takeSaidSource(input.source),
        userText: takeText(input.userText, limits.textLength),
        audioSha256: takeSha256(input.audioSha256),
        metadata: takeMetadata(input.metadata ?? {}),
        ...(pictures.length > 0 && { pictures }),
      }
      return writer.exclusively(() => addCapture(core, capture, known))
    },

    answer: async (id, answer) => {
      const value = toJson(answer)
      return writer.exclusively(async () => {
        const { name, id: known } = await findLive(core, id)
        const { result } = await writer.write([name], (docOf) => {
          const journal = journalOf(docOf(name))
          journal.edits.set(editKey(known, 'answer'), value)
          return projectCapture(journal, known, writer.report(name)).capture
        })
        return takeCapture(result)
      })
    },

    setPicture: async (id, sha256, known) => {
      const wanted = takeSha256(sha256)
      const field = 'reading' in known ? (`reading:${wanted}` as const) : (`description:${wanted}` as const)
      const value = toJson('reading' in known ? known.reading : known.description)
      return writer.exclusively(async () => {
        const { name, id: found } = await findLive(core, id)
        const { result } = await writer.write([name], (docOf) => {
          const journal = journalOf(docOf(name))
          const read = () => takeCapture(projectCapture(journal, found, writer.report(name)).capture)
          if (!read().pictures?.some((picture) => picture.sha256 === wanted)) throw notFound('This picture')
          journal.edits.set(editKey(found, field), value)
          return read()
        })
        return result
      })
    },

    edit: async (id, patch) => {
      const given = takeLongText(patch.userText, limits.textLength)
      return writer.exclusively(async () => {
        const { name, id: known } = await findLive(core, id)
        const { result } = await writeStep(core, [name], (docOf) => {
          const journal = journalOf(docOf(name))
          const read = () => takeCapture(projectCapture(journal, known, writer.report(name)).capture)
          const text = read().pictures ? given : takeCaptureText(given, limits.textLength)
          if (read().userText === text) return read()
          journal.edits.set(editKey(known, 'userText'), { text, at: nowOf(core) })
          return read()
        })
        return result
      })
    },

    delete: async (ids) => {
      const wanted = ids.map(takeRecordId)
      return writer.exclusively(async () => {
        const records = await findRecords(core, wanted)
        const byDoc = Map.groupBy(
          records.filter(({ live }) => live),
          ({ doc }) => doc,
        )
        const at = nowOf(core)
        await writeStep(core, [...byDoc.keys()], (docOf) => {
          for (const [name, group] of byDoc) {
            const journal = journalOf(docOf(name))
            for (const { id } of group) journal.tombstones.set(id, captureTombstone(journal, id, at))
          }
        })
      })
    },

    restore: async (ids) => {
      const wanted = ids.map(takeRecordId)
      return writer.exclusively(async () => {
        const records = await findRecords(core, wanted)
        const alive = new Set(records.filter(({ live }) => live).map(({ id }) => id))
        const byDoc = Map.groupBy(
          records.filter(({ id }) => !alive.has(id)),
          ({ doc }) => doc,
        )
        await writeStep(core, [...byDoc.keys()], (docOf) => {
          for (const [name, group] of byDoc) {
            const { tombstones } = journalOf(docOf(name))
            for (const { id } of group) {
              if (isForgetting(tombstones.get(id))) throw notFound('This entry')
              tombstones.delete(id)
            }
          }
        })
      })
    },

    get: async (id) => getCapture(db, vaultId, id),
    list: async (filter, page) => listCaptures(db, vaultId, filter, page),
    count: async (filter) => countCaptures(db, vaultId, filter),
  }
}

/** @param knownSessions some of which is known that they are stored; takes this one in */
async function addCapture(
  core: Core,
  input: Pick<Capture, 'sessionId' | 'source' | 'userText' | 'audioSha256' | 'metadata' | 'pictures'>,
  knownSessions: Set<string>,
): Promise<Capture> {
  const { sessionId, source, userText, audioSha256, metadata, pictures } = input
  const id = core.newId()
  const createdAt = nowOf(core)
  const name = await journalWithRoom(core, createdAt.slice(0, 'YYYY-MM'.length))
  const begins = !knownSessions.has(sessionId) && !(await isSessionKnown(core, sessionId))
  await writeStep(core, [name], (docOf) => {
    const journal = journalOf(docOf(name))
    if (begins) journal.sessions.set(sessionId, { createdAt })
    journal.captures.set(id, {
      sessionId,
      createdAt,
      source,
      userText,
      ...(audioSha256 === null ? {} : { audioSha256 }),
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      ...(pictures && { pictures }),
    })
  })
  if (knownSessions.size === MOST_KNOWN) knownSessions.clear()
  knownSessions.add(sessionId)
  return {
    id,
    sessionId,
    createdAt,
    editedAt: null,
    source,
    userText,
    answer: null,
    audioSha256,
    metadata,
    ...(pictures && { pictures }),
  }
}

/** Frames of the study timeline have documents of their own. @throws LvaError bad-input */
function takeSaidSource(source: CaptureSource): CaptureSource {
  if (source === 'screen') throw badInput('A frame of the study timeline is no capture of what was said.')
  return takeSource(source)
}

/** The newest journal of the month, or the next one when it is full. */
async function journalWithRoom(core: Core, month: string): Promise<string> {
  let number = 0
  for (const name of await core.documents.names(core.db)) {
    const kind = documentKind(name)
    if (kind.kind === 'journal' && kind.of === 'captures' && kind.period === month)
      number = Math.max(number, kind.number)
  }
  const name = journalName(month, number)
  const { doc, firstBytes, laterBytes } = await core.documents.open(core.db, name)
  const isFull =
    journalOf(doc).captures.size >= core.tuning.journalCaptures || firstBytes + laterBytes >= core.tuning.journalBytes
  return isFull ? journalName(month, number + 1) : name
}

/** Whether some journal holds the session, deleted or not, or a live capture makes it. */
async function isSessionKnown(core: Core, id: string): Promise<boolean> {
  const rows = await core.db.query(
    `select from doc_records where vault_id = $1 and kind = 'session' and id = $2 and created_at is not null
    union all select from sessions where vault_id = $1 and id = $2`,
    [core.vaultId, id],
  )
  return rows.length > 0
}

/** @throws LvaError not-found */
async function findLive(core: Core, id: string): Promise<{ id: string; name: string }> {
  const known = takeRecordId(id)
  const [row] = await core.db.query<{ doc: string }>('select doc from captures where vault_id = $1 and id = $2', [
    core.vaultId,
    known,
  ])
  if (!row) throw notFound('This entry')
  return { id: known, name: row.doc }
}

/** Every record of these captures, deleted ones too. @throws LvaError not-found when there is none of some */
async function findRecords(core: Core, ids: readonly string[]) {
  const records = await core.db.query<{ id: string; doc: string; live: boolean }>(
    `select id, doc, live from doc_records where vault_id = $1 and kind = 'capture' and id = any($2::text[])`,
    [core.vaultId, ids],
  )
  const known = new Set(records.map(({ id }) => id))
  if (ids.some((id) => !known.has(id))) throw notFound('This entry')
  return records
}

function takeCapture(capture: Capture | null): Capture {
  if (!capture) throw notFound('This entry')
  return capture
}
