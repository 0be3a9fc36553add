import { type Core, nowOf } from './core.ts'
import { type Act, hashOf, type Item, isRolledBack, rollBackId } from './delivery-parts.ts'
import { LIBRARY_DOCUMENT } from './document-names.ts'
import { takeInstant, takeRecordId, takeTitle } from './door.ts'
import { isForgetting } from './forgotten.ts'
import { type Library, libraryOf, liveBySha, originRecord, partKey, readCollection, readGoneSound } from './library.ts'
import { takeName, takeTag, takeVersion } from './library-functions.ts'
import type { DeliveredDocument, DeliveryCounts, LibraryDocument } from './types.ts'

/** The documents of a delivery: placed in the library with their own ids, and taken back. */

/** @throws LvaError bad-input, text-too-long */
export function takeDocument(document: DeliveredDocument): DeliveredDocument {
  const { id, title, origins, tags, collections, createdAt, updatedAt } = document
  return {
    id: takeRecordId(id),
    title: takeTitle(title),
    ...takeVersion(document),
    origins: origins.map((origin) => originRecord(origin, takeInstant(origin.at, 'The instant of an origin'))),
    tags: tags.map(takeTag),
    collections: collections.map((collection) => ({
      id: takeRecordId(collection.id),
      name: takeName(collection.name),
      createdAt: takeInstant(collection.createdAt, 'The instant of a collection'),
    })),
    createdAt: takeInstant(createdAt, 'The instant of a document'),
    updatedAt: takeInstant(updatedAt, 'The instant of a document'),
    sound: readGoneSound(document.sound) ?? undefined,
    keepsSound: document.keepsSound === true ? true : undefined,
  }
}

type Standing = 'new' | 'present' | 'deleted' | 'taken back'

/** What the library knows of each of these. The same bytes are one document, under whatever id. */
export async function standingOf(
  core: Core,
  documents: readonly Pick<LibraryDocument, 'id' | 'sha256'>[],
): Promise<Map<string, Standing>> {
  const standing = new Map<string, Standing>()
  if (documents.length === 0) return standing
  const library = libraryOf((await core.documents.open(core.db, LIBRARY_DOCUMENT)).doc)
  const live = liveBySha(library, new Set(documents.map(({ sha256 }) => sha256)))
  for (const { id, sha256 } of documents) {
    const tombstone = library.documentTombstones.get(id)
    if (live.has(sha256)) standing.set(id, 'present')
    else if (isForgetting(tombstone)) standing.set(id, 'deleted')
    else if (!library.documents.has(id)) standing.set(id, 'new')
    else if (tombstone === undefined) standing.set(id, 'present')
    else standing.set(id, isRolledBack(tombstone) ? 'taken back' : 'deleted')
    if (standing.get(id) === 'new' || standing.get(id) === 'taken back') live.set(sha256, id)
  }
  return standing
}

export async function placeDocuments(
  core: Core,
  documents: readonly DeliveredDocument[],
  counts: DeliveryCounts,
  items: Item[],
  acts: Act[],
): Promise<void> {
  const standing = await standingOf(core, documents)
  const brought = documents.filter((document) => {
    const what = standing.get(document.id)
    if (what === 'present') counts.present += 1
    else if (what === 'deleted') counts.deleted += 1
    else return true
    return false
  })
  if (brought.length === 0) return
  const library = libraryOf((await core.documents.open(core.db, LIBRARY_DOCUMENT)).doc)
  const places = collectionPlaces(library, brought)
  for (const { collection, id, isNew } of places.values())
    if (isNew) items.push({ key: `collection/${id}`, hash: hashOf(collection.name) })
  for (const document of brought) items.push({ key: `document/${document.id}`, hash: documentHash(document) })
  counts.documents += brought.length
  acts.push({
    names: [LIBRARY_DOCUMENT],
    run(docOf) {
      const target = libraryOf(docOf(LIBRARY_DOCUMENT))
      for (const { collection, id, isNew } of places.values()) if (isNew) writeCollection(target, id, collection)
      for (const document of brought) {
        if (standing.get(document.id) === 'taken back') target.documentTombstones.delete(document.id)
        else writeDocument(target, document, core.newId)
        for (const { id } of document.collections) {
          const place = places.get(id)
          if (place) target.documentCollections.set(partKey(document.id, place.id), true)
        }
      }
    },
  })
}

interface CollectionPlace {
  /** In this vault. */
  id: string
  isNew: boolean
  collection: DeliveredDocument['collections'][number]
}

/** Where the collections of documents are here, by their ids there: the same, one of that name, or a new one. None for those deleted or forgotten here. */
function collectionPlaces(library: Library, documents: readonly DeliveredDocument[]): Map<string, CollectionPlace> {
  const byName = new Map<string, string>()
  for (const id of library.collections.keys()) {
    const known = readCollection(library, id)
    if (known && !byName.has(known.name)) byName.set(known.name, id)
  }
  const places = new Map<string, CollectionPlace>()
  for (const collection of documents.flatMap(({ collections }) => collections)) {
    const { id, name } = collection
    if (places.has(id)) continue
    const tombstone = library.collectionTombstones.get(id)
    const own = readCollection(library, id) ? id : byName.get(name)
    if (own !== undefined) places.set(id, { id: own, isNew: false, collection })
    else if (isRolledBack(tombstone) || !(library.collections.has(id) || isForgetting(tombstone))) {
      places.set(id, { id, isNew: true, collection })
      byName.set(name, id)
    }
  }
  return places
}

function writeCollection(library: Library, id: string, { name, createdAt }: CollectionPlace['collection']): void {
  library.collectionTombstones.delete(id)
  if (!library.collections.has(id)) library.collections.set(id, { createdAt })
  library.collectionNames.set(id, { name, at: createdAt })
}

function writeDocument(library: Library, document: DeliveredDocument, newId: () => string): void {
  const { id, title, sha256, format, size, origins, tags, createdAt, updatedAt, sound } = document
  library.documents.set(id, { createdAt, title, sha256, format, size })
  if (updatedAt !== createdAt || sound)
    library.documentEdits.set(partKey(id, 'version'), { sha256, format, size, at: updatedAt, ...(sound && { sound }) })
  if (document.keepsSound) library.documentEdits.set(partKey(id, 'keepsSound'), { at: createdAt })
  for (const origin of origins) library.documentOrigins.set(partKey(id, newId()), origin)
  for (const tag of tags) library.documentTags.set(partKey(id, tag), true)
}

export function documentHash({ title, sha256, tags }: Pick<LibraryDocument, 'title' | 'sha256' | 'tags'>): string {
  return hashOf(title, sha256, ...[...tags].sort())
}

/** Takes away the collections that a delivery brought, if they are empty now and have kept their name. */
export async function takeBackCollections(core: Core, id: string, hashes: ReadonlyMap<string, string>): Promise<void> {
  if (hashes.size === 0) return
  const rows = await core.db.query<{ id: string; name: string }>(
    `select id, name from collections c where vault_id = $1 and id = any($2::text[])
    and not exists (select from documents d where d.vault_id = $1 and d.collections ? c.id)`,
    [core.vaultId, [...hashes.keys()]],
  )
  const gone = rows.filter(({ id: collection, name }) => hashes.get(collection) === hashOf(name))
  if (gone.length === 0) return
  const mark = { at: nowOf(core), with: rollBackId(id) }
  await core.writer.write([LIBRARY_DOCUMENT], (docOf) => {
    const { collectionTombstones } = libraryOf(docOf(LIBRARY_DOCUMENT))
    for (const collection of gone) collectionTombstones.set(collection.id, mark)
  })
}
