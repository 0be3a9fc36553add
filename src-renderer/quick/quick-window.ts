import { useCallback } from 'react'
import { useDeskLine } from '../desk/desk.tsx'

/** Its name, so that there is one. */
const NAME = 'lva-quick'
const FEATURES = 'popup,width=580,height=260'

/** Opens the small window, or brings it to the front; where no window may be opened, its page here. Words that are given stand in it, not stored. */
export function useOpenQuick(): (text?: string) => void {
  const line = useDeskLine()
  return useCallback(
    (text) => {
      // The desktop has a window of its own for it.
      if (line?.state) return line.quick(text ?? null)
      const address = new URL(location.href)
      address.hash = text ? `#/quick?text=${encodeURIComponent(text)}` : '#/quick'
      if (!window.open(address.href, NAME, FEATURES)) location.hash = address.hash
    },
    [line],
  )
}

/** The desktop opens the small window with this in its address. */
export function takeQuickName(search: string): void {
  if (new URLSearchParams(search).has('quick')) window.name = NAME
}

/** Whether this page is the small window, and not in the place of another page. */
export function isQuickWindow(): boolean {
  return window.name === NAME
}

/** Closes the small window. A tab that nobody opened this way goes to Talk. */
export function useLeaveQuick(): () => void {
  const line = useDeskLine()
  return useCallback(() => {
    if (!isQuickWindow()) location.hash = '#/talk'
    else if (line?.state) line.hideQuick()
    else window.close()
  }, [line])
}
