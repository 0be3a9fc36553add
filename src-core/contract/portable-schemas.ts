import { z } from 'zod'
import { captureSource } from './schemas.ts'

/** Shapes of export and import (docs/export.md). */

const instant = z.iso.datetime({ offset: true })
const count = z.number().int().nonnegative()
const path = z.string().min(1).max(4_096)

export const exportFormat = z.enum(['jsonl', 'markdown', 'csv'])
export const packing = z.enum(['file', 'folder', 'zip'])

export const exportFilter = z.object({
  from: instant.optional(),
  to: instant.optional(),
  sessionId: z.string().min(1).max(512).optional(),
  source: captureSource.optional(),
  kind: z.enum(['captures', 'notes', 'documents']).optional(),
  tag: z.string().min(1).max(100).optional(),
  collectionId: z.string().min(1).max(128).optional(),
})

const exportCounts = z.object({
  sessions: count,
  captures: count,
  notes: count,
  documents: count,
  attachments: count,
  missing: count,
})

const progress = z.object({ type: z.literal('progress'), done: count, total: count.nullable() })

/** To a path of this machine, for the command line only. */
export const exportToPath = z.object({ format: exportFormat, packing, filter: exportFilter, target: path })
export const exportToPathEvent = z.discriminatedUnion('type', [
  progress,
  z.object({ type: z.literal('done'), result: exportCounts.extend({ path }) }),
])

export const exportForPage = z.object({
  format: exportFormat,
  packing: packing.exclude(['folder']),
  filter: exportFilter,
})
export const exportForPageEvent = z.discriminatedUnion('type', [
  progress,
  z.object({
    type: z.literal('done'),
    result: exportCounts.extend({ id: z.string(), name: z.string(), bytes: count }),
  }),
])

export const importKind = z.enum([
  'json-lines',
  'markdown',
  'obsidian',
  'logseq',
  'notion',
  'anki',
  'chatgpt',
  'claude',
  'bookmarks',
])

export const importRequest = z.object({
  /** A path is for the command line only. */
  origin: z.union([z.strictObject({ path }), z.strictObject({ upload: z.string() })]),
  /** Told by the content where it is left out. */
  kind: importKind.optional(),
})

export const problemCode = z.enum([
  'cut-off',
  'malformed',
  'not-utf8',
  'too-large',
  'unsafe-name',
  'link-outside',
  'encrypted',
  'unreadable',
  'missing-attachment',
  'refused',
])

const counts = z.object({
  sessions: count,
  captures: count,
  notes: count,
  documents: count,
  present: count,
  deleted: count,
})

export const importReport = z.object({
  kind: importKind,
  name: z.string(),
  counts,
  attachments: count,
  attachmentBytes: count,
  from: instant.nullable(),
  to: instant.nullable(),
  settings: z.array(z.string()),
  corrections: count,
  problems: z.array(z.object({ code: problemCode, place: z.string(), detail: z.string() })),
  problemCount: count,
})

export const inspectEvent = z.discriminatedUnion('type', [
  progress,
  z.object({ type: z.literal('done'), report: importReport }),
])
export const importEvent = z.discriminatedUnion('type', [
  progress,
  z.object({ type: z.literal('done'), report: importReport.extend({ id: z.string() }) }),
])

export const importReceipt = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  at: instant,
  finishedAt: instant.nullable(),
  rolledBackAt: instant.nullable(),
  counts,
})

export const rollBackEvent = z.discriminatedUnion('type', [
  progress,
  z.object({
    type: z.literal('done'),
    removed: count,
    kept: count,
    /** The first hundred of those that stay, because the learner changed them. */
    keptItems: z.array(z.object({ kind: z.enum(['capture', 'note', 'document']), id: z.string(), words: z.string() })),
  }),
])
