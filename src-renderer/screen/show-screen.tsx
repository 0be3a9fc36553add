import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import { useScreens, useWish } from '../desk/desk.tsx'
import { useTellFailure } from '../library/history.ts'
import { type Binding, SHORTCUTS, useShortcuts } from '../shell/shortcuts.ts'
import { ScreenPreview } from './screen-preview.tsx'
import type { Still } from './screens.ts'
import { canShowScreen } from './take-still.ts'

/** Takes a still of the screen, by button or keys, and shows it before it is kept. `preview` stands in the page while it is open. */
export function useShowScreen(onTaken: (picture: Blob, isExplained: boolean) => void): {
  show(): void
  preview: ReactNode
} {
  const tellFailure = useTellFailure()
  const screens = useScreens()
  const [still, setStill] = useState<Still | null>(null)
  /** One at a time: another still under an open preview would be sent without having been looked at for secrets. */
  const isBusy = useRef(false)
  const show = useCallback(() => {
    if (isBusy.current) return
    isBusy.current = true
    screens.still().then(
      (taken) => {
        if (taken) setStill(taken)
        else isBusy.current = false
      },
      (error) => {
        isBusy.current = false
        tellFailure(error)
      },
    )
  }, [screens, tellFailure])
  useWish('show-screen', show)
  const bindings = useMemo<Binding[]>(
    () => (canShowScreen() ? [{ shortcut: SHORTCUTS.showScreen, run: show }] : []),
    [show],
  )
  useShortcuts(bindings)
  const close = () => {
    still?.image.close()
    setStill(null)
    isBusy.current = false
  }
  return {
    show,
    preview: still && (
      <ScreenPreview
        still={still}
        onClose={close}
        onTaken={(picture, isExplained) => {
          close()
          onTaken(picture, isExplained)
        }}
      />
    ),
  }
}
