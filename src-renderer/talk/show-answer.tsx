import { Lightbulb } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Answer, Capture } from '../../src-core/contract/index.ts'
import { Button } from '../ui/button.tsx'
import { goalOf, modeOf } from './mode-choice.ts'
import { useTalk } from './talk.tsx'

/** While the learner finds out for themselves, the answer is one press away. */
export function ShowAnswer({ capture, answer }: { capture: Capture; answer: Answer }) {
  const { t } = useTranslation()
  const { conversation } = useTalk()
  const mode = modeOf(capture)
  const isOpen = mode === 'socratic' ? answer.step !== 'answer' : answer.step === 'attempt' || answer.step === 'hint'
  if (mode === 'answer' || !isOpen) return null
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
          ...(goalOf(capture) === undefined && { mode }),
        })
      }
    >
      <Lightbulb />
      {t('talk.mode.showMe')}
    </Button>
  )
}
