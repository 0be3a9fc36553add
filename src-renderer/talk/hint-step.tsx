import { Footprints } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../src-core/contract/index.ts'

/** Hints that come before the answer. */
const HINTS = 3

/** Says which of the hints this is, so that the learner knows how far it still is to the answer. */
export function HintStep({ answer: { step, hint } }: { answer: Pick<Answer, 'step' | 'hint'> }) {
  const { t } = useTranslation()
  if (step !== 'hint' || hint === undefined) return null
  return (
    <p className="mb-1.5 flex items-center gap-2 text-ink-quiet text-meta">
      <Footprints aria-hidden className="size-3.5 shrink-0 text-accent-strong" />
      {t('talk.mode.hint', { number: hint, most: HINTS })}
    </p>
  )
}
