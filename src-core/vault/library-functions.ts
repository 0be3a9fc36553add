import { type Core, nowOf, writeStep } from './core.ts'
import { LIBRARY_DOCUMENT } from './document-names.ts'
import { badInput, isId, LONGEST_ID, takeRecordId, takeSha256, takeTitle, wellFormed } from './door.ts'
import { collectionTombstone, documentTombstone } from './knowing-deletions.ts'
import {
  type CollectionEntry,
  isFormat,
  isSize,
  type Library,
  LONGEST_TAG,
  libraryOf,
  libraryParts,
  liveBySha,
  originRecord,
  partKey,
  readCollection,
  readLibraryDocument,
} from './library.ts'
import { getDocument, getDocuments, listCollections, listDocuments, listTags } from './library-reads.ts'
import { notFound } from './reads.ts'
import type { DocumentOrigin, DocumentVersion, GoneSound, Vault } from './types.ts'

/** The format of recordings. */
export const SOUND_FORMAT = 'audio'

/** Documents and collections of an open vault; `Vault['library']` says what each function does. */
export function libraryFunctions(core: Core): Vault['library'] {
  const { db, vaultId, writer } = core

  /** One step of the learner over the library. */
  const step = <T>(fn: (library: Library, at: string) => T extends PromiseLike<unknown> ? never : T): Promise<T> =>
    writer.exclusively(async () => {
      const { result } = await writeStep<T>(core, [LIBRARY_DOCUMENT], (docOf) =>
        fn(libraryOf(docOf(LIBRARY_DOCUMENT)), nowOf(core)),
      )
      return result
    })
  /** What happens to files is no step that undo takes back. */
  const change = (fn: (library: Library, at: string) => void): Promise<void> =>
    writer.exclusively(async () => {
      await writer.write([LIBRARY_DOCUMENT], (docOf) => fn(libraryOf(docOf(LIBRARY_DOCUMENT)), nowOf(core)))
    })
  /** The record of the present version, as it is stored. */
  const writeVersion = (library: Library, id: string, version: DocumentVersion & { at: string; sound?: GoneSound }) =>
    library.documentEdits.set(partKey(id, 'version'), version)
  const changeCollection = (given: string, fn: (library: Library, id: string, at: string) => void) => {
    const id = takeRecordId(given)
    return step((library, at): CollectionEntry | null => {
      if (!library.collections.has(id)) throw notFound('This collection')
      fn(library, id, at)
      return readCollection(library, id) ?? null
    })
  }

  return {
    add: async (given) => {
      const taken = given.map((item) => ({
        ...takeVersion(item),
        title: takeTitle(item.title),
        origin: item.origin,
        tags: (item.tags ?? []).map(takeTag),
        collections: (item.collections ?? []).map(takeRecordId),
      }))
      return step((library, at) => {
        // Read from the document and not from the tables: this is the truth at the moment of writing.
        const bySha = liveBySha(library, new Set(taken.map(({ sha256 }) => sha256)))
        const origins = knownOrigins(library, new Set(bySha.values()))
        return taken.map(({ title, origin, tags, collections, ...version }) => {
          const known = bySha.get(version.sha256)
          const id = known ?? core.newId()
          if (known === undefined) {
            library.documents.set(id, { createdAt: at, title, ...version })
            bySha.set(version.sha256, id)
          }
          const record = originRecord(origin, at)
          const named = originKey(id, record)
          if (!origins.has(named)) library.documentOrigins.set(partKey(id, core.newId()), record)
          origins.add(named)
          for (const tag of tags) setOnce(library.documentTags, partKey(id, tag))
          for (const collection of collections) {
            if (!readCollection(library, collection)) throw notFound('This collection')
            setOnce(library.documentCollections, partKey(id, collection))
          }
          return { id, isNew: known === undefined }
        })
      })
    },

    setVersion: async (id, given) => {
      const version = takeVersion(given)
      const taken = takeRecordId(id)
      await change((library, at) => {
        const document = liveDocument(library, taken)
        if (document.sha256 !== version.sha256) writeVersion(library, taken, { ...version, at })
      })
    },

    setMissing: (ids, isMissing) =>
      change((library, at) => {
        for (const id of ids) {
          const key = partKey(id, 'missing')
          if (!library.documents.has(id) || library.documentEdits.has(key) === isMissing) continue
          if (isMissing) library.documentEdits.set(key, { at })
          else library.documentEdits.delete(key)
        }
      }),

    letSoundsGo: async (given) => {
      const taken = given.map(({ id, transcript, ...sound }) => ({ id, sound, transcript: takeVersion(transcript) }))
      const gone: string[] = []
      await change((library, at) => {
        for (const { id, sound, transcript } of taken) {
          const document = readLibraryDocument(library, id, libraryParts(library, new Set()))
          if (!document || document.keepsSound || document.sha256 !== sound.sha256) continue
          // It is still of the day on which it was recorded.
          writeVersion(library, id, {
            ...transcript,
            at: document.updatedAt,
            sound: { ...sound, size: document.size, at },
          })
          gone.push(id)
        }
      })
      return gone
    },

    putSoundsBack: (ids) =>
      change((library) => {
        for (const id of ids) {
          const document = readLibraryDocument(library, id, libraryParts(library, new Set()))
          if (!document?.sound || !document.keepsSound) continue
          const { sha256, size } = document.sound
          writeVersion(library, id, { sha256, size, format: SOUND_FORMAT, at: document.updatedAt })
        }
      }),

    keepSound: async (id, keeps) => {
      const taken = takeRecordId(id)
      await step((library, at) => {
        const key = partKey(taken, 'keepsSound')
        if (liveDocument(library, taken).keepsSound === keeps) return
        if (keeps) library.documentEdits.set(key, { at })
        else library.documentEdits.delete(key)
      })
    },

    rename: async (id, given) => {
      const title = takeTitle(given)
      const taken = takeRecordId(id)
      await step((library, at) => {
        if (liveDocument(library, taken).title !== title)
          library.documentEdits.set(partKey(taken, 'title'), { title, at })
      })
    },

    setTags: async (ids, { add = [], remove = [] }) => {
      const [added, removed] = [add.map(takeTag), remove.map(wellFormed)]
      await step((library) => {
        for (const id of ids) {
          liveDocument(library, id)
          for (const tag of removed) library.documentTags.delete(partKey(id, tag))
          for (const tag of added) setOnce(library.documentTags, partKey(id, tag))
        }
      })
    },

    setCollections: async (ids, { add = [], remove = [] }) => {
      await step((library) => {
        for (const collection of add) if (!readCollection(library, collection)) throw notFound('This collection')
        for (const id of ids) {
          liveDocument(library, id)
          for (const collection of remove) library.documentCollections.delete(partKey(id, collection))
          for (const collection of add) setOnce(library.documentCollections, partKey(id, collection))
        }
      })
    },

    delete: async (ids) => {
      await step((library, at) => {
        for (const id of ids) {
          if (!library.documents.has(id)) throw notFound('This document')
          if (!library.documentTombstones.has(id))
            library.documentTombstones.set(id, documentTombstone(library, id, at))
        }
      })
    },

    restore: async (ids) => {
      await step((library) => {
        for (const id of ids) {
          // One that was forgotten is not there any more.
          if (!library.documents.has(id)) throw notFound('This document')
          if (library.documentTombstones.has(id)) library.documentTombstones.delete(id)
        }
      })
    },

    get: (id) => getDocument(db, vaultId, id),
    getMany: (ids) => getDocuments(db, vaultId, ids),
    list: (filter, page) => listDocuments(db, vaultId, filter, page),
    listTags: () => listTags(db, vaultId),

    createCollection: async (given) => {
      const name = takeName(given)
      return step((library, at) => {
        const id = core.newId()
        library.collections.set(id, { createdAt: at })
        library.collectionNames.set(id, { name, at })
        return { id, name, createdAt: at, documents: 0 }
      })
    },

    renameCollection: async (id, given) => {
      const name = takeName(given)
      const collection = await changeCollection(id, (library, taken, at) => {
        if (!readCollection(library, taken)) throw notFound('This collection')
        library.collectionNames.set(taken, { name, at })
      })
      const shown = (await listCollections(db, vaultId)).find((each) => each.id === collection?.id)
      if (!shown) throw notFound('This collection')
      return shown
    },

    deleteCollection: async (id) => {
      await changeCollection(id, (library, taken, at) => {
        if (!library.collectionTombstones.has(taken))
          library.collectionTombstones.set(taken, collectionTombstone(library, taken, at))
      })
    },

    restoreCollection: async (id) => {
      await changeCollection(id, (library, taken) => {
        if (library.collectionTombstones.has(taken)) library.collectionTombstones.delete(taken)
      })
    },

    listCollections: () => listCollections(db, vaultId),
  }
}

/** @throws LvaError not-found */
function liveDocument(library: Library, id: string) {
  const document = readLibraryDocument(library, id, libraryParts(library, new Set()))
  if (!document) throw notFound('This document')
  return document
}

/** Where documents come from, as `originKey` writes it. */
function knownOrigins(library: Library, ids: ReadonlySet<string>): Set<string> {
  const known = new Set<string>()
  if (ids.size === 0) return known
  for (const [key, value] of library.documentOrigins) {
    const id = key.slice(0, Math.max(0, key.indexOf('/')))
    if (ids.has(id)) known.add(originKey(id, value as Partial<Record<keyof DocumentOrigin, unknown>>))
  }
  return known
}

function originKey(id: string, { kind, name, address }: Partial<Record<keyof DocumentOrigin, unknown>>): string {
  return JSON.stringify([id, kind, name, address])
}

function setOnce(map: Library['documentTags'], key: string): void {
  if (!map.has(key)) map.set(key, true)
}

export function takeVersion({ sha256, format, size }: DocumentVersion): DocumentVersion {
  const taken = takeSha256(sha256)
  if (taken === null) throw badInput('A document needs the name of its bytes.')
  if (!isFormat(format) || !isSize(size)) throw badInput('A document needs its format and its size.')
  return { sha256: taken, format, size }
}

/** @throws LvaError bad-input */
export function takeTag(value: string): string {
  const tag = wellFormed(value).trim()
  if (tag.length === 0 || tag.length > LONGEST_TAG) throw badInput(`A tag must have 1 to ${LONGEST_TAG} characters.`)
  return tag
}

/** @throws LvaError bad-input, text-too-long */
export function takeName(value: string): string {
  const name = takeTitle(value).trim()
  if (!isId(name, LONGEST_ID)) throw badInput(`The name of a collection must have 1 to ${LONGEST_ID} characters.`)
  return name
}
