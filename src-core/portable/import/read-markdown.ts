import { decodeText, LARGEST_TEXT, readBeginning, readBytes } from '../sources/text.ts'
import type { SourceFile } from '../sources/types.ts'
import type { ImportKind } from '../types.ts'
import { splitFrontMatter, wordsOf } from './front-matter.ts'
import { contentId, instantOf, noteItems, problem } from './items.ts'
import { type Linker, linkerFor } from './links.ts'
import { attachmentFiles } from './read-json-lines.ts'
import { readOwnMarkdown } from './read-own-markdown.ts'
import type { ImportItem, ReadContext } from './types.ts'

const MARKDOWN = /\.(md|markdown|mdown|txt)$/i
const BEGINNING = 4_096

/** Folders of Markdown: ours, plain ones, Obsidian's and Logseq's. Each file tells by its head whether it is ours. */
export function readMarkdown(kind: ImportKind) {
  return async function* (context: ReadContext): AsyncGenerator<ImportItem> {
    const { source, signal } = context
    const own = attachmentFiles(source)
    const attached = new Set(own.values())
    const linker = linkerFor(source.files, kind === 'logseq' ? (path) => nameOf(path, kind) : undefined)
    for (const file of source.files) {
      signal.throwIfAborted()
      // A text among our attachments is a document, and no note of its own.
      if (!MARKDOWN.test(file.path) || attached.has(file)) continue
      const bytes = await readBytes(source, file, LARGEST_TEXT)
      const beginning = bytes ?? (await readBeginning(source, file, BEGINNING))
      if (/^---\r?\nlva: \d+\r?\n/.test(new TextDecoder().decode(beginning.subarray(0, BEGINNING))))
        yield* readOwnMarkdown(bytes ? [bytes] : source.read(file), file, own)
      else if (bytes) yield* noteOfFile(context, kind, file, bytes, linker)
      else yield problem('too-large', file.path, 'The file is larger than 16 MiB.')
    }
  }
}

async function* noteOfFile(
  { longestText, now }: ReadContext,
  kind: ImportKind,
  file: SourceFile,
  bytes: Uint8Array,
  linker: Linker,
): AsyncGenerator<ImportItem> {
  const { text, wasGuessed } = decodeText(bytes)
  if (wasGuessed) yield problem('not-utf8', file.path, 'The text is not UTF-8; it was read as Windows-1252.')
  const { properties = {}, body } = splitFrontMatter(text)
  const own = kind === 'logseq' ? logseqProperties(body) : {}
  const name = nameOf(file.path, kind)
  const title = typeof properties.title === 'string' ? properties.title : (own.title ?? name)
  if (body.trim() === '' && Object.keys(properties).length === 0) return
  const { links, attachments, missing } = linker.linksOf(body, file.path)
  for (const target of missing) yield problem('missing-attachment', file.path, `The file ${target} is not there.`)
  const tags = [...new Set([...wordsOf(properties.tags ?? properties.tag), ...wordsOf(own.tags), ...inlineTags(body)])]
  const day = /(\d{4})[-_](\d\d)[-_](\d\d)/.exec(name)
  const dated = day ? instantOf(`${day[1]}-${day[2]}-${day[3]}T00:00:00Z`) : undefined
  const changed = instantOf(file.changedAt) ?? now
  const created = firstInstant(properties.created, properties.date, properties.created_at) ?? dated ?? changed
  const updated = firstInstant(properties.updated, properties.modified) ?? changed
  yield* noteItems(
    {
      id: contentId(kind, file.path, text),
      title,
      body,
      createdAt: created,
      updatedAt: updated,
      metadata: {
        from: kind,
        path: file.path,
        ...(tags.length > 0 && { tags }),
        ...(Object.keys(properties).length > 0 && { properties }),
        ...(Object.keys(own).length > 0 && { properties: own }),
        ...(links.length > 0 && { links }),
      },
    },
    attachments,
    file.path,
    longestText,
  )
}

/** What the page is called: its file without ending; Logseq writes `/` as `___` or `%2F`, and days with underscores. */
function nameOf(path: string, kind: ImportKind): string {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(MARKDOWN, '')
  if (kind !== 'logseq') return file
  const name = file.replaceAll('___', '/')
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** `key:: value` lines at the head of a Logseq page. */
function logseqProperties(body: string): Record<string, string> {
  const properties: Record<string, string> = {}
  for (const line of body.split('\n')) {
    const found = /^(?:- )?\s*([\p{L}\p{N}_-]{1,60})::[ \t]+(.*?)\r?$/u.exec(line)
    if (!found) break
    properties[found[1] as string] = found[2] as string
  }
  return properties
}

/** `#tag` outside of code and links, as Obsidian has it: with a letter in it. */
function inlineTags(body: string): string[] {
  const text = body.replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`|\]\([^)]*\)|https?:\S+/g, ' ')
  return [...text.matchAll(/(?:^|\s)#([\p{L}\p{N}_/-]*\p{L}[\p{L}\p{N}_/-]*)/gu)].map(([, tag]) => tag as string)
}

function firstInstant(...values: unknown[]): string | undefined {
  for (const value of values) {
    const instant = value instanceof Date ? instantOf(value.toISOString()) : instantOf(value)
    if (instant !== undefined) return instant
  }
  return undefined
}
