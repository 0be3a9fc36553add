import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type {
  Client,
  V1ImportReport,
  V1Inspection,
  V1Place,
  V1Progress,
  V1RollbackReport,
  V1VerifyReport,
} from '../../../src-core/contract/index.ts'
import { EXIT } from '../../exit-codes.ts'
import { type CommandContext, usageError } from '../command.ts'
import { harmless } from '../terminal.ts'

export interface ImportV1Options {
  dryRun?: boolean
  execute?: boolean
  verify?: boolean
  rollback?: boolean
  redis?: string
  report?: string
}

/** Where the file is gone, the import can be named instead. */
const IMPORT_ID = /^v1-[0-9a-f]{24}$/

type Event<T> = V1Progress | { type: 'done'; report: T }

/** Brings over what v1 kept, checks it, or takes it back. @returns exit code 1 when verifying found a difference */
export async function importV1(context: CommandContext, path: string, options: ImportV1Options): Promise<number> {
  const deed = deedOf(options)
  const place = placeOf(path, options.redis)
  const { signal } = context
  const client = await context.client()
  switch (deed) {
    case 'execute':
      return say(context, await follow(context, await client.legacy.execute(place, { signal })), importLines)
    case 'verify':
      return verify(context, client, place, options.report)
    case 'rollback': {
      const id = IMPORT_ID.test(path) ? path : (await client.legacy.importId(place, { signal })).id
      return say(context, await follow(context, await client.legacy.rollBack({ id }, { signal })), rollbackLines)
    }
    default:
      return say(context, await follow(context, await client.legacy.inspect(place, { signal })), inspectionLines)
  }
}

async function verify(context: CommandContext, client: Client, place: V1Place, file?: string): Promise<number> {
  const { signal } = context
  const report = await follow(context, await client.legacy.verify(place, { signal }))
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
  say(context, report, verifyLines)
  return report.ok ? EXIT.done : EXIT.failed
}

/** @throws LvaError bad-input when several are asked for */
function deedOf({ dryRun, execute, verify: verifying, rollback }: ImportV1Options) {
  const asked = Object.entries({ dryRun, execute, verify: verifying, rollback }).filter(([, isAsked]) => isAsked)
  if (asked.length > 1)
    throw usageError('Only one of --dry-run, --execute, --verify and --rollback can be done at once.')
  return asked[0]?.[0] ?? 'dryRun'
}

function placeOf(path: string, redis: string | undefined): V1Place {
  if (redis === undefined) return { path: resolve(path) }
  return { path: resolve(path), redis: /^rediss?:\/\//i.test(redis) ? redis : resolve(redis) }
}

const PHASES: Record<V1Progress['phase'], string> = {
  reading: 'Reading',
  dumping: 'Dumping the vault first',
  writing: 'Importing',
  'waiting-for-index': 'Waiting for the index',
  comparing: 'Comparing',
  searching: 'Searching',
  removing: 'Taking back',
}

/** Says how far it is, on a terminal at every step, else at the beginning of each phase. */
async function follow<T>({ terminal, json }: CommandContext, events: AsyncIterable<Event<T>>): Promise<T> {
  let phase: string | undefined
  for await (const event of events) {
    if (event.type === 'done') return event.report
    const isNew = event.phase !== phase
    phase = event.phase
    if (json || !(isNew || process.stderr.isTTY)) continue
    terminal.remark(`${PHASES[event.phase]}${event.total > 0 ? `: ${event.done} of ${event.total}` : ' ...'}`)
  }
  throw new Error('The stream ended without a report.')
}

function say<T>({ terminal, json }: CommandContext, report: T, lines: (report: T) => string[]): number {
  if (json) terminal.json(report)
  else for (const line of lines(report)) terminal.line(harmless(line))
  return EXIT.done
}

function inspectionLines(report: V1Inspection): string[] {
  const { rows, sessions, fresh, known, flags, refused, redis, needs, free } = report
  return [
    `${report.name}: ${rows} rows, ${sessions} sessions, ${report.from ?? 'no time'} to ${report.to ?? 'no time'}`,
    `  to be imported        ${fresh}`,
    `  in the vault already  ${known}`,
    ...flags.map(({ flag, rows: flagged, examples }) => `  flagged ${flag}: ${flagged} (row ${examples.join(', ')})`),
    ...(report.duplicates > 0 ? [`  same as an earlier row, kept: ${report.duplicates}`] : []),
    ...(report.changed > 0 ? [`  in the vault with another content, kept beside it: ${report.changed}`] : []),
    ...refused.map(({ id, reason }) => `  refused: row ${id} (${reason})`),
    ...(redis
      ? [
          `  Redis: ${redis.exchanges} exchanges of ${redis.sessions} sessions, ${redis.missing} of them not in the file`,
          `  Redis: ${redis.phoneNumbers} callers' numbers are left out; ${redis.unreadable} values cannot be read`,
        ]
      : []),
    ...report.others.map((other) => `  not read: ${other}`),
    `  needs about ${megabytes(needs.bytes)} of ${megabytes(free)} free, ${needs.seconds} s, and ${needs.indexSeconds} s in the background`,
    fresh === 0 ? 'There is nothing to import.' : 'Nothing was written. Import with --execute.',
  ]
}

function importLines({ added, known, dump, inspection }: V1ImportReport): string[] {
  return [
    ...(dump === null ? [] : [`The vault as it was before: dumps/${dump}`]),
    `Imported ${added}; ${known} were there already; ${inspection.refused.length} were refused.`,
    'Check it with --verify.',
  ]
}

function verifyLines(report: V1VerifyReport): string[] {
  const { checked, changedSince, search } = report
  return [
    `${report.name}: ${report.rows} rows`,
    `  documents ${checked.documents}, tables ${checked.tables}, chunks ${checked.chunks}, vectors ${checked.vectors}, read for concepts ${checked.concepts}, back to v1 ${checked.captures}`,
    `  changed since by you: ${changedSince.edited} edited, ${changedSince.deleted} deleted, ${changedSince.answered} answered anew`,
    `  search: ${search.queries} queries, ${search.found} of ${search.expected} captures found`,
    ...(report.indexComplete ? [] : ['  the index is not complete, and does not come on']),
    ...Object.entries(report.counts).map(([kind, count]) => `  DIFFERENCE ${kind}: ${count}`),
    ...report.differences.map(({ kind, id, detail }) => `    ${kind} ${id}${detail === '' ? '' : `: ${detail}`}`),
    report.ok ? 'Everything is there, and nothing else.' : 'There are differences.',
  ]
}

function rollbackLines({ removed, kept }: V1RollbackReport): string[] {
  const list = (name: string, ids: readonly string[]) => ids.map((id) => `  ${name}: ${id}`)
  return [
    `Took back ${removed}.`,
    ...list('stays, edited since', kept.edited),
    ...list('stays, answered anew', kept.answered),
    ...list('stays, added since', kept.added),
    ...list('stays, the name of session', kept.named),
  ]
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MB`
}
