import { type MarkerName, readMarker, unshield } from '../formats/markers.ts'
import { captureRecord, documentRecord, noteRecord } from '../records.ts'
import { readLines } from '../sources/lines.ts'
import type { SourceFile } from '../sources/types.ts'
import { parseFrontMatter } from './front-matter.ts'
import { problem } from './items.ts'
import { captureItem, documentItem, newerVersion, noteItem } from './read-json-lines.ts'
import type { ImportItem } from './types.ts'

/** A Markdown file that this program exported (docs/export.md §3), line by line. */
export async function* readOwnMarkdown(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  file: SourceFile,
  files: ReadonlyMap<string, SourceFile>,
): AsyncGenerator<ImportItem> {
  let head: string[] | null = []
  let about: Record<string, unknown> = {}
  let open: OpenRecord | null = null
  for await (const line of readLines(pieces)) {
    const place = `${file.path}:${line.number}`
    if ('fault' in line) {
      yield problem(line.fault, place, 'The line cannot be read; the entry in which it stands is left out.')
      open = null
      continue
    }
    if (head) {
      if (line.number > 1 && line.text.trimEnd() === '---') {
        about = parseFrontMatter(head.join('\n')) ?? {}
        head = null
        if (Number(about.lva) > 1) throw newerVersion(Number(about.lva))
        if (about.kind === 'session') yield sessionOf(about)
      } else if (line.number > 1) head.push(line.text)
      continue
    }
    let mark: ReturnType<typeof readMarker>
    try {
      mark = readMarker(line.text)
    } catch {
      yield problem('malformed', place, 'The comment before an entry was changed.')
      open = null
      continue
    }
    if (!mark) {
      open?.lines.push(line.text)
    } else if (mark.name === 'capture' || mark.name === 'body' || mark.name === 'document') {
      if (open) yield problem('cut-off', place, 'The entry before has no end.')
      open = { at: place, data: mark.data, part: mark.name, lines: [], texts: {}, answer: undefined }
    } else if (open) {
      open.texts[open.part] ??= open.lines.join('\n')
      open.part = mark.name
      open.lines = []
      if (mark.name === 'answer') open.answer = mark.data
      if (mark.name === 'end') {
        yield finish(open, about, files)
        open = null
      }
    }
  }
  if (open) yield problem('cut-off', open.at, 'The file ends in the middle of an entry.')
}

interface OpenRecord {
  at: string
  /** What the comments say. */
  data: unknown
  answer: unknown
  /** The texts so far by the comment before them, and the one that is being read. */
  texts: Partial<Record<MarkerName, string>>
  part: MarkerName
  lines: string[]
}

function sessionOf({ id, title, created }: Record<string, unknown>): ImportItem {
  return {
    type: 'session',
    session: { id: String(id), title: typeof title === 'string' ? title : null, createdAt: String(created) },
  }
}

function finish(open: OpenRecord, about: Record<string, unknown>, files: ReadonlyMap<string, SourceFile>): ImportItem {
  const textOf = (part: MarkerName) => unshield(open.texts[part] ?? '')
  const data = open.data as object
  if (about.kind === 'note') {
    const { id, title, created, updated } = about
    const note = noteRecord.safeParse({
      type: 'note',
      id,
      title,
      createdAt: created,
      updatedAt: updated,
      body: textOf('body'),
      ...data,
    })
    if (!note.success) return problem('malformed', open.at, 'The properties of the note do not fit.')
    const { type, metadata, ...rest } = note.data
    return noteItem({ ...rest, ...(metadata && { metadata }) }, open.at, files)
  }
  if (about.kind === 'document') {
    const { id, title, created, updated } = about
    const document = documentRecord.safeParse({
      ...{ type: 'document', id, title, createdAt: created, updatedAt: updated },
      ...data,
    })
    if (!document.success) return problem('malformed', open.at, 'The properties of the document do not fit.')
    const { type, ...rest } = document.data
    return documentItem(rest, open.at, files)
  }
  const answer = open.answer === undefined ? null : { ...(open.answer as object), text: textOf('answer') }
  const capture = captureRecord.safeParse({ type: 'capture', ...data, userText: textOf('said'), answer })
  if (!capture.success) return problem('malformed', open.at, 'The comment before the entry does not fit.')
  const { type, ...rest } = capture.data
  return captureItem(rest, open.at, files)
}
