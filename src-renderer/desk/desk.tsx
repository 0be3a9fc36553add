import { createContext, type ReactNode, use, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { DeskState } from '../../src-core/contract/index.ts'
import { useFirstUse } from '../first-use/first-use-dialog.tsx'
import { askedScreens, deskScreens, explained, type Screens } from '../screen/screens.ts'
import type { DeskLine } from './desk-line.ts'
import { ScreenDialog } from './screen-dialog.tsx'
import { ScreenPicker } from './screen-picker.ts'
import { Wishes } from './wishes.ts'

interface DeskParts {
  /** Null in a browser. */
  line: DeskLine | null
  screens: Screens
  wishes: Wishes
}

const DeskContext = createContext<DeskParts>({ line: null, screens: askedScreens, wishes: new Wishes() })

/** Everything that the desktop around this page adds; in a browser, what there is instead. */
export function DeskProvider({ line, children }: { line: DeskLine | null; children: ReactNode }) {
  const picker = useMemo(() => new ScreenPicker(), [])
  const firstUse = useFirstUse()
  const parts = useMemo(() => {
    const screens = line ? deskScreens(line, picker) : askedScreens
    return { line, screens: explained(screens, () => firstUse.ask('screen')), wishes: new Wishes() }
  }, [line, picker, firstUse])
  return (
    <DeskContext value={parts}>
      {children}
      <PickerDialog picker={picker} line={line} />
    </DeskContext>
  )
}

function PickerDialog({ picker, line }: { picker: ScreenPicker; line: DeskLine | null }) {
  const hasSettings = useDesk()?.opensPrivacy.screen === true
  return <ScreenDialog picker={picker} onPrivacy={line && hasSettings ? () => line.openPrivacy('screen') : null} />
}

/** The line to the desktop; null in a browser. */
export function useDeskLine(): DeskLine | null {
  return use(DeskContext).line
}

/** The desktop as it has told of itself; null in a browser. */
export function useDesk(): DeskState | null {
  const { line } = use(DeskContext)
  return useSyncExternalStore(
    (changed) => line?.subscribe(changed) ?? (() => undefined),
    () => line?.state ?? null,
  )
}

export function useScreens(): Screens {
  return use(DeskContext).screens
}

export function useWishes(): Wishes {
  return use(DeskContext).wishes
}

/** Does what is wished for from outside of this place, such as by a key that works everywhere. Pass the same function until it changes. */
export function useWish(name: 'show-screen' | 'hands-free', fulfil: () => void): void {
  const wishes = useWishes()
  useEffect(() => wishes.serve(name, fulfil), [wishes, name, fulfil])
}
