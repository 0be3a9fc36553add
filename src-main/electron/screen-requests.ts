import type { Session } from 'electron'
import type { Screens } from '../desk/screens.ts'
import { isOurPage } from './page-address.ts'

/** Gives our page the screen or window that the learner chose, without sound, and nothing to anybody else. */
export function answerScreenRequests(
  session: Pick<Session, 'setDisplayMediaRequestHandler'>,
  screens: Pick<Screens, 'take'>,
): void {
  session.setDisplayMediaRequestHandler(({ frame, audioRequested }, answer) => {
    if (!isOurPage(frame?.url ?? '') || audioRequested) return answer(null)
    screens.take().then(
      (source) => answer(source ? { video: source } : null),
      () => answer(null),
    )
  })
}
