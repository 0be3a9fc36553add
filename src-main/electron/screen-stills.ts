import type { DesktopCapturer, Session } from 'electron'
import { isOurPage } from './page-address.ts'

/**
 * Gives our page a screen when the learner presses "Capture the screen": by the system's own picker where it has one, else the first screen.
 * The page takes one still of it and lets it go.
 */
export function offerScreen(
  session: Pick<Session, 'setDisplayMediaRequestHandler'>,
  screens: Pick<DesktopCapturer, 'getSources'>,
): void {
  session.setDisplayMediaRequestHandler(
    ({ frame, audioRequested }, answer) => {
      if (!isOurPage(frame?.url ?? '') || audioRequested) return answer(null)
      screens.getSources({ types: ['screen'] }).then(
        ([first]) => answer(first ? { video: first } : null),
        () => answer(null),
      )
    },
    { useSystemPicker: true },
  )
}
