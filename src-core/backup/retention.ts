/** How many backups of each kind are kept. */
export interface Keep {
  daily: number
  weekly: number
  monthly: number
}

/** A backup as retention sees it. */
export interface KeptFile {
  name: string
  /** Milliseconds since 1970. */
  at: number
  /** Proven good on this device. Others are not counted, and are left to the learner. */
  good: boolean
  /** Files that it needs, itself included. */
  needs: readonly string[]
}

const DAY_MS = 86_400_000
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const MONDAY_SHIFT = 3

/**
 * Names of the files that may go: the newest good backup of each of the last so many days, weeks and months (UTC) that have one stay, the
 * last good one always, whatever is not good, and every file that one of these needs.
 */
export function superfluous(files: readonly KeptFile[], keep: Keep): string[] {
  const good = files.filter((file) => file.good).sort((a, b) => b.at - a.at)
  const stay = new Set<KeptFile>(files.filter((file) => !file.good))
  if (good[0]) stay.add(good[0])
  const periods: [number, (at: number) => number][] = [
    [keep.daily, (at) => Math.floor(at / DAY_MS)],
    [keep.weekly, (at) => Math.floor((Math.floor(at / DAY_MS) + MONDAY_SHIFT) / 7)],
    [keep.monthly, (at) => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth()],
  ]
  for (const [most, periodOf] of periods) {
    const seen = new Set<number>()
    for (const file of good) {
      if (seen.size >= most) break
      const period = periodOf(file.at)
      if (!seen.has(period)) stay.add(file)
      seen.add(period)
    }
  }
  const needed = new Set([...stay].flatMap((file) => [file.name, ...file.needs]))
  return good.filter((file) => !needed.has(file.name)).map((file) => file.name)
}
