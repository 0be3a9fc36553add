/** Which rows of a list are chosen, and the row that the keyboard stands on. */
export interface Selection {
  chosen: ReadonlySet<string>
  /** Where a range begins that Shift extends. */
  anchor: string | null
}

export const NOTHING_CHOSEN: Selection = { chosen: new Set(), anchor: null }

/** Chooses a row, or not any more. */
export function toggle({ chosen }: Selection, id: string): Selection {
  const next = new Set(chosen)
  if (!next.delete(id)) next.add(id)
  return { chosen: next, anchor: id }
}

/** Chooses everything between the anchor and a row, both included. */
export function extendTo(selection: Selection, ids: readonly string[], id: string, from: string | null): Selection {
  const anchor = selection.anchor ?? from ?? id
  const ends = [ids.indexOf(anchor), ids.indexOf(id)].sort((a, b) => a - b)
  const [first = -1, last = -1] = ends
  if (first < 0) return toggle(selection, id)
  return { chosen: new Set([...selection.chosen, ...ids.slice(first, last + 1)]), anchor }
}

/** Forgets rows that are gone. */
export function keepOnly(selection: Selection, ids: readonly string[]): Selection {
  if (selection.chosen.size === 0) return selection
  const present = new Set(ids)
  const chosen = new Set([...selection.chosen].filter((id) => present.has(id)))
  return chosen.size === selection.chosen.size ? selection : { chosen, anchor: null }
}
