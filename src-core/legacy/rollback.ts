import { LvaError } from '../kernel/index.ts'
import { refuseIfAborted } from './faults.ts'
import type { OnProgress, RollbackReport } from './types.ts'
import type { Workshop } from './workshop.ts'

const PAGE = 500
/** Ids that a report lists of one kind. */
const MOST_LISTED = 1_000

interface Brought extends Record<string, unknown> {
  id: string
  session_id: string
  edited: boolean
  answered: boolean
}

/**
 * Takes away what an import brought, and nothing of what the learner did since (docs/import-v1.md §6). Stopped anywhere, the next run goes on.
 * @throws LvaError not-found, cancelled
 */
export async function rollBack(
  workshop: Workshop,
  importId: string,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<RollbackReport> {
  const { db, vault, vaultId, records, clock } = workshop
  const record = (await records.list()).find(({ id }) => id === importId)
  if (!record) {
    throw new LvaError('not-found', 'There was no such import.', {
      advice: 'Look in the list of imports in Settings, Import from v1.',
    })
  }
  const total = await countBrought(workshop, importId)
  const report: RollbackReport = { importId, removed: 0, kept: { edited: [], answered: [], added: [], named: [] } }
  const sessions = new Set<string>()
  let after = ''
  let done = 0
  onProgress({ phase: 'removing', done, total })
  for (;;) {
    refuseIfAborted(signal)
    const page: Brought[] = await db.query<Brought>(
      `select id, session_id, edited_at is not null as edited, coalesce(answer->>'provider', 'v1') <> 'v1' as answered
      from captures where vault_id = $1 and metadata->>'import' = $2 and id > $3 order by id limit ${PAGE}`,
      [vaultId, importId, after],
    )
    const last = page.at(-1)
    if (!last) break
    after = last.id
    for (const { session_id } of page) sessions.add(session_id)
    keep(
      report.kept.edited,
      page.filter(({ edited }) => edited),
    )
    keep(
      report.kept.answered,
      page.filter(({ answered }) => answered),
    )
    const gone = page.filter(({ edited, answered }) => !edited && !answered).map(({ id }) => id)
    report.removed += await vault.imports.withdraw(gone, importId)
    done += page.length
    onProgress({ phase: 'removing', done, total })
  }
  await listSessions(workshop, [...sessions], report)
  const left = await countBrought(workshop, importId)
  await records.setState(importId, {
    state: left === 0 ? 'rolled-back' : 'partly-rolled-back',
    at: new Date(clock.now()).toISOString(),
  })
  return report
}

/** What the learner added to the sessions of the import, and the names that they gave. */
async function listSessions(
  { db, vaultId }: Workshop,
  sessions: readonly string[],
  { kept }: RollbackReport,
): Promise<void> {
  for (let from = 0; from < sessions.length; from += PAGE) {
    const some = sessions.slice(from, from + PAGE)
    keep(
      kept.added,
      await db.query<{ id: string }>(
        `select id from captures where vault_id = $1 and session_id = any($2::text[])
        and coalesce(metadata->>'import', '') = '' order by created_at, id limit ${MOST_LISTED}`,
        [vaultId, some],
      ),
    )
    keep(
      kept.named,
      await db.query<{ id: string }>(
        `select id from sessions where vault_id = $1 and id = any($2::text[]) and title is not null order by id`,
        [vaultId, some],
      ),
    )
  }
}

/** Captures that the import brought and that are there. */
export async function countBrought({ db, vaultId }: Workshop, importId: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::int as count from captures where vault_id = $1 and metadata->>'import' = $2`,
    [vaultId, importId],
  )
  return row?.count ?? 0
}

function keep(list: string[], rows: readonly { id: string }[]): void {
  list.push(...rows.slice(0, Math.max(0, MOST_LISTED - list.length)).map(({ id }) => id))
}
