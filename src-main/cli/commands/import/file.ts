import { resolve } from 'node:path'
import { type ImportKind, type ImportReport, portableSchemas } from '../../../../src-core/contract/index.ts'
import { type CommandContext, usageError } from '../../command.ts'
import { harmless, shownTime } from '../../terminal.ts'
import { showProgress } from '../progress.ts'

export interface ImportOptions {
  kind: string
  dryRun?: boolean
  execute?: boolean
}

/** Says what a file or folder would bring; with `--execute`, brings it. */
export async function importFile(context: CommandContext, path: string, options: ImportOptions): Promise<void> {
  const { terminal, json, signal } = context
  if (options.execute && options.dryRun) throw usageError('Choose either --dry-run or --execute.')
  const request = { origin: { path: resolve(path) }, ...kindOf(options.kind) }
  const client = await context.client()
  const events = options.execute
    ? await client.portable.import(request, { signal })
    : await client.portable.inspect(request, { signal })
  for await (const event of events) {
    if (event.type === 'progress') showProgress(context, 'Read', event)
    else if (json) terminal.json({ executed: options.execute === true, ...event.report })
    else {
      showReport(context, event.report)
      if ('id' in event.report) terminal.line(`Imported. To take it back: lva import undo ${event.report.id}`)
      else terminal.remark('Nothing was written. Run it again with --execute to import.')
    }
  }
}

function kindOf(text: string): { kind?: ImportKind } {
  if (text === 'auto') return {}
  const kinds = portableSchemas.importKind.options
  const kind = kinds.find((known) => known === text)
  if (!kind) throw usageError(`--kind must be auto or one of ${kinds.join(', ')}.`)
  return { kind }
}

function showReport({ terminal }: CommandContext, report: ImportReport): void {
  const { kind, name, counts, attachments, from, to, settings, corrections, problems, problemCount } = report
  terminal.line(`${harmless(name)}: ${kind}`)
  terminal.line(
    `  new: ${counts.sessions} sessions, ${counts.captures} captures, ${counts.notes} notes, ${counts.documents} documents, ${attachments} attachments`,
  )
  terminal.line(`  here already: ${counts.present}; deleted here and left deleted: ${counts.deleted}`)
  if (from && to) terminal.line(`  from ${shownTime(from)} to ${shownTime(to)}`)
  if (settings.length > 0) terminal.line(`  settings: ${settings.join(', ')}`)
  if (corrections > 0) terminal.line(`  corrections of concepts: ${corrections}`)
  for (const { place, detail } of problems) terminal.line(`  ! ${harmless(place)}: ${harmless(detail)}`)
  if (problemCount > problems.length) terminal.line(`  ! and ${problemCount - problems.length} more`)
}
