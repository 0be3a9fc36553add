import type { Capture, CaptureFilter, Card, LibraryDocument, Memory, Note, Session, Vault } from '../../vault/index.ts'
import type { VaultItem } from '../records.ts'
import type { ExportFilter } from '../types.ts'

const PAGE = 200

/** Everything that the filter leaves, in the order of every export. One page is in memory at a time. */
export async function* readVault(vault: Vault, filter: ExportFilter): AsyncGenerator<VaultItem> {
  if (isAll(filter)) {
    yield { type: 'settings', settings: await vault.settings.get() }
    yield { type: 'concepts', corrections: await vault.concepts.corrections() }
  }
  if (hasCaptures(filter)) {
    for await (const session of sessionsOf(vault, filter)) {
      let begun = false
      const own: CaptureFilter = { ...captureFilter(filter), sessionId: session.id, order: 'oldest' }
      if (isAll(filter)) {
        begun = true
        yield { type: 'session', session }
      }
      for await (const capture of pages((page) => vault.captures.list(own, page))) {
        if (!begun) yield { type: 'session', session }
        begun = true
        yield { type: 'capture', capture, session }
      }
    }
  }
  if (hasNotes(filter)) {
    for await (const note of pages((page) => vault.notes.list(page)))
      if (isNoteWithin(filter, note)) yield { type: 'note', note }
  }
  if (hasDocuments(filter)) yield* documentItems(vault, filter)
  if (isAll(filter)) yield await readLearner(vault)
}

async function readLearner(vault: Vault): Promise<VaultItem> {
  const memories: Memory[] = []
  const cards: Card[] = []
  for await (const memory of pages((page) => vault.memories.list({}, page))) memories.push(memory)
  for await (const card of pages((page) => vault.cards.list({}, page))) cards.push(card)
  return { type: 'learner', memories, cards }
}

async function* documentItems(vault: Vault, filter: ExportFilter): AsyncGenerator<VaultItem> {
  const collections = new Map((await vault.library.listCollections()).map((each) => [each.id, each]))
  for await (const document of documentsOf(vault, filter)) {
    const own = document.collections.map((id) => collections.get(id)).filter((each) => each !== undefined)
    yield { type: 'document', document, collections: own.map(({ id, name, createdAt }) => ({ id, name, createdAt })) }
  }
}

/** Captures, notes and documents that `readVault` yields, at most. */
export async function countItems(vault: Vault, filter: ExportFilter): Promise<number> {
  let count = hasCaptures(filter) ? await vault.captures.count(captureFilter(filter)) : 0
  if (hasNotes(filter)) count += await vault.notes.count()
  if (hasDocuments(filter)) for await (const _ of documentsOf(vault, filter)) count += 1
  return count
}

/** Whether the export holds this capture, so that a link to it leads somewhere. */
export function isCaptureWithin(filter: ExportFilter, capture: Capture): boolean {
  return (
    hasCaptures(filter) &&
    (filter.sessionId === undefined || capture.sessionId === filter.sessionId) &&
    (filter.source === undefined || capture.source === filter.source) &&
    isWithin(filter, capture.createdAt)
  )
}

export function isNoteWithin(filter: ExportFilter, note: Note): boolean {
  const { tag } = filter
  const tags = note.metadata?.tags
  const isTagged = tag === undefined || (Array.isArray(tags) && tags.includes(tag))
  return hasNotes(filter) && isTagged && isWithin(filter, note.createdAt)
}

export function isDocumentWithin(filter: ExportFilter, document: LibraryDocument): boolean {
  const { tag, collectionId } = filter
  return (
    hasDocuments(filter) &&
    (tag === undefined || document.tags.includes(tag)) &&
    (collectionId === undefined || document.collections.includes(collectionId)) &&
    isWithin(filter, document.createdAt)
  )
}

function isAll(filter: ExportFilter): boolean {
  return Object.values(filter).every((value) => value === undefined)
}

/** Captures have neither tags nor collections; notes and documents belong to no session. */
function hasCaptures({ kind, tag, collectionId }: ExportFilter): boolean {
  return (kind === undefined || kind === 'captures') && tag === undefined && collectionId === undefined
}

function hasNotes({ kind, sessionId, source, collectionId }: ExportFilter): boolean {
  const isWanted = kind === undefined || kind === 'notes'
  return isWanted && sessionId === undefined && source === undefined && collectionId === undefined
}

function hasDocuments({ kind, sessionId, source }: ExportFilter): boolean {
  return (kind === undefined || kind === 'documents') && sessionId === undefined && source === undefined
}

async function* documentsOf(vault: Vault, filter: ExportFilter): AsyncGenerator<LibraryDocument> {
  const { tag, collectionId } = filter
  const own = { ...(tag !== undefined && { tag }), ...(collectionId !== undefined && { collectionId }) }
  for await (const document of pages((page) => vault.library.list(own, page)))
    if (isDocumentWithin(filter, document)) yield document
}

function isWithin({ from, to }: ExportFilter, at: string): boolean {
  const instant = Date.parse(at)
  return (from === undefined || instant >= Date.parse(from)) && (to === undefined || instant < Date.parse(to))
}

function captureFilter({ from, to, sessionId, source }: ExportFilter): CaptureFilter {
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(sessionId !== undefined && { sessionId }),
    ...(source !== undefined && { source }),
  }
}

async function* sessionsOf(vault: Vault, filter: ExportFilter): AsyncGenerator<Session> {
  if (filter.sessionId !== undefined) yield await vault.sessions.get(filter.sessionId)
  else yield* pages((page) => vault.sessions.list(page))
}

async function* pages<T>(
  read: (page: { cursor: string | null; limit: number }) => Promise<{ items: T[]; next: string | null }>,
): AsyncGenerator<T> {
  let cursor: string | null = null
  do {
    const page = await read({ cursor, limit: PAGE })
    yield* page.items
    cursor = page.next
  } while (cursor !== null)
}
