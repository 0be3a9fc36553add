import type { Capture, CaptureFilter, Note, Session, Vault } from '../../vault/index.ts'
import type { VaultItem } from '../records.ts'
import type { ExportFilter } from '../types.ts'

const PAGE = 200

/** Everything that the filter leaves, in the order of every export. One page is in memory at a time. */
export async function* readVault(vault: Vault, filter: ExportFilter): AsyncGenerator<VaultItem> {
  if (isAll(filter)) yield { type: 'settings', settings: await vault.settings.get() }
  if (filter.kind !== 'notes') {
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
  if (!hasNotes(filter)) return
  for await (const note of pages((page) => vault.notes.list(page)))
    if (isNoteWithin(filter, note)) yield { type: 'note', note }
}

/** Captures and notes that `readVault` yields, at most. */
export async function countItems(vault: Vault, filter: ExportFilter): Promise<number> {
  const captures = filter.kind === 'notes' ? 0 : await vault.captures.count(captureFilter(filter))
  return captures + (hasNotes(filter) ? await vault.notes.count() : 0)
}

/** Whether the export holds this capture, so that a link to it leads somewhere. */
export function isCaptureWithin(filter: ExportFilter, capture: Capture): boolean {
  return (
    filter.kind !== 'notes' &&
    (filter.sessionId === undefined || capture.sessionId === filter.sessionId) &&
    (filter.source === undefined || capture.source === filter.source) &&
    isWithin(filter, capture.createdAt)
  )
}

export function isNoteWithin(filter: ExportFilter, note: Note): boolean {
  return hasNotes(filter) && isWithin(filter, note.createdAt)
}

function isAll({ from, to, sessionId, source, kind }: ExportFilter): boolean {
  return from === undefined && to === undefined && sessionId === undefined && source === undefined && kind === undefined
}

function hasNotes({ kind, sessionId, source }: ExportFilter): boolean {
  return kind !== 'captures' && sessionId === undefined && source === undefined
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
