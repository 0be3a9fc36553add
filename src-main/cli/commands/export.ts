import { extname, resolve } from 'node:path'
import type { Client, ExportFilter, ExportFormat } from '../../../src-core/contract/index.ts'
import { type CommandContext, instant, usageError } from '../command.ts'
import { harmless } from '../terminal.ts'
import { showProgress } from './progress.ts'

export interface ExportOptions {
  format: string
  to: string
  from?: string
  until?: string
  session?: string
  source?: string
  only?: string
  tag?: string
  collection?: string
}

const FORMATS: Record<string, ExportFormat> = { md: 'markdown', markdown: 'markdown', jsonl: 'jsonl', csv: 'csv' }
const SOURCES = ['text', 'voice', 'import', 'cli', 'screen'] as const
const KINDS = ['captures', 'notes', 'documents'] as const

/** Writes everything, or what a filter leaves, to a file, an archive or a folder. */
export async function exportTo(context: CommandContext, options: ExportOptions): Promise<void> {
  const { terminal, json, signal } = context
  const format = FORMATS[options.format]
  if (!format) throw usageError('--format must be md, jsonl or csv.')
  const filter: ExportFilter = {
    ...(options.from && { from: instant(options.from, 'from') }),
    ...(options.until && { to: instant(options.until, 'until') }),
    ...(options.session && { sessionId: options.session }),
    ...(options.source && { source: oneOf(options.source, 'source', SOURCES) }),
    ...(options.only && { kind: oneOf(options.only, 'only', KINDS) }),
    ...(options.tag && { tag: options.tag }),
  }
  const target = resolve(options.to)
  const client = await context.client()
  if (options.collection) filter.collectionId = await collectionNamed(client, options.collection)
  const events = await client.portable.exportTo(
    { format, packing: packingOf(format, target), filter, target },
    { signal },
  )
  for await (const event of events) {
    if (event.type === 'progress') showProgress(context, 'Exported', event)
    else if (json) terminal.json(event.result)
    else {
      const { path, sessions, captures, notes, documents, attachments, missing } = event.result
      terminal.line(
        `${harmless(path)}: ${sessions} sessions, ${captures} captures, ${notes} notes, ${documents} documents, ${attachments} attachments`,
      )
      if (missing > 0)
        terminal.remark(`${missing} recordings, attachments or files of documents are not in this data folder.`)
    }
  }
}

/** @throws LvaError bad-input when there is none of that name */
async function collectionNamed(client: Client, name: string): Promise<string> {
  const { collections } = await client.collections.list()
  const found = collections.find((collection) => collection.name === name)
  if (found) return found.id
  throw usageError(`There is no collection ${name}. There are: ${collections.map((each) => each.name).join(', ')}`)
}

/** By what the target is called: an archive, one file, or a folder. */
function packingOf(format: ExportFormat, target: string): 'file' | 'folder' | 'zip' {
  const ending = extname(target).toLowerCase()
  if (ending === '.zip') return 'zip'
  return format !== 'markdown' && ending === `.${format}` ? 'file' : 'folder'
}

function oneOf<T extends string>(text: string, name: string, values: readonly T[]): T {
  const value = values.find((known) => known === text)
  if (value) return value
  throw usageError(`--${name} must be one of ${values.join(', ')}.`)
}
