import { LvaError } from '../../kernel/index.ts'
import type { Capture, DeliveredDocument, Settings } from '../../vault/index.ts'
import { attachmentsOf } from '../formats/markdown.ts'
import { FORMAT, record, VERSION } from '../records.ts'
import { readLines } from '../sources/lines.ts'
import type { Source, SourceFile } from '../sources/types.ts'
import { problem } from './items.ts'
import type { Attachment, ImportItem, ReadContext } from './types.ts'

/** Our own JSON Lines (docs/export.md §2). */
export async function* readJsonLines({ source, signal }: ReadContext): AsyncGenerator<ImportItem> {
  const file = jsonLinesFile(source)
  if (!file) return
  const attachments = attachmentFiles(source)
  let ended = false
  for await (const line of readLines(source.read(file))) {
    signal.throwIfAborted()
    const place = `${file.path}:${line.number}`
    if ('fault' in line) yield problem(line.fault, place, 'The line cannot be read.')
    else if (line.text.trim() !== '') {
      const item = readLine(line.text, place, attachments)
      if (item === 'end') ended = true
      else if (item) yield item
    }
  }
  if (!ended) yield problem('cut-off', file.path, 'The last line is missing: the file was cut.')
}

export function jsonLinesFile(source: Source): SourceFile | undefined {
  const named = source.files.find(({ path }) => path === `${FORMAT}.jsonl` || path.endsWith(`/${FORMAT}.jsonl`))
  return named ?? (source.files.length === 1 ? source.files[0] : undefined)
}

/** The files in `attachments/` by their SHA-256. */
export function attachmentFiles(source: Source): ReadonlyMap<string, SourceFile> {
  const files = new Map<string, SourceFile>()
  for (const file of source.files) {
    const [, sha256] = /(?:^|\/)attachments\/([0-9a-f]{64})(?:\.[a-z0-9]+)?$/.exec(file.path) ?? []
    if (sha256 !== undefined) files.set(sha256, file)
  }
  return files
}

/** @throws LvaError import-not-understood for a version of the future */
function readLine(text: string, place: string, files: ReadonlyMap<string, SourceFile>): ImportItem | 'end' | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return problem('malformed', place, 'The line is no JSON.')
  }
  const parsed = record.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return problem(
      'malformed',
      place,
      `A field does not fit: ${issue?.path.join('.') ?? ''} ${issue?.code ?? ''}`.trim(),
    )
  }
  const { data } = parsed
  switch (data.type) {
    case 'header':
      if (data.version > VERSION) throw newerVersion(data.version)
      return undefined
    case 'concepts': {
      const { names, terms, hidden, links } = data
      const corrections = {
        names: new Map(Object.entries(names)),
        terms: new Map(Object.entries(terms)),
        hidden: new Set(hidden),
        links,
      }
      return { type: 'concepts', corrections }
    }
    case 'settings':
      return { type: 'settings', settings: data.settings as Partial<Settings> }
    case 'session': {
      const { id, title, createdAt } = data
      return { type: 'session', session: { id, title, createdAt } }
    }
    case 'capture': {
      const { type, ...capture } = data
      return captureItem(capture, place, files)
    }
    case 'note': {
      const { type, metadata, ...note } = data
      return noteItem({ ...note, ...(metadata && { metadata }) }, place, files)
    }
    case 'document': {
      const { type, ...document } = data
      return documentItem(document, place, files)
    }
    case 'memory': {
      const { id, text, kind, about, receipt, validFrom, createdAt } = data
      return { type: 'memory', memory: { id, text, kind, about, receipt, validFrom, createdAt } }
    }
    case 'card': {
      const { front, back, source } = data
      return { type: 'card', card: { front, back, source } }
    }
    case 'end':
      return 'end'
  }
}

export function captureItem(capture: Capture, place: string, files: ReadonlyMap<string, SourceFile>): ImportItem {
  const { audioSha256, pictures = [] } = capture
  const named = [...(audioSha256 === null ? [] : [audioSha256]), ...pictures.map(({ sha256 }) => sha256)]
  const attachments = named.flatMap((sha256): Attachment[] => {
    const file = files.get(sha256)
    return file ? [{ file, name: file.path, sha256 }] : []
  })
  return { type: 'capture', capture, attachments, place }
}

export function noteItem(
  note: Extract<ImportItem, { type: 'note' }>['note'],
  place: string,
  files: ReadonlyMap<string, SourceFile>,
): ImportItem {
  const attachments = attachmentsOf(note).flatMap(({ name, sha256 }): Attachment[] => {
    const file = files.get(sha256)
    return file ? [{ file, name, sha256 }] : []
  })
  return { type: 'note', note, attachments, place }
}

export function documentItem(
  document: DeliveredDocument,
  place: string,
  files: ReadonlyMap<string, SourceFile>,
): ImportItem {
  return { type: 'document', document, file: files.get(document.sha256), place }
}

export function newerVersion(version: number): LvaError {
  return new LvaError(
    'import-not-understood',
    `The export has version ${version}; this program reads up to ${VERSION}.`,
    {
      advice: 'Update the program, then import it.',
    },
  )
}
