import * as Y from 'yjs'
import { CORRECTION_MAPS, type CorrectionKey } from './concept-maps.ts'
import type { DocumentKind } from './document-names.ts'
import { blobsNamedIn, forgetsNote, isForgetting, isForgottenNote } from './forgotten.ts'
import type { Deed } from './history.ts'
import { deletionsBySession, JOURNAL_MAPS, type JournalMap, journalOf } from './journal.ts'
import { FIELDS, FORGOTTEN, keptRecords } from './kept-records.ts'
import { LIBRARY_MAPS, libraryOf, librarySubject } from './library.ts'
import { noteOf } from './note.ts'
import { OVERWRITTEN, SETTLED } from './overwritten.ts'
import { type Touched, touchKeptKey, touchKey, touchLibraryKey } from './projection.ts'
import { settingsOf } from './settings.ts'

/** What a transaction did to one document. */
export interface Observation {
  /** Bytes of what changed; null when nothing did. */
  update: Uint8Array | null
  touched: Touched
  /** What the learner may take back. Empty unless it was asked for. */
  deeds: Deed[]
  /** Something was forgotten for good: nothing that is stored of the document may hold it any longer. */
  forgets: boolean
  /** Subjects of the jobs that clean up after what was forgotten (`FORGET_JOB`). */
  leftovers: string[]
  /** Entries of conflicts came or went. */
  conflicts: boolean
}

/** Watches one document until `end`, which says what happened to it. With `deeds`, also how to take it back. */
export function observe(name: string, kind: DocumentKind, doc: Y.Doc, deeds: boolean): { end(): Observation } {
  const observation: Observation = {
    update: null,
    touched: { kind: 'other' },
    deeds: [],
    forgets: false,
    leftovers: [],
    conflicts: false,
  }
  const stops: (() => void)[] = []
  const onUpdate = (update: Uint8Array) => {
    observation.update = observation.update ? Y.mergeUpdates([observation.update, update]) : update
  }
  doc.on('update', onUpdate)
  stops.push(() => doc.off('update', onUpdate))

  const watchMap = (map: Y.Map<unknown>, onEvent: (event: Y.YMapEvent<unknown>) => void) => {
    map.observe(onEvent)
    stops.push(() => map.unobserve(onEvent))
  }
  const leave = (subject: string, blobs: readonly string[]) =>
    observation.leftovers.push(subject, ...blobs.map((sha256) => `blob:${sha256}`))
  if (kind.kind === 'journal') {
    const touched = { kind: 'journal' as const, captures: new Set<string>(), sessions: new Set<string>() }
    observation.touched = touched
    for (const map of JOURNAL_MAPS) {
      watchMap(doc.getMap(map), (event) => {
        for (const key of event.keysChanged) {
          touchKey(touched, map, key)
          if (map === 'tombstones' && isForgetting(event.target.get(key))) observation.forgets = true
          // A title goes by itself only from a deleted session.
          if (map === 'titles' && !event.target.has(key) && deletionsBySession(journalOf(doc)).has(key))
            observation.forgets = true
        }
        if (map === 'captures') {
          const what = kind.of === 'screens' ? 'frame' : 'capture'
          // Only forgetting takes records.
          for (const [id, record] of takenFrom(event)) leave(`${what}:${id}`, blobsNamedIn(record))
        }
        if (deeds) observation.deeds.push(...mapDeeds(name, map, event, bornIn(map)))
      })
    }
  } else if (kind.kind === 'settings') {
    const touched = { kind: 'settings' as const, keys: new Set<string>() }
    observation.touched = touched
    watchMap(settingsOf(doc), (event) => {
      for (const key of event.keysChanged) touched.keys.add(key)
      if (deeds) observation.deeds.push(...mapDeeds(name, 'settings', event))
    })
  } else if (kind.kind === 'library') {
    const touched = {
      kind: 'library' as const,
      documents: new Set<string>(),
      collections: new Set<string>(),
      corrections: [] as CorrectionKey[],
    }
    observation.touched = touched
    for (const part of CORRECTION_MAPS) {
      watchMap(doc.getMap(part), (event) => {
        for (const key of event.keysChanged) touched.corrections.push({ part, key })
        if (deeds) observation.deeds.push(...mapDeeds(name, part, event))
      })
    }
    for (const map of LIBRARY_MAPS) {
      watchMap(doc.getMap(map), (event) => {
        for (const key of event.keysChanged) {
          touchLibraryKey(touched, map, key)
          if (map.endsWith('Tombstones') && isForgetting(event.target.get(key))) observation.forgets = true
        }
        if (map === 'documents' || map === 'documentEdits') {
          for (const [key, record] of takenFrom(event)) {
            const subject = librarySubject(map, key)
            if (subject && (map === 'documents' || key.endsWith('/version')))
              leave(`document:${subject.id}`, blobsNamedIn(record))
          }
        }
        const born = map === 'documents' ? 'document' : map === 'collections' ? 'collection' : undefined
        if (deeds) observation.deeds.push(...mapDeeds(name, map, event, born))
      })
    }
  } else if (kind.kind === 'memories' || kind.kind === 'deck') {
    const ids = new Set<string>()
    observation.touched = { kind: kind.kind, ids }
    const { fields, forgotten } = keptRecords(doc, kind.kind)
    for (const map of [fields, forgotten]) {
      watchMap(map, (event) => {
        const isTombstone = map === forgotten
        for (const key of event.keysChanged) {
          touchKeptKey(ids, isTombstone, key)
          if (isTombstone && forgotten.has(key)) observation.forgets = true
        }
        if (deeds) observation.deeds.push(...mapDeeds(name, isTombstone ? FORGOTTEN : FIELDS[kind.kind], event))
      })
    }
  } else if (kind.kind === 'note') {
    observation.touched = { kind: 'note' }
    watchMap(noteOf(doc).fields, (event) => {
      if (isForgottenNote(doc) && Array.from(event.keysChanged).some(forgetsNote)) {
        observation.forgets = true
        leave(
          name,
          takenFrom(event).flatMap(([, value]) => blobsNamedIn(value)),
        )
      }
    })
    if (deeds) watchNote(name, doc, observation.deeds, stops, watchMap)
  }
  if (kind.kind !== 'other') {
    for (const map of [OVERWRITTEN, SETTLED]) {
      watchMap(doc.getMap(map), (event) => {
        observation.conflicts = true
        if (deeds) observation.deeds.push(...mapDeeds(name, map, event))
      })
    }
  }
  return {
    end: () => {
      for (const stop of stops.splice(0)) stop()
      // What comes back in the same breath leaves nothing.
      observation.leftovers = observation.leftovers.filter((subject) => !isThere(doc, subject))
      return observation
    },
  }
}

function watchNote(
  name: string,
  doc: Y.Doc,
  deeds: Deed[],
  stops: (() => void)[],
  watchMap: (map: Y.Map<unknown>, onEvent: (event: Y.YMapEvent<unknown>) => void) => void,
): void {
  const { body, fields } = noteOf(doc)
  const isNew = !fields.has('createdAt')
  if (isNew) {
    watchMap(fields, () => deeds.push({ kind: 'born', doc: name, what: 'note', key: name }))
    return
  }
  const before = body.toString()
  const onText = () => deeds.push({ kind: 'text', doc: name, before, after: body.toString() })
  body.observe(onText)
  stops.push(() => body.unobserve(onText))
  watchMap(fields, (event) => {
    // `updatedAt` follows every change, taking back included.
    deeds.push(...mapDeeds(name, 'fields', event).filter((deed) => deed.kind !== 'value' || deed.key !== 'updatedAt'))
  })
}

function mapDeeds(doc: string, map: string, event: Y.YMapEvent<unknown>, born?: Born): Deed[] {
  return Array.from(event.changes.keys, ([key, change]): Deed => {
    if (born && change.action === 'add') return { kind: 'born', doc, what: born, key }
    const before = change.action === 'add' ? undefined : change.oldValue
    return { kind: 'value', doc, map, key, before, after: event.target.get(key) }
  })
}

/** Keys that lost their value, with it. */
function takenFrom(event: Y.YMapEvent<unknown>): [key: string, value: unknown][] {
  if (Array.from(event.keysChanged).every((key) => event.target.has(key))) return []
  return Array.from(event.changes.keys).flatMap(([key, { action, oldValue }]) =>
    action === 'delete' ? [[key, oldValue] as [string, unknown]] : [],
  )
}

function isThere(doc: Y.Doc, subject: string): boolean {
  const id = subject.slice(subject.indexOf(':') + 1)
  if (subject.startsWith('note:')) return !isForgottenNote(doc)
  if (subject.startsWith('document:')) return libraryOf(doc).documents.has(id)
  return !subject.startsWith('blob:') && journalOf(doc).captures.has(id)
}

type Born = Exclude<Extract<Deed, { kind: 'born' }>['what'], 'note'>

function bornIn(map: JournalMap): 'capture' | 'session' | undefined {
  if (map === 'captures') return 'capture'
  return map === 'sessions' ? 'session' : undefined
}
