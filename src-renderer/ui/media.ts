import { useCallback, useSyncExternalStore } from 'react'

/** Whether a media query holds just now. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = matchMedia(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}

/** Room for the drawer beside the place; narrower screens show it as a sheet. */
export const WIDE = '(min-width: 72rem)'
/** Room for a list and what is chosen in it side by side. */
export const TWO_PANES = '(min-width: 60rem)'
