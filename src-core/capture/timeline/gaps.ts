import type { Database } from '../../store/index.ts'
import type { TimelineGap } from './types.ts'

interface GapParts {
  db: Database
  vault: { readonly id: string }
}

/** Frames that are lost within so many milliseconds of each other are one gap. */
const TOGETHER = 60_000

/** Remembers that a frame was lost. */
export async function noteGap({ db, vault }: GapParts, why: TimelineGap['why'], at: number): Promise<void> {
  const when = new Date(at)
  const joined = await db.query(
    `update screen_gaps set to_at = greatest(to_at, $3), frames = frames + 1
     where vault_id = $1 and why = $2 and to_at >= $4 and from_at <= $3 returning id`,
    [vault.id, why, when, new Date(at - TOGETHER)],
  )
  if (joined.length > 0) return
  await db.query('insert into screen_gaps (vault_id, why, from_at, to_at, frames) values ($1, $2, $3, $3, 1)', [
    vault.id,
    why,
    when,
  ])
}

/** The oldest first. */
export async function gapsBetween({ db, vault }: GapParts, from: string, to: string): Promise<TimelineGap[]> {
  const rows = await db.query<{ why: TimelineGap['why']; from_at: Date; to_at: Date; frames: number }>(
    `select why, from_at, to_at, frames from screen_gaps
     where vault_id = $1 and to_at >= $2 and from_at < $3 order by from_at`,
    [vault.id, new Date(from), new Date(to)],
  )
  return rows.map(({ why, from_at, to_at, frames }) => ({
    why,
    from: from_at.toISOString(),
    to: to_at.toISOString(),
    frames,
  }))
}

export async function removeGaps({ db, vault }: GapParts, from: string, to: string): Promise<void> {
  await db.query('delete from screen_gaps where vault_id = $1 and from_at >= $2 and from_at < $3', [
    vault.id,
    new Date(from),
    new Date(to),
  ])
}
