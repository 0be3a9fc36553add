import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { isLvaError } from '../../kernel/index.ts'
import { archiveSource } from '../sources/archive.ts'
import { decodeText, LARGEST_TEXT, readBytes } from '../sources/text.ts'
import type { Source, SourceFile } from '../sources/types.ts'
import { contentId, instantOf, noteItems, problem } from './items.ts'
import { type Linker, linkerFor } from './links.ts'
import type { ImportItem, ReadContext } from './types.ts'

/** `Title 0123456789abcdef0123456789abcdef.md`: the id of the page. */
const NAME = /^(.*?)[ -]?([0-9a-f]{32})?(_all)?\.(md|csv)$/

/** Notion's export: pages as Markdown, databases as CSV, in one archive or in archives inside one. */
export async function* readNotion(context: ReadContext): AsyncGenerator<ImportItem> {
  const { source, signal } = context
  const linker = linkerFor(source.files)
  const paths = new Set(source.files.map(({ path }) => path))
  for (const file of source.files) {
    signal.throwIfAborted()
    if (/\.zip$/i.test(file.path)) yield* readInner(context, file)
    else if (/\.md$/i.test(file.path)) yield* pageItems(context, file, linker)
    // The same database with and without the rows that its view hides.
    else if (/\.csv$/i.test(file.path) && !paths.has(file.path.replace(/\.csv$/i, '_all.csv'))) {
      yield* tableItems(context, file)
    }
  }
}

/** An archive inside the archive. It is written beside, because entries are found from its end. */
async function* readInner(context: ReadContext, file: SourceFile): AsyncGenerator<ImportItem> {
  const folder = await mkdtemp(join(tmpdir(), 'lva-notion-'))
  let inner: Source | undefined
  try {
    const path = join(folder, 'inner.zip')
    await pipeline(Readable.from(context.source.read(file)), createWriteStream(path))
    inner = await archiveSource(path, context.signal)
    for (const fault of inner.problems) yield { type: 'problem', problem: fault }
    // One level: what lies deeper is no export of Notion's.
    const flat = { ...inner, files: inner.files.filter(({ path: name }) => !/\.zip$/i.test(name)) }
    yield* readNotion({ ...context, source: flat })
  } catch (error) {
    if (!isLvaError(error, 'archive-damaged')) throw error
    yield problem('unreadable', file.path, 'This archive inside the archive is damaged.')
  } finally {
    await inner?.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function* pageItems(context: ReadContext, file: SourceFile, linker: Linker): AsyncGenerator<ImportItem> {
  const text = yield* textOf(context, file)
  if (text === undefined) return
  const { title, id } = nameOf(file.path)
  // The page repeats its title as the first heading.
  const heading = /^# (.*?)\r?\n+/.exec(text)
  const body = heading ? text.slice(heading[0].length) : text
  const { links, attachments, missing } = linker.linksOf(body, file.path)
  for (const target of missing) yield problem('missing-attachment', file.path, `The file ${target} is not there.`)
  const at = instantOf(file.changedAt) ?? context.now
  const metadata = { from: 'notion', path: file.path, ...(id && { notionId: id }), ...(links.length > 0 && { links }) }
  yield* noteItems(
    {
      id: contentId('notion', id ?? file.path, text),
      title: heading?.[1] ?? title,
      body,
      createdAt: at,
      updatedAt: at,
      metadata,
    },
    attachments,
    file.path,
    context.longestText,
  )
}

async function* tableItems(context: ReadContext, file: SourceFile): AsyncGenerator<ImportItem> {
  const text = yield* textOf(context, file)
  if (text === undefined) return
  const { title, id } = nameOf(file.path)
  const lines: string[] = []
  try {
    // Taken as they are read: what stands before a fault would be lost in the stream's buffer.
    const on_record = (row: string[]) => {
      lines.push(`| ${row.map((value) => value.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`)
      if (lines.length === 1) lines.push(`|${' --- |'.repeat(row.length)}`)
      return null
    }
    const options = { bom: true, relax_column_count: true, relax_quotes: true, on_record }
    await finished(Readable.from([text]).pipe(parse(options)).resume())
  } catch {
    yield problem('malformed', file.path, 'The table cannot be read to its end.')
  }
  if (lines.length === 0) return
  const at = instantOf(file.changedAt) ?? context.now
  const metadata = { from: 'notion', path: file.path, ...(id && { notionId: id }) }
  yield* noteItems(
    {
      id: contentId('notion', id ?? file.path, text),
      title,
      body: lines.join('\n'),
      createdAt: at,
      updatedAt: at,
      metadata,
    },
    [],
    file.path,
    context.longestText,
  )
}

async function* textOf({ source }: ReadContext, file: SourceFile): AsyncGenerator<ImportItem, string | undefined> {
  const bytes = await readBytes(source, file, LARGEST_TEXT)
  if (!bytes) {
    yield problem('too-large', file.path, 'The file is larger than 16 MiB.')
    return undefined
  }
  const { text, wasGuessed } = decodeText(bytes)
  if (wasGuessed) yield problem('not-utf8', file.path, 'The text is not UTF-8; it was read as Windows-1252.')
  return text
}

function nameOf(path: string): { title: string; id: string | undefined } {
  const [, title = '', id] = NAME.exec(path.slice(path.lastIndexOf('/') + 1)) ?? []
  return { title, id }
}
