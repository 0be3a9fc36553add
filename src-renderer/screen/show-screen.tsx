import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { toFailure } from '../backend/failure.ts'
import { useFailureWords } from '../i18n/failure-words.ts'
import { type Binding, SHORTCUTS, useShortcuts } from '../shell/shortcuts.ts'
import { useToast } from '../ui/toasts.tsx'
import { ScreenPreview } from './screen-preview.tsx'
import { canShowScreen, takeStill } from './take-still.ts'

/** Takes a still of the screen, by button or keys, and shows it before it is kept. `preview` stands in the page while it is open. */
export function useShowScreen(onTaken: (picture: Blob, isExplained: boolean) => void): {
  show(): void
  preview: ReactNode
} {
  const toast = useToast()
  const words = useFailureWords()
  const [still, setStill] = useState<ImageBitmap | null>(null)
  const show = useCallback(() => {
    takeStill().then(setStill, (error) => {
      const { what, next } = words(toFailure(error))
      toast({ text: what, detail: next })
    })
  }, [toast, words])
  const bindings = useMemo<Binding[]>(
    () => (canShowScreen() ? [{ shortcut: SHORTCUTS.showScreen, run: show }] : []),
    [show],
  )
  useShortcuts(bindings)
  const close = () => {
    still?.close()
    setStill(null)
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
