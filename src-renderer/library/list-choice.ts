import { type KeyboardEvent, type MouseEvent, type RefObject, useCallback, useEffect, useState } from 'react'
import type { DayRowsHandle } from './day-rows.tsx'
import { extendTo, keepOnly, NOTHING_CHOSEN, type Selection, toggle } from './selection.ts'

/** How a list box is walked and chosen from, by keys and by pointer; the same for every kind in the Library. */
export interface ListChoice {
  chosen: ReadonlySet<string>
  chooseNone(): void
  /** Chooses a row, or not any more. */
  mark(id: string): void
  remove(ids: readonly string[]): void
  onKeyDown(event: KeyboardEvent): void
  onRowClick(event: MouseEvent, id: string): void
}

export function useListChoice({
  ids,
  openId,
  rows,
  open,
  onRemove,
}: {
  /** In the order of the list. Pass the same array until it changes. */
  ids: readonly string[]
  openId: string | null
  rows: RefObject<DayRowsHandle | null>
  open(id: string | null): void
  onRemove(ids: readonly string[]): void
}): ListChoice {
  const [selection, setSelection] = useState<Selection>(NOTHING_CHOSEN)
  useEffect(() => setSelection((present) => keepOnly(present, ids)), [ids])

  const chooseNone = useCallback(() => setSelection(NOTHING_CHOSEN), [])
  const mark = useCallback((id: string) => setSelection((present) => toggle(present, id)), [])
  const remove = useCallback(
    (gone: readonly string[]) => {
      if (gone.length === 0) return
      if (openId && gone.includes(openId)) open(neighbour(ids, gone))
      setSelection(NOTHING_CHOSEN)
      onRemove(gone)
      rows.current?.focus()
    },
    [ids, open, openId, onRemove, rows],
  )
  const onKeyDown = (event: KeyboardEvent) => {
    const at = openId === null ? -1 : ids.indexOf(openId)
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -ids.length, End: ids.length }[event.key]
    if (step !== undefined && ids.length > 0) {
      const next = Math.max(0, Math.min(ids.length - 1, at + step))
      const id = ids[next] as string
      if (event.shiftKey) setSelection((present) => extendTo(present, ids, id, openId))
      open(id)
      rows.current?.show(next)
    } else if (event.key === ' ' && openId) mark(openId)
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(chosenOr(selection, openId))
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) setSelection({ chosen: new Set(ids), anchor: null })
    else if (event.key === 'Escape' && selection.chosen.size > 0) chooseNone()
    else return
    event.preventDefault()
  }
  const onRowClick = (event: MouseEvent, id: string) => {
    if (event.shiftKey) setSelection((present) => extendTo(present, ids, id, openId))
    else if (event.ctrlKey || event.metaKey) mark(id)
    else open(id)
  }
  return { chosen: selection.chosen, chooseNone, mark, remove, onKeyDown, onRowClick }
}

/** What a command is about: the chosen rows, or else the open one. */
function chosenOr({ chosen }: Selection, openId: string | null): string[] {
  return chosen.size > 0 ? [...chosen] : openId ? [openId] : []
}

/** The row that stands next once some are gone. */
function neighbour(ids: readonly string[], gone: readonly string[]): string | null {
  const missing = new Set(gone)
  const first = ids.findIndex((id) => missing.has(id))
  return (
    ids.slice(first).find((id) => !missing.has(id)) ?? ids.slice(0, first).findLast((id) => !missing.has(id)) ?? null
  )
}
