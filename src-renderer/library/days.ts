/** Whole days from `now` to `date` in local time: 0 today, -1 yesterday. */
export function dayDistance(date: Date, now: Date): number {
  return Math.round((startOfDay(date) - startOfDay(now)) / 86_400_000)
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

/** A row of a list that is grouped by day. */
export type DayRow<T> = { kind: 'day'; key: string; instant: string } | { kind: 'item'; key: string; item: T }

/**
 * The rows of a list in the order of its items, with a heading before the first item of each local day.
 * @param instantOf ISO 8601 instant that decides the day
 */
export function groupByDay<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  instantOf: (item: T) => string,
): DayRow<T>[] {
  const rows: DayRow<T>[] = []
  let day: number | undefined
  for (const item of items) {
    const instant = instantOf(item)
    const itsDay = startOfDay(new Date(instant))
    if (itsDay !== day) rows.push({ kind: 'day', key: `day ${itsDay}`, instant })
    day = itsDay
    rows.push({ kind: 'item', key: idOf(item), item })
  }
  return rows
}
