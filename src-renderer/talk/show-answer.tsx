import { Lightbulb } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Capture } from '../../src-core/contract/index.ts'
import { Button } from '../ui/button.tsx'
import { goalOf, isBeingFound, modeOf } from './mode-choice.ts'
import { useTalk } from './talk.tsx'

/** While the learner finds out for themselves, the answer is one press away. */
export function ShowAnswer({ capture }: { capture: Capture }) {
  const { t } = useTranslation()
  const { conversation } = useTalk()
  if (!isBeingFound(capture)) return null
  return (
    <Button
      size="small"
      className="mt-4"
      onClick={() =>
        conversation.send({
          sessionId: capture.sessionId,
          text: t('talk.mode.showMe'),
          source: 'text',
          audioSha256: null,
          // For a goal nobody chose it: the question that is open goes on by itself.
          ...(goalOf(capture) === undefined && { mode: modeOf(capture) }),
        })
      }
    >
      <Lightbulb />
      {t('talk.mode.showMe')}
    </Button>
  )
}
