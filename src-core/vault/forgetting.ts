import type * as Y from 'yjs'
import { type Core, nowOf } from './core.ts'
import { isRolledBack } from './delivery-parts.ts'
import { DECK_DOCUMENT, documentKind, LIBRARY_DOCUMENT, MEMORIES_DOCUMENT } from './document-names.ts'
import { isPlainObject, readInstant, takeInstant } from './door.ts'
import { forgetNote, isForgetting, isForgottenNote, removeForgottenFrom } from './forgotten.ts'
import { deletionsBySession, editKey, journalOf } from './journal.ts'
import { keptRecords, recordIds, removeFields } from './kept-records.ts'
import { libraryOf, partKey } from './library.ts'
import { readCard, readMemory } from './memory-records.ts'
import { noteOf } from './note.ts'
import type { Deleted, Forgotten, Vault } from './types.ts'

/** What one document holds that was deleted and is not forgotten yet, by instants of deletion. */
interface DeletedIn {
  name: string
  captures: Map<string, string>
  /** Sessions whose title is still there. */
  sessions: Map<string, string>
  notes: Map<string, string>
  documents: Map<string, string>
  collections: Map<string, string>
  /** SHA-256 of what each of these captures and documents names. */
  blobs: Map<string, string[]>
}

/** Names of the maps of `DeletedIn` that hold things. */
const THINGS = ['captures', 'sessions', 'notes', 'documents', 'collections'] as const

const NOTHING: ReadonlySet<string> = new Set()

/** How what was deleted is forgotten (docs/vault.md §7); `Vault['forgetting']` says what each function does. */
export function forgettingOf(core: Core): Vault['forgetting'] {
  /** Documents in which nothing is left to forget, with their `seq`, so that they are not read again and again. */
  const clean = new Map<string, number>()
  let isFirst = true
  return {
    deleted: () =>
      core.writer.exclusively(async () => {
        const deleted: Deleted = { captures: 0, notes: 0, documents: 0, oldest: null }
        for await (const each of deletedIn(core, clean)) {
          deleted.captures += each.captures.size
          deleted.notes += each.notes.size
          deleted.documents += each.documents.size
          for (const part of THINGS)
            for (const at of each[part].values())
              if (deleted.oldest === null || at < deleted.oldest) deleted.oldest = at
        }
        return deleted
      }),

    onForgotten: (listener) => core.writer.onForgotten(listener),

    forget: (given, along) => {
      const before = takeInstant(given, 'The instant before which things were deleted')
      return core.writer.exclusively(async () => {
        const forgotten: Forgotten = { captures: [], notes: [], documents: [], memories: 0, cards: 0, blobs: [] }
        /** Named by what can still be taken back. */
        const needed = new Set<string>()
        const all: DeletedIn[] = []
        for await (const found of deletedIn(core, clean)) {
          const due = dueOf(found, before)
          for (const [id, blobs] of found.blobs)
            if (!due.captures.has(id) && !due.documents.has(id)) for (const sha256 of blobs) needed.add(sha256)
          if (THINGS.every((part) => due[part].size === 0)) continue
          all.push(due)
          forgotten.captures.push(...due.captures.keys())
          forgotten.notes.push(...due.notes.keys())
          forgotten.documents.push(...due.documents.keys())
          for (const id of [...due.captures.keys(), ...due.documents.keys()])
            forgotten.blobs.push(...(found.blobs.get(id) ?? []))
        }
        forgotten.blobs = forgotten.blobs.filter((sha256) => !needed.has(sha256))
        // The first time also what an earlier run of the program did not come to.
        if (all.length === 0 && !isFirst && along === 'proposals') return forgotten
        const now = new Set([...forgotten.captures, ...forgotten.notes, ...forgotten.documents])
        const gone = new Set([...(await forgottenIds(core)), ...now])
        await forgetQuotes(core, gone)
        const made = gone.size === 0 ? {} : await forgetMadeOf(core, gone, along === 'everything' ? now : NOTHING)
        // Last, so that after a crash it is due again, with all that was made of it.
        for (const due of all) await forgetIn(core, due)
        isFirst = false
        return { ...forgotten, ...made }
      })
    },
  }
}

/** Documents that may hold something deleted or forgotten, with the `seq` of their newest update. */
async function documentsWithDeleted({ db, vaultId }: Core): Promise<{ name: string; seq: number }[]> {
  return db.query<{ name: string; seq: number }>(
    `select u.doc as name, max(u.seq) as seq from doc_updates u where u.vault_id = $1
       and (u.doc = $2 or u.doc in (select doc from doc_records r where r.vault_id = $1 and not r.live)
         or (u.doc like 'note:%' and not exists (select from notes n where n.vault_id = $1 and n.id = substr(u.doc, 6))))
     group by u.doc order by u.doc`,
    [vaultId, LIBRARY_DOCUMENT],
  )
}

async function* deletedIn(core: Core, clean: Map<string, number>): AsyncGenerator<DeletedIn> {
  for (const { name, seq } of await documentsWithDeleted(core)) {
    if (clean.get(name) === seq) continue
    const { doc } = await core.documents.open(core.db, name)
    const found = await readDeleted(core, name, doc)
    if (THINGS.every((part) => found[part].size === 0)) clean.set(name, seq)
    else yield found
  }
}

async function readDeleted(core: Core, name: string, doc: Y.Doc): Promise<DeletedIn> {
  const found: DeletedIn = {
    name,
    captures: new Map(),
    sessions: new Map(),
    notes: new Map(),
    documents: new Map(),
    collections: new Map(),
    blobs: new Map(),
  }
  const kind = documentKind(name)
  if (kind.kind === 'note') {
    const { fields } = noteOf(doc)
    const at = readInstant(fields.get('deletedAt'))
    // What the roll back of an import took away comes back with it.
    if (at && !isForgottenNote(doc) && !fields.has('deletedWith')) found.notes.set(kind.id, at)
  } else if (kind.kind === 'library') {
    const library = libraryOf(doc)
    readTombstones(library.documentTombstones, found.documents)
    readTombstones(library.collectionTombstones, found.collections)
    for (const id of found.documents.keys()) {
      const versions = [library.documents.get(id), library.documentEdits.get(partKey(id, 'version'))]
      found.blobs.set(
        id,
        versions.flatMap((each) => (isPlainObject(each) && typeof each.sha256 === 'string' ? [each.sha256] : [])),
      )
    }
  } else if (kind.kind === 'journal') {
    const journal = journalOf(doc)
    readTombstones(journal.tombstones, found.captures)
    // Another journal may hold it too, and there it lives.
    for (const { id } of await liveAmong(core, 'captures', [...found.captures.keys()])) found.captures.delete(id)
    for (const id of found.captures.keys()) found.blobs.set(id, blobsOf(journal.captures.get(id)))
    const deletions = deletionsBySession(journal)
    for (const id of journal.titles.keys()) {
      const instants = (deletions.get(id) ?? []).map((deletion) =>
        readInstant(journal.deletions.get(`${deletion}/${id}`)),
      )
      const at = instants
        .filter((each) => each !== null)
        .sort()
        .at(-1)
      if (at) found.sessions.set(id, at)
    }
    for (const { id } of await liveAmong(core, 'sessions', [...found.sessions.keys()])) found.sessions.delete(id)
  }
  return found
}

function readTombstones(tombstones: Y.Map<unknown>, found: Map<string, string>): void {
  for (const [id, tombstone] of tombstones.entries()) {
    const at = isPlainObject(tombstone) ? readInstant(tombstone.at) : null
    if (at && !isForgetting(tombstone) && !isRolledBack(tombstone)) found.set(id, at)
  }
}

/** Recording and pictures that a record names, and what its metadata does. */
function blobsOf(record: unknown): string[] {
  return Array.from(new Set(JSON.stringify(record ?? null).match(/\b[0-9a-f]{64}\b/g)))
}

async function liveAmong({ db, vaultId }: Core, table: 'captures' | 'sessions', ids: readonly string[]) {
  if (ids.length === 0) return []
  return db.query<{ id: string }>(`select id from ${table} where vault_id = $1 and id = any($2::text[])`, [
    vaultId,
    ids,
  ])
}

function dueOf(found: DeletedIn, before: string): DeletedIn {
  const due = { ...found }
  for (const part of THINGS) due[part] = new Map(Array.from(found[part]).filter(([, at]) => at < before))
  return due
}

async function forgetIn(core: Core, { name, captures, sessions, notes, documents, collections }: DeletedIn) {
  const at = nowOf(core)
  const ids = [captures, sessions, notes, documents, collections].flatMap((each) => [...each.keys()])
  await core.writer.write([name], (docOf) => {
    const doc = docOf(name)
    const kind = documentKind(name)
    if (kind.kind === 'note') forgetNote(doc, at)
    else if (kind.kind === 'library') {
      const library = libraryOf(doc)
      for (const id of documents.keys()) library.documentTombstones.set(id, { at, isForgotten: true })
      for (const id of collections.keys()) library.collectionTombstones.set(id, { at, isForgotten: true })
    } else {
      const journal = journalOf(doc)
      for (const id of captures.keys()) journal.tombstones.set(id, { at, isForgotten: true })
      for (const id of sessions.keys()) journal.titles.delete(id)
    }
    removeForgottenFrom(doc, kind, new Set(ids))
  })
  if (sessions.size > 0) await core.writer.erasePast([name])
  core.history.dropSubjects(name, new Set(ids))
}

/** Captures, notes and documents that were forgotten before: what was made of them has lost its source. */
async function forgottenIds(core: Core): Promise<Set<string>> {
  const forgotten = new Set<string>()
  for (const { name } of await documentsWithDeleted(core)) {
    const { doc } = await core.documents.open(core.db, name)
    const kind = documentKind(name)
    if (kind.kind === 'note' && isForgottenNote(doc)) forgotten.add(kind.id)
    if (kind.kind !== 'journal' && kind.kind !== 'library') continue
    const tombstones = kind.kind === 'journal' ? journalOf(doc).tombstones : libraryOf(doc).documentTombstones
    for (const [id, tombstone] of tombstones.entries()) if (isForgetting(tombstone)) forgotten.add(id)
  }
  return forgotten
}

/** Takes the words that answers quoted of what is gone out of them; what the answers say stays. */
async function forgetQuotes(core: Core, gone: ReadonlySet<string>): Promise<void> {
  const rows = await core.db.query<{ id: string; doc: string }>(
    `select id, doc from captures where vault_id = $1 and jsonb_typeof(answer->'citations') = 'array' and exists (
       select from jsonb_array_elements(answer->'citations') q where q->>'captureId' = any($2::text[]) and q->>'text' <> '')`,
    [core.vaultId, [...gone]],
  )
  for (const [name, group] of Map.groupBy(rows, ({ doc }) => doc)) {
    await core.writer.write([name], (docOf) => {
      const { edits } = journalOf(docOf(name))
      for (const { id } of group) {
        const answer = edits.get(editKey(id, 'answer'))
        if (!isPlainObject(answer) || !Array.isArray(answer.citations)) continue
        const citations = answer.citations.map((citation: unknown) =>
          isPlainObject(citation) && gone.has(String(citation.captureId)) ? { ...citation, text: '' } : citation,
        )
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
  const names = [MEMORIES_DOCUMENT, DECK_DOCUMENT]
  const { result } = await core.writer.write(names, (docOf) => {
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
  // Proposals that were withdrawn before left their words in earlier updates.
  await core.writer.erasePast(names)
  return { memories: result.memoryIds.length, cards: result.cardIds.length }
}
