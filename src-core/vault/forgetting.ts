import type * as Y from 'yjs'
import { enqueueJobs } from '../store/index.ts'
import { conflictsIn } from './conflict-entries.ts'
import { type Core, nowOf } from './core.ts'
import { isRolledBack } from './delivery-parts.ts'
import { DECK_DOCUMENT, documentKind, isScreensName, LIBRARY_DOCUMENT, MEMORIES_DOCUMENT } from './document-names.ts'
import { isPlainObject, isSha256, readInstant, wellFormed } from './door.ts'
import {
  blobsNamedIn,
  FORGET_KEPT_JOB,
  forgetNote,
  isForgetting,
  isForgottenNote,
  removeForgottenFrom,
} from './forgotten.ts'
import { deletionsBySession, editKey, type Journal, journalOf } from './journal.ts'
import { keptRecords, recordIds, removeFields } from './kept-records.ts'
import { isEditedUnseen, isKnownAside, isTypedUnseen, NOTE_OVER } from './knowing-deletions.ts'
import { type Library, libraryOf, partKey } from './library.ts'
import { readCard, readMemory } from './memory-records.ts'
import { noteOf } from './note.ts'
import { nameOf, SETTLED } from './overwritten.ts'
import type { Conflict, ConflictWhat, DeletedThing, Vault } from './types.ts'

/** Of the words of something deleted, so many are shown. UTF-16 code units. */
const SHOWN_WORDS = 200
/** Maps that say what is deleted and can be edited elsewhere meanwhile. */
const TOMBSTONES: Partial<Record<DeletedThing['kind'], string>> = {
  capture: 'tombstones',
  note: 'fields',
  document: 'documentTombstones',
  collection: 'collectionTombstones',
}

/** An edit that another one overwrote unseen is lost with the record: it waits for the learner as well. */
const EDITED: Partial<Record<ConflictWhat, DeletedThing['kind']>> = {
  captureText: 'capture',
  noteTitle: 'note',
  documentTitle: 'document',
  collectionName: 'collection',
}

/** How what was deleted is forgotten (docs/vault.md §7); `Vault['forgetting']` says what each function does. */
export function forgettingOf(core: Core): Vault['forgetting'] {
  return {
    deleted: () => core.writer.exclusively(() => deletedIn(core)),
    onForgotten: (listener) => core.writer.onForgotten(listener),
    forget: (isDue, along) =>
      core.writer.exclusively(async () => {
        const due = (await deletedIn(core)).filter(isDue)
        for (const [name, things] of Map.groupBy(due, ({ doc }) => doc)) await forgetIn(core, name, things, along)
        return due
      }),
    forgetMadeOf: (gone, withKept, captures) =>
      core.writer.exclusively(async () => {
        await forgetQuotes(core, gone)
        const counts = await forgetMadeOf(core, gone, withKept)
        // Proposals that were withdrawn before left their words in earlier updates.
        if (captures.size > 0) await core.writer.erasePast([MEMORIES_DOCUMENT])
        return counts
      }),
  }
}

/**
 * Documents that may hold something that is deleted and not forgotten, with the `seq` of their newest update: but for those that were
 * looked at with that `seq` and held nothing.
 */
function documentsToLookAt({ db, vaultId }: Core): Promise<{ name: string; seq: number }[]> {
  return db.query<{ name: string; seq: number }>(
    `select u.name, u.seq from (
       select doc as name, max(seq) as seq from doc_updates u where vault_id = $1
         and (doc = $2 or doc in (select doc from doc_records r where r.vault_id = $1 and not r.live)
           or (doc like 'note:%' and not exists (select from notes n where n.vault_id = $1 and n.id = substr(u.doc, 6))))
       group by doc) u
     where not exists (select from forgetting_documents f where f.vault_id = $1 and f.doc = u.name and f.empty_at = u.seq)
     order by u.name`,
    [vaultId, LIBRARY_DOCUMENT],
  )
}

async function deletedIn(core: Core): Promise<DeletedThing[]> {
  const { db, vaultId } = core
  const all: DeletedThing[] = []
  for (const { name, seq } of await documentsToLookAt(core)) {
    const { doc } = await core.documents.open(db, name)
    const things = readDeleted(name, doc)
    all.push(...things)
    if (things.length > 0) continue
    await db.query(
      `insert into forgetting_documents (vault_id, doc, empty_at, erased) values ($1, $2, $3, false)
       on conflict (vault_id, doc) do update set empty_at = excluded.empty_at`,
      [vaultId, name, seq],
    )
  }
  // Another journal may hold it too, and there it lives.
  const captures = await liveAmong(core, 'captures', all)
  const sessions = await liveAmong(core, 'sessions', all)
  const isAlive = ({ kind, id }: DeletedThing) =>
    kind === 'capture' ? captures.has(id) : kind === 'session' && sessions.has(id)
  const open = await db.query<{ subject: string }>(
    `select conflict->>'subject' as subject from conflicts where vault_id = $1 and conflict->>'what' like '%Deleted'`,
    [vaultId],
  )
  const contested = new Set(open.map(({ subject }) => subject))
  return all.flatMap((thing) => {
    if (isAlive(thing)) return []
    return [contested.has(thing.id) ? { ...thing, isContested: true } : thing]
  })
}

function readDeleted(name: string, doc: Y.Doc): DeletedThing[] {
  const conflicts = conflictsIn(name, doc).filter(({ what }) => what in EDITED)
  return thingsIn(name, doc).map((thing) => {
    if (isLetBe(doc, thing)) return { ...thing, isContested: false }
    const isOpen = ({ id, what, subject }: Conflict) =>
      EDITED[what] === thing.kind && subject === thing.id && !isKnownAside(deletionOf(doc, thing), thing.at, id)
    return conflicts.some(isOpen) ? { ...thing, isContested: true } : thing
  })
}

/** What says which edits a deletion knew. */
function deletionOf(doc: Y.Doc, { kind, id }: DeletedThing): unknown {
  const map = TOMBSTONES[kind]
  return map && doc.getMap(map).get(kind === 'note' ? NOTE_OVER : id)
}

function thingsIn(name: string, doc: Y.Doc): DeletedThing[] {
  const kind = documentKind(name)
  if (kind.kind === 'note') return readNote(name, kind.id, doc)
  if (kind.kind === 'library') return readLibrary(name, libraryOf(doc))
  return kind.kind === 'journal' ? readJournal(name, journalOf(doc)) : []
}

/** Whether the learner was asked about an edit of what is deleted, and let it be deleted. */
function isLetBe(doc: Y.Doc, { kind, id }: DeletedThing): boolean {
  const map = TOMBSTONES[kind]
  const tombstone = map && doc.getMap(map)._map.get(kind === 'note' ? 'deletedAt' : id)
  return tombstone ? doc.getMap(SETTLED).has(nameOf(tombstone)) : false
}

function thing(
  kind: DeletedThing['kind'],
  id: string,
  at: string,
  words: unknown,
  isContested: boolean,
): Omit<DeletedThing, 'doc'> {
  return {
    ...{ kind, id, at, blobs: [], deletedWith: null, sessionId: null, isContested },
    words: typeof words === 'string' ? wellFormed(words).trim().slice(0, SHOWN_WORDS).toWellFormed() : '',
  }
}

function readNote(doc: string, id: string, note: Y.Doc): DeletedThing[] {
  const { body, fields } = noteOf(note)
  const at = readInstant(fields.get('deletedAt'))
  // What the roll back of an import took away comes back with it.
  if (!at || isForgottenNote(note) || fields.has('deletedWith')) return []
  const blobs = blobsNamedIn(fields.get('metadata'))
  const editedAt = readInstant(fields.get('updatedAt'))
  const over = fields.get(NOTE_OVER)
  const isContested =
    isEditedUnseen(over, at, { map: fields, key: 'updatedAt', editedAt }) || isTypedUnseen(over, at, body)
  return [{ ...thing('note', id, at, fields.get('title') || body.toString(), isContested), doc, blobs }]
}

function readLibrary(doc: string, library: Library): DeletedThing[] {
  const documents = deletedBy(library.documentTombstones).map(({ id, at, tombstone }): DeletedThing => {
    const record = library.documents.get(id)
    const edits = { map: library.documentEdits, key: partKey(id, 'title') }
    const renamed = fieldsOf(edits.map.get(edits.key))
    const isContested = isEditedUnseen(tombstone, at, { ...edits, editedAt: readInstant(renamed.at) })
    const versions = [record, library.documentEdits.get(partKey(id, 'version'))]
    const blobs = versions.map((each) => fieldsOf(each).sha256).filter(isSha256)
    return { ...thing('document', id, at, renamed.title ?? fieldsOf(record).title, isContested), doc, blobs }
  })
  const collections = deletedBy(library.collectionTombstones).map(({ id, at, tombstone }): DeletedThing => {
    const named = fieldsOf(library.collectionNames.get(id))
    const edits = { map: library.collectionNames, key: id, editedAt: readInstant(named.at) }
    return { ...thing('collection', id, at, named.name, isEditedUnseen(tombstone, at, edits)), doc }
  })
  return [...documents, ...collections]
}

function readJournal(doc: string, journal: Journal): DeletedThing[] {
  const deletions = deletionsBySession(journal)
  const captures = deletedBy(journal.tombstones).map(({ id, at, tombstone }): DeletedThing => {
    const record = fieldsOf(journal.captures.get(id))
    const key = editKey(id, 'userText')
    const edit = fieldsOf(journal.edits.get(key))
    const sessionId = typeof record.sessionId === 'string' ? record.sessionId : null
    const isContested = isEditedUnseen(tombstone, at, { map: journal.edits, key, editedAt: readInstant(edit.at) })
    const isWithSession = deletions.get(sessionId ?? '')?.includes(String(tombstone.with))
    return {
      ...thing('capture', id, at, edit.text ?? record.userText, isContested),
      ...{ doc, blobs: blobsNamedIn(record), sessionId, deletedWith: isWithSession ? sessionId : null },
    }
  })
  const sessions = Array.from(journal.titles).flatMap(([id, title]): DeletedThing[] => {
    const instants = (deletions.get(id) ?? []).map((each) => readInstant(journal.deletions.get(`${each}/${id}`)))
    const at = instants.reduce((latest, each) => ((each ?? '') > (latest ?? '') ? each : latest), null)
    return at === null ? [] : [{ ...thing('session', id, at, fieldsOf(title).title, false), doc, sessionId: id }]
  })
  return [...captures, ...sessions]
}

function deletedBy(tombstones: Y.Map<unknown>) {
  return Array.from(tombstones.entries()).flatMap(([id, value]) => {
    const tombstone = fieldsOf(value)
    const at = readInstant(tombstone.at)
    return at && !isForgetting(value) && !isRolledBack(value) ? [{ id, at, tombstone }] : []
  })
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return isPlainObject(value) ? value : {}
}

async function liveAmong({ db, vaultId }: Core, table: 'captures' | 'sessions', things: readonly DeletedThing[]) {
  if (things.length === 0) return new Set<string>()
  const rows = await db.query<{ id: string }>(`select id from ${table} where vault_id = $1 and id = any($2::text[])`, [
    vaultId,
    things.flatMap(({ kind, id }) => (`${kind}s` === table ? [id] : [])),
  ])
  return new Set(rows.map(({ id }) => id))
}

async function forgetIn(
  core: Core,
  name: string,
  things: readonly DeletedThing[],
  along: 'proposals' | 'everything',
): Promise<void> {
  const at = nowOf(core)
  const ids = new Set(things.map(({ id }) => id))
  // Titles of sessions leave no tombstone that tells of them.
  const erases = things.some(({ kind }) => kind === 'session')
  const subjects = isScreensName(name) ? [] : things.map(({ kind, id }) => `${kind}:${id}`)
  await core.writer.write(
    [name],
    (docOf) => {
      const doc = docOf(name)
      const kind = documentKind(name)
      const library = libraryOf(doc)
      const journal = journalOf(doc)
      const tombstones = {
        capture: journal.tombstones,
        document: library.documentTombstones,
        collection: library.collectionTombstones,
      }
      if (kind.kind === 'note') forgetNote(doc, at)
      for (const each of things) {
        if (each.kind === 'session') journal.titles.delete(each.id)
        else if (each.kind !== 'note') tombstones[each.kind].set(each.id, { at, isForgotten: true })
      }
      removeForgottenFrom(doc, kind, ids)
    },
    undefined,
    async (tx) => {
      if (along === 'everything') await enqueueJobs(tx, core.vaultId, FORGET_KEPT_JOB, subjects, core.clock)
      if (erases) await core.writer.owesErasing(tx, [name])
    },
  )
  if (erases) await core.writer.erasePast([name])
  core.history.dropSubjects(name, ids)
}

/**
 * Takes the words that answers quoted of what is gone out of them; what the answers say stays. Where that was done before, and cut off, earlier
 * updates may still hold them.
 */
async function forgetQuotes(core: Core, gone: ReadonlySet<string>): Promise<void> {
  const rows = await core.db.query<{ id: string; doc: string }>(
    `select id, doc from captures where vault_id = $1 and jsonb_typeof(answer->'citations') = 'array' and exists (
       select from jsonb_array_elements(answer->'citations') q where q->>'captureId' = any($2::text[]))`,
    [core.vaultId, [...gone]],
  )
  const isQuote = (citation: unknown): citation is Record<string, unknown> =>
    isPlainObject(citation) && gone.has(String(citation.captureId)) && citation.text !== ''
  for (const [name, group] of Map.groupBy(rows, ({ doc }) => doc)) {
    await core.writer.write([name], (docOf) => {
      const { edits } = journalOf(docOf(name))
      for (const { id } of group) {
        const answer = edits.get(editKey(id, 'answer'))
        if (!isPlainObject(answer) || !Array.isArray(answer.citations) || !answer.citations.some(isQuote)) continue
        const citations = answer.citations.map((each: unknown) => (isQuote(each) ? { ...each, text: '' } : each))
        edits.set(editKey(id, 'answer'), { ...answer, citations })
      }
    })
    await core.writer.erasePast([name])
  }
}

/**
 * Forgets statements and cards that were made of what is gone, for good.
 * @param now of what was made of these the learner's own goes too, of all else what they have not kept
 */
async function forgetMadeOf(core: Core, gone: ReadonlySet<string>, now: ReadonlySet<string>) {
  const { result } = await core.writer.write([MEMORIES_DOCUMENT, DECK_DOCUMENT], (docOf) => {
    const memories = keptRecords(docOf(MEMORIES_DOCUMENT), 'memories')
    const deck = keptRecords(docOf(DECK_DOCUMENT), 'deck')
    const lost = { ever: new Set(gone), now: new Set(now) }
    const memoryIds = Array.from(recordIds(memories)).filter((id) => {
      const memory = readMemory(memories, id)
      const source = memory?.receipt?.captureId
      if (source === undefined || !(memory?.state === 'proposed' ? gone : now).has(source)) return false
      lost.ever.add(id)
      if (now.has(source)) lost.now.add(id)
      return true
    })
    const cardIds = Array.from(recordIds(deck)).filter((id) => {
      const card = readCard(deck, id)
      return card?.source && lost[card.state === 'candidate' ? 'ever' : 'now'].has(card.source.captureId)
    })
    const at = nowOf(core)
    for (const id of memoryIds) memories.forgotten.set(id, { at })
    for (const id of cardIds) deck.forgotten.set(id, { at })
    removeFields(memories, new Set(memoryIds))
    removeFields(deck, new Set(cardIds))
    return { memoryIds, cardIds }
  })
  core.history.dropRecords(MEMORIES_DOCUMENT, new Set(result.memoryIds))
  core.history.dropRecords(DECK_DOCUMENT, new Set(result.cardIds))
  return { memories: result.memoryIds.length, cards: result.cardIds.length }
}
