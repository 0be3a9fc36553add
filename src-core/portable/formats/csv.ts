import type { VaultItem } from '../records.ts'
import { documentFile, pictureFile } from './markdown.ts'

/** The CSV of an export (docs/export.md §4). */

export const CSV_COLUMNS = [
  'kind',
  'id',
  'session_id',
  'session_title',
  'created_at',
  'edited_at',
  'source',
  'title',
  'text',
  'answer',
  'answer_provider',
  'answer_model',
  'answer_created_at',
  'cost_usd',
  'file',
  'tags',
  'collections',
] as const

type Row = Partial<Record<(typeof CSV_COLUMNS)[number], string | number | null | undefined>>

/** Spreadsheets take a file without a byte order mark for one in an old encoding. */
export const CSV_HEAD = `\ufeff${CSV_COLUMNS.join(',')}\r\n`

/** Null for what has no row. */
export function csvRow(item: VaultItem): string | null {
  if (item.type === 'capture') {
    const { capture, session } = item
    return rowOf({
      kind: 'capture',
      id: capture.id,
      session_id: capture.sessionId,
      session_title: session.title,
      created_at: capture.createdAt,
      edited_at: capture.editedAt,
      source: capture.source,
      text: capture.userText,
      answer: capture.answer?.text,
      answer_provider: capture.answer?.provider,
      answer_model: capture.answer?.model,
      answer_created_at: capture.answer?.createdAt,
      cost_usd: capture.answer?.costUsd,
      file: capture.audioSha256
        ? `attachments/${capture.audioSha256}.wav`
        : capture.pictures?.map((picture) => `attachments/${pictureFile(picture)}`).join(' '),
    })
  }
  if (item.type === 'document') {
    const { document, collections } = item
    return rowOf({
      kind: 'document',
      id: document.id,
      created_at: document.createdAt,
      edited_at: document.updatedAt,
      title: document.title,
      file: `attachments/${documentFile(document)}`,
      tags: document.tags.join(' '),
      collections: collections.map(({ name }) => name).join(', '),
    })
  }
  if (item.type !== 'note') return null
  const { note } = item
  const tags = note.metadata?.tags
  return rowOf({
    kind: 'note',
    id: note.id,
    created_at: note.createdAt,
    edited_at: note.updatedAt,
    title: note.title,
    text: note.body,
    tags: Array.isArray(tags) ? tags.join(' ') : '',
  })
}

function rowOf(row: Row): string {
  return `${CSV_COLUMNS.map((column) => cell(row[column])).join(',')}\r\n`
}

/** A cell as RFC 4180 §2 has it; a text that a spreadsheet would run begins with an apostrophe. */
export function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
