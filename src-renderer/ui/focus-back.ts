import { type RefObject, useCallback, useEffect, useRef } from 'react'

/**
 * For a button that makes way for a field: the focus comes back to it when the field goes, so that the keyboard does not begin again at the
 * top of the page. Call `giveBack` when the field is about to go; it does nothing when the learner has already moved on to something else.
 */
export function useFocusBack(): { button: RefObject<HTMLButtonElement | null>; giveBack(): void } {
  const button = useRef<HTMLButtonElement>(null)
  const wanted = useRef(false)
  useEffect(() => {
    if (!wanted.current || !button.current) return
    wanted.current = false
    button.current.focus()
  })
  const giveBack = useCallback(() => {
    wanted.current = document.activeElement?.matches('input, textarea, [type=submit]') ?? false
  }, [])
  return { button, giveBack }
}
