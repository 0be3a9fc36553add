import { isDeepStrictEqual } from 'node:util'
import { type CorrectionMap, correctionEntries } from './concept-maps.ts'
import { type Core, nowOf } from './core.ts'
import { documentHash, placeDocuments, standingOf, takeBackCollections, takeDocument } from './delivered-documents.ts'
import { type Act, hashOf, type Item, isRolledBack, rollBackId } from './delivery-parts.ts'
import { LIBRARY_DOCUMENT, noteName, SETTINGS_DOCUMENT } from './document-names.ts'
import {
  isPlainObject,
  type Json,
  takeInstant,
  takeLongText,
  takeMetadata,
  takePictures,
  takeRecordId,
  takeSessionId,
  takeSha256,
  takeSource,
  takeTitle,
  toJson,
} from './door.ts'
import { deletionKey, deletionsBySession, editKey, journalOf } from './journal.ts'
import { placesFor } from './journal-places.ts'
import { libraryOf } from './library.ts'
import { noteOf } from './note.ts'
import { readDescription, readReading } from './read-pictures.ts'
import { notFound } from './reads.ts'
import { readSettings, settingsOf, takeSettings } from './settings.ts'
import {
  type Capture,
  type CapturePicture,
  DEFAULT_SETTINGS,
  type Deliveries,
  type DeliveryBatch,
  type DeliveryCounts,
  type DeliveryReceipt,
  type KeptItem,
  type Note,
} from './types.ts'

/** What comes from elsewhere, and what it brought, so that it can be taken back (docs/export.md §7). */

type TakenSession = DeliveryBatch['sessions'][number]

const NO_COUNTS: DeliveryCounts = { sessions: 0, captures: 0, notes: 0, documents: 0, present: 0, deleted: 0 }
/** Items that a roll back lists by name. */
const MOST_KEPT_ITEMS = 100
/** UTF-16 code units of the words by which it names one. */
const KEPT_WORDS = 80

export function deliveriesOf(core: Core): Deliveries {
  const { db, writer } = core

  const aboutOf = async (id: string): Promise<Record<string, unknown>> => {
    const { doc } = await core.documents.open(db, receiptName(id))
    const about = doc.getMap('about').toJSON()
    if (typeof about.at !== 'string') throw notFound('This import')
    return about
  }

  const receiptOf = async (id: string): Promise<DeliveryReceipt> => {
    const about = await aboutOf(id)
    const text = (value: unknown) => (typeof value === 'string' ? value : null)
    return {
      id,
      kind: text(about.kind) ?? '',
      name: text(about.name) ?? '',
      at: text(about.at) ?? '',
      finishedAt: text(about.finishedAt),
      rolledBackAt: text(about.rolledBackAt),
      counts: { ...NO_COUNTS, ...(isPlainObject(about.counts) ? about.counts : {}) },
    }
  }

  const cutOffDelivery = async (source: { kind: Json; name: Json; bytes: number }): Promise<string | undefined> => {
    let newest: { id: string; at: string } | undefined
    for (const id of idsIn(await core.documents.names(db))) {
      const { kind, name, bytes, at, finishedAt, rolledBackAt } = await aboutOf(id)
      const isSame = kind === source.kind && name === source.name && bytes === source.bytes
      if (!isSame || finishedAt !== undefined || rolledBackAt !== undefined) continue
      if (!newest || String(at) > newest.at) newest = { id, at: String(at) }
    }
    return newest?.id
  }

  return {
    begin: ({ kind, name, bytes }) => {
      const source = { kind: toJson(kind), name: toJson(name.slice(0, 500)), bytes }
      return writer.exclusively(async () => {
        const cutOff = await cutOffDelivery(source)
        if (cutOff !== undefined) return cutOff
        const about = { ...source, at: nowOf(core), counts: NO_COUNTS }
        const id = core.newId()
        await writer.write([receiptName(id)], (docOf) => {
          const map = docOf(receiptName(id)).getMap('about')
          for (const [key, value] of Object.entries(about)) map.set(key, value)
        })
        return id
      })
    },

    add: async (given, batch) => {
      const id = takeRecordId(given)
      const taken = takeBatch(core, batch)
      return writer.exclusively(async () => {
        const { counts } = await receiptOf(id)
        return addBatch(core, id, taken, counts)
      })
    },

    addCorrections: async (given, corrections) => {
      const id = takeRecordId(given)
      const wanted = correctionEntries(corrections)
      return writer.exclusively(async () => {
        const about = await aboutOf(id)
        const { result } = await writer.write([LIBRARY_DOCUMENT, receiptName(id)], (docOf) => {
          const library = docOf(LIBRARY_DOCUMENT)
          const taken = wanted.filter(({ part, key }) => !library.getMap(part).has(key))
          for (const { part, key, value } of taken) library.getMap(part).set(key, value)
          const before = Array.isArray(about.corrections) ? about.corrections : []
          const brought = taken.map(({ part, key, value }) => [part, key, value])
          if (taken.length > 0)
            docOf(receiptName(id))
              .getMap('about')
              .set('corrections', [...before, ...brought])
          return taken.length
        })
        return result
      })
    },

    addSettings: async (given, settings) => {
      const id = takeRecordId(given)
      const wanted = takeSettings(settings)
      return writer.exclusively(async () => {
        const about = await aboutOf(id)
        const { result } = await writer.write([SETTINGS_DOCUMENT, receiptName(id)], (docOf) => {
          const stored = settingsOf(docOf(SETTINGS_DOCUMENT))
          const current = readSettings(new Map(stored.entries()))
          const changes: Record<string, unknown> = isPlainObject(about.settings) ? { ...about.settings } : {}
          const taken: string[] = []
          for (const [key, value] of wanted) {
            if (!isDeepStrictEqual(current[key], DEFAULT_SETTINGS[key]) || isDeepStrictEqual(current[key], value))
              continue
            changes[key] = [stored.get(key) ?? null, value]
            stored.set(key, value)
            taken.push(key)
          }
          if (taken.length > 0) docOf(receiptName(id)).getMap('about').set('settings', changes)
          return taken
        })
        return result
      })
    },

    finish: async (given) => {
      const id = takeRecordId(given)
      return writer.exclusively(async () => {
        await aboutOf(id)
        const at = nowOf(core)
        await writer.write([receiptName(id)], (docOf) => docOf(receiptName(id)).getMap('about').set('finishedAt', at))
        return receiptOf(id)
      })
    },

    list: () =>
      writer.exclusively(async (documents) => {
        const receipts: DeliveryReceipt[] = []
        for (const id of idsIn(await documents.names(db))) receipts.push(await receiptOf(id))
        return receipts.sort((a, b) => (a.at < b.at || (a.at === b.at && a.id < b.id) ? 1 : -1))
      }),

    known: (ids) =>
      writer.exclusively(async (documents) => {
        const present = new Set<string>()
        const deleted = new Set<string>()
        const records = await captureRecords(core, ids.captures)
        for (const { id, live } of records) if (live) present.add(id)
        for (const { id, doc } of records) {
          if (present.has(id)) continue
          const tombstone = journalOf((await documents.open(db, doc)).doc).tombstones.get(id)
          if (!isRolledBack(tombstone)) deleted.add(id)
        }
        const names = await documents.names(db)
        for (const id of ids.notes) {
          if (!names.has(noteName(id))) continue
          const { fields } = noteOf((await documents.open(db, noteName(id))).doc)
          if (!fields.has('deletedAt')) present.add(id)
          else if (!fields.has('deletedWith')) deleted.add(id)
        }
        for (const [id, standing] of await standingOf(core, ids.documents)) {
          if (standing === 'present') present.add(id)
          else if (standing === 'deleted') deleted.add(id)
        }
        const sessions = await liveSessions(core, ids.sessions)
        return { sessions, present, deleted }
      }),

    rollBack: async (given, onProgress = () => undefined, signal) => {
      const id = takeRecordId(given)
      const batches = await writer.exclusively(async (documents) => {
        await aboutOf(id)
        return Array.from(await documents.names(db))
          .filter((name) => name.startsWith(`${receiptName(id)}.`))
          .sort()
      })
      const total = { removed: 0, kept: 0, keptItems: [] as KeptItem[] }
      const steps = batches.length * 2 + 1
      let done = 0
      for (const name of batches) {
        signal?.throwIfAborted()
        const { removed, kept } = await writer.exclusively(() => takeBackItems(core, id, name))
        total.removed += removed
        total.kept += kept.length
        total.keptItems.push(...kept.slice(0, MOST_KEPT_ITEMS - total.keptItems.length))
        done += 1
        onProgress(done, steps)
      }
      // Only now is it known which sessions and collections are empty: what is in them may have come in later batches.
      for (const name of batches) {
        signal?.throwIfAborted()
        await writer.exclusively(() => takeBackContainers(core, id, name))
        done += 1
        onProgress(done, steps)
      }
      await writer.exclusively(() => takeBackCorrections(core, id))
      await writer.exclusively(() => takeBackSettings(core, id))
      onProgress(steps, steps)
      return total
    },
  }
}

function receiptName(id: string): string {
  return `import:${id}`
}

/** Ids of the deliveries whose receipts are among these documents. */
function idsIn(names: Iterable<string>): string[] {
  return Array.from(names, (name) => /^import:([^.]+)$/.exec(name)?.[1]).filter((id) => id !== undefined)
}

/** @throws LvaError bad-input, text-too-long */
function takeBatch(core: Core, batch: DeliveryBatch): DeliveryBatch {
  const { textLength } = core.limits
  const firstOf = <T extends { id: string }>(items: T[]) =>
    [...new Map(items.toReversed().map((item) => [item.id, item])).values()].reverse()
  return {
    sessions: firstOf(
      batch.sessions.map(({ id, title, createdAt }) => ({
        id: takeSessionId(id),
        title: title === null || title.trim() === '' ? null : takeTitle(title),
        createdAt: takeInstant(createdAt, 'The instant of a session'),
      })),
    ),
    captures: firstOf(
      batch.captures.map((capture) => ({
        id: takeRecordId(capture.id),
        sessionId: takeSessionId(capture.sessionId),
        createdAt: takeInstant(capture.createdAt, 'The instant of a capture'),
        editedAt: capture.editedAt === null ? null : takeInstant(capture.editedAt, 'The instant of an edit'),
        source: takeSource(capture.source),
        userText: takeLongText(capture.userText, textLength),
        answer: toJson(capture.answer) as unknown as Capture['answer'],
        audioSha256: takeSha256(capture.audioSha256),
        metadata: takeMetadata(capture.metadata),
        ...takeKnownPictures(capture.pictures),
      })),
    ),
    notes: firstOf(
      batch.notes.map((note) => ({
        id: takeRecordId(note.id),
        title: takeTitle(note.title),
        body: takeLongText(note.body, textLength),
        createdAt: takeInstant(note.createdAt, 'The instant of a note'),
        updatedAt: takeInstant(note.updatedAt, 'The instant of a note'),
        metadata: takeMetadata(note.metadata ?? {}),
      })),
    ),
    documents: firstOf(batch.documents.map(takeDocument)),
  }
}

async function addBatch(core: Core, id: string, batch: DeliveryBatch, before: DeliveryCounts): Promise<DeliveryCounts> {
  const counts = { ...NO_COUNTS }
  const items: Item[] = []
  const acts: Act[] = []
  await placeCaptures(core, batch, counts, items, acts)
  await placeNotes(core, batch.notes, counts, items, acts)
  await placeDocuments(core, batch.documents, counts, items, acts)
  if (acts.length === 0) {
    if (counts.present + counts.deleted > 0) await writeCounts(core, id, addCounts(before, counts))
    return counts
  }
  const itemsName = `${receiptName(id)}.${await nextBatchNumber(core, id)}`
  const names = [...acts.flatMap((act) => act.names), itemsName, receiptName(id)]
  const total = addCounts(before, counts)
  await core.writer.write(names, (docOf) => {
    for (const act of acts) act.run(docOf)
    const map = docOf(itemsName).getMap('items')
    for (const { key, hash } of items) map.set(key, hash)
    const about = docOf(receiptName(id)).getMap('about')
    about.set('counts', total)
    about.delete('rolledBackAt')
  })
  return counts
}

function writeCounts(core: Core, id: string, counts: DeliveryCounts) {
  return core.writer.write([receiptName(id)], (docOf) => {
    docOf(receiptName(id)).getMap('about').set('counts', counts)
  })
}

async function nextBatchNumber(core: Core, id: string): Promise<string> {
  let number = 0
  for (const name of await core.documents.names(core.db)) if (name.startsWith(`${receiptName(id)}.`)) number += 1
  return String(number).padStart(7, '0')
}

async function placeCaptures(core: Core, batch: DeliveryBatch, counts: DeliveryCounts, items: Item[], acts: Act[]) {
  const records = await captureRecords(
    core,
    batch.captures.map(({ id }) => id),
  )
  const known = new Set(records.map(({ id }) => id))
  const fresh = await placesFor(
    core,
    batch.captures.filter(({ id }) => !known.has(id)),
    (capture) => capture.userText.length + (capture.answer?.text.length ?? 0),
  )
  const places = new Map<string, string>()
  for (const capture of batch.captures) {
    const own = records.filter((record) => record.id === capture.id)
    if (own.some(({ live }) => live)) counts.present += 1
    else if (own.length > 0) {
      const revived = await rolledBackRecord(core, own)
      if (revived === undefined) {
        counts.deleted += 1
        continue
      }
      acts.push({ names: [revived], run: (docOf) => journalOf(docOf(revived)).tombstones.delete(capture.id) })
      items.push(await itemOfStored(core, revived, capture.id))
      counts.captures += 1
      places.set(capture.sessionId, places.get(capture.sessionId) ?? revived)
    } else {
      const name = fresh.get(capture) as string
      places.set(capture.sessionId, places.get(capture.sessionId) ?? name)
      acts.push({ names: [name], run: (docOf) => writeCapture(journalOf(docOf(name)), capture) })
      items.push({ key: `capture/${capture.id}`, hash: hashOf(capture.userText, capture.answer?.text) })
      counts.captures += 1
    }
  }
  await placeSessions(core, batch, places, counts, items, acts)
}

function writeCapture(journal: ReturnType<typeof journalOf>, capture: Capture): void {
  const { id, sessionId, createdAt, editedAt, source, userText, answer, audioSha256, metadata, pictures } = capture
  journal.captures.set(id, {
    sessionId,
    createdAt,
    source,
    userText,
    ...(audioSha256 === null ? {} : { audioSha256 }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(pictures && { pictures: takePictures(pictures) }),
  })
  for (const { sha256, reading, description } of pictures ?? []) {
    if (reading) journal.edits.set(editKey(id, `reading:${sha256}`), toJson(reading))
    if (description) journal.edits.set(editKey(id, `description:${sha256}`), toJson(description))
  }
  if (editedAt !== null) journal.edits.set(editKey(id, 'userText'), { text: userText, at: editedAt })
  if (answer) journal.edits.set(editKey(id, 'answer'), answer)
}

/** Pictures from elsewhere with what is known of them. @throws LvaError bad-input */
function takeKnownPictures(pictures: readonly CapturePicture[] | undefined): Pick<Capture, 'pictures'> {
  const taken = takePictures(pictures).map((picture) => {
    const known = pictures?.find(({ sha256 }) => sha256 === picture.sha256)
    const reading = readReading(known?.reading && toJson(known.reading))
    const description = readDescription(known?.description && toJson(known.description))
    return { ...picture, ...(reading && { reading }), ...(description && { description }) }
  })
  return taken.length > 0 ? { pictures: taken } : {}
}

/** The journal in which a roll back of an import buried the capture, or undefined. */
async function rolledBackRecord(core: Core, records: readonly { id: string; doc: string }[]) {
  for (const { id, doc } of records) {
    if (isRolledBack(journalOf((await core.documents.open(core.db, doc)).doc).tombstones.get(id))) return doc
  }
  return undefined
}

async function itemOfStored(core: Core, name: string, id: string): Promise<Item> {
  const journal = journalOf((await core.documents.open(core.db, name)).doc)
  const textOf = (value: unknown) => (isPlainObject(value) && typeof value.text === 'string' ? value.text : undefined)
  const record = journal.captures.get(id)
  const said = isPlainObject(record) ? String(record.userText) : ''
  const userText = textOf(journal.edits.get(editKey(id, 'userText'))) ?? said
  return { key: `capture/${id}`, hash: hashOf(userText, textOf(journal.edits.get(editKey(id, 'answer')))) }
}

/** Writes the record of every new session, and brings back those that a roll back took away. */
async function placeSessions(
  core: Core,
  batch: DeliveryBatch,
  places: ReadonlyMap<string, string>,
  counts: DeliveryCounts,
  items: Item[],
  acts: Act[],
) {
  const sessions = new Map<string, TakenSession>(batch.sessions.map((session) => [session.id, session]))
  for (const { sessionId, createdAt } of batch.captures) {
    if (!places.has(sessionId)) continue
    const known = sessions.get(sessionId)
    if (!known) sessions.set(sessionId, { id: sessionId, title: null, createdAt })
  }
  const parts = await core.db.query<{ id: string; doc: string; live: boolean }>(
    `select id, doc, live from doc_records where vault_id = $1 and kind = 'session' and id = any($2::text[])`,
    [core.vaultId, [...sessions.keys()]],
  )
  const known = new Set(parts.map(({ id }) => id))
  // Some have no record: they are there because their captures are.
  const live = await liveSessions(core, [...sessions.keys()])
  for (const id of live) if (!known.has(id)) sessions.delete(id)
  // One that comes without a capture begins in a journal of its month.
  const alone = [...sessions.values()].filter(({ id }) => !known.has(id) && !places.has(id))
  const own = await placesFor(core, alone, () => 0)
  const at = nowOf(core)
  for (const session of sessions.values()) {
    const held = parts.filter(({ id }) => id === session.id)
    if (held.some(({ live }) => live)) continue
    if (held.length > 0) {
      const names = held.map(({ doc }) => doc)
      let isBack = false
      for (const name of names) {
        const deletions = deletionsBySession(journalOf((await core.documents.open(core.db, name)).doc))
        if (deletions.get(session.id)?.some((deletionId) => deletionId.startsWith('import:'))) isBack = true
      }
      if (!isBack) continue
      acts.push({
        names,
        run: (docOf) => {
          for (const name of names) {
            const journal = journalOf(docOf(name))
            for (const deletionId of deletionsBySession(journal).get(session.id) ?? []) {
              if (deletionId.startsWith('import:')) journal.deletions.delete(deletionKey(deletionId, session.id))
            }
          }
        },
      })
    } else {
      const name = places.get(session.id) ?? (own.get(session) as string)
      acts.push({
        names: [name],
        run: (docOf) => {
          const journal = journalOf(docOf(name))
          journal.sessions.set(session.id, { createdAt: session.createdAt })
          if (session.title !== null) journal.titles.set(session.id, { title: session.title, at })
        },
      })
    }
    items.push({ key: `session/${session.id}`, hash: true })
    counts.sessions += 1
  }
}

async function liveSessions(core: Core, ids: readonly string[]): Promise<Set<string>> {
  const rows = await core.db.query<{ id: string }>(
    'select id from sessions where vault_id = $1 and id = any($2::text[])',
    [core.vaultId, ids],
  )
  return new Set(rows.map(({ id }) => id))
}

async function placeNotes(core: Core, notes: readonly Note[], counts: DeliveryCounts, items: Item[], acts: Act[]) {
  const names = await core.documents.names(core.db)
  for (const note of notes) {
    const name = noteName(note.id)
    if (names.has(name)) {
      const { fields, body } = noteOf((await core.documents.open(core.db, name)).doc)
      if (!fields.has('deletedAt')) {
        counts.present += 1
        continue
      }
      if (!fields.has('deletedWith')) {
        counts.deleted += 1
        continue
      }
      acts.push({
        names: [name],
        run: (docOf) => {
          noteOf(docOf(name)).fields.delete('deletedAt')
          noteOf(docOf(name)).fields.delete('deletedWith')
        },
      })
      items.push({ key: `note/${note.id}`, hash: hashOf(String(fields.get('title')), body.toString()) })
    } else {
      acts.push({ names: [name], run: (docOf) => writeNote(noteOf(docOf(name)), note) })
      items.push({ key: `note/${note.id}`, hash: hashOf(note.title, note.body) })
    }
    counts.notes += 1
  }
}

function writeNote({ body, fields }: ReturnType<typeof noteOf>, note: Note): void {
  fields.set('createdAt', note.createdAt)
  fields.set('updatedAt', note.updatedAt)
  fields.set('title', note.title)
  if (note.metadata && Object.keys(note.metadata).length > 0) fields.set('metadata', note.metadata)
  body.insert(0, note.body)
}

function captureRecords(core: Core, ids: readonly string[]) {
  return core.db.query<{ id: string; doc: string; live: boolean }>(
    `select id, doc, live from doc_records where vault_id = $1 and kind = 'capture' and id = any($2::text[])`,
    [core.vaultId, ids],
  )
}

function addCounts(a: DeliveryCounts, b: DeliveryCounts): DeliveryCounts {
  return {
    sessions: a.sessions + b.sessions,
    captures: a.captures + b.captures,
    notes: a.notes + b.notes,
    documents: a.documents + b.documents,
    present: a.present + b.present,
    deleted: a.deleted + b.deleted,
  }
}

/** The items of one batch by kind. */
async function itemsOf(core: Core, name: string) {
  const { doc } = await core.documents.open(core.db, name)
  const found = {
    capture: new Map<string, string>(),
    note: new Map<string, string>(),
    session: new Map<string, string>(),
    document: new Map<string, string>(),
    collection: new Map<string, string>(),
  }
  for (const [key, hash] of doc.getMap('items').entries()) {
    const slash = key.indexOf('/')
    const kind = key.slice(0, slash)
    if (Object.hasOwn(found, kind)) found[kind as keyof typeof found].set(key.slice(slash + 1), String(hash))
  }
  return found
}

async function takeBackItems(
  core: Core,
  id: string,
  batchName: string,
): Promise<{ removed: number; kept: KeptItem[] }> {
  const items = await itemsOf(core, batchName)
  const rows = await core.db.query<{ id: string; doc: string; user_text: string; agent_text: string | null }>(
    'select id, doc, user_text, agent_text from captures where vault_id = $1 and id = any($2::text[])',
    [core.vaultId, [...items.capture.keys()]],
  )
  const notes = await core.db.query<{ id: string; title: string; body: string }>(
    'select id, title, body from notes where vault_id = $1 and id = any($2::text[])',
    [core.vaultId, [...items.note.keys()]],
  )
  const documents = await core.db.query<{ id: string; title: string; sha256: string; tags: string[] }>(
    'select id, title, sha256, tags from documents where vault_id = $1 and id = any($2::text[])',
    [core.vaultId, [...items.document.keys()]],
  )
  const isSame = {
    capture: (row: (typeof rows)[number]) =>
      items.capture.get(row.id) === hashOf(row.user_text, row.agent_text ?? undefined),
    note: (note: (typeof notes)[number]) => items.note.get(note.id) === hashOf(note.title, note.body),
    document: (document: (typeof documents)[number]) => items.document.get(document.id) === documentHash(document),
  }
  const gone = {
    captures: rows.filter(isSame.capture),
    notes: notes.filter(isSame.note),
    documents: documents.filter(isSame.document),
  }
  const mark = { at: nowOf(core), with: rollBackId(id) }
  await core.writer.write(
    [
      ...gone.captures.map(({ doc }) => doc),
      ...gone.notes.map((note) => noteName(note.id)),
      ...(gone.documents.length > 0 ? [LIBRARY_DOCUMENT] : []),
    ],
    (docOf) => {
      for (const row of gone.captures) journalOf(docOf(row.doc)).tombstones.set(row.id, mark)
      for (const note of gone.notes) {
        const { fields } = noteOf(docOf(noteName(note.id)))
        fields.set('deletedAt', mark.at)
        fields.set('deletedWith', mark.with)
      }
      for (const document of gone.documents) {
        libraryOf(docOf(LIBRARY_DOCUMENT)).documentTombstones.set(document.id, mark)
      }
    },
  )
  const kept = (kind: KeptItem['kind'], own: string, words: string): KeptItem => ({
    kind,
    id: own,
    words: words.trim().slice(0, KEPT_WORDS).toWellFormed(),
  })
  return {
    removed: gone.captures.length + gone.notes.length + gone.documents.length,
    kept: [
      ...rows.filter((row) => !isSame.capture(row)).map((row) => kept('capture', row.id, row.user_text)),
      ...notes.filter((note) => !isSame.note(note)).map((note) => kept('note', note.id, note.title || note.body)),
      ...documents
        .filter((document) => !isSame.document(document))
        .map(({ id: own, title }) => kept('document', own, title)),
    ],
  }
}

/** Takes back the sessions and collections in which nothing is left. */
async function takeBackContainers(core: Core, id: string, batchName: string): Promise<void> {
  const { session, collection } = await itemsOf(core, batchName)
  await takeBackCollections(core, id, collection)
  const parts = await core.db.query<{ id: string; doc: string }>(
    `select r.id, r.doc from doc_records r where r.vault_id = $1 and r.kind = 'session' and r.id = any($2::text[])
    and not exists (select from captures c where c.vault_id = $1 and c.session_id = r.id)`,
    [core.vaultId, [...session.keys()]],
  )
  const at = nowOf(core)
  await core.writer.write(
    parts.map(({ doc }) => doc),
    (docOf) => {
      for (const part of parts) journalOf(docOf(part.doc)).deletions.set(deletionKey(rollBackId(id), part.id), at)
    },
  )
}

async function takeBackCorrections(core: Core, id: string): Promise<void> {
  await core.writer.write([LIBRARY_DOCUMENT, receiptName(id)], (docOf) => {
    const about = docOf(receiptName(id)).getMap('about')
    const library = docOf(LIBRARY_DOCUMENT)
    const brought = (about.get('corrections') ?? []) as [CorrectionMap, string, unknown][]
    for (const [part, key, value] of brought) {
      if (isDeepStrictEqual(library.getMap(part).get(key), value)) library.getMap(part).delete(key)
    }
    if (brought.length > 0) about.delete('corrections')
  })
}

async function takeBackSettings(core: Core, id: string): Promise<void> {
  const at = nowOf(core)
  await core.writer.write([SETTINGS_DOCUMENT, receiptName(id)], (docOf) => {
    const about = docOf(receiptName(id)).getMap('about')
    const stored = settingsOf(docOf(SETTINGS_DOCUMENT))
    for (const [key, change] of Object.entries((about.get('settings') ?? {}) as Record<string, unknown[]>)) {
      const [before, after] = change
      if (!isDeepStrictEqual(stored.get(key), after)) continue
      if (before === null || before === undefined) stored.delete(key)
      else stored.set(key, before)
    }
    about.set('rolledBackAt', at)
  })
}
