import { useTranslation } from 'react-i18next'
import type { Answer } from '../../src-core/contract/index.ts'
import { isStoodInFor, missingBecause } from './runs.ts'

/** Says in one quiet line each whom an answer is missing, and who answered in their place. */
export function MissingAgents({ answer }: { answer: Pick<Answer, 'agentsUsed' | 'provider'> }) {
  const { t } = useTranslation()
  const lines = answer.agentsUsed.flatMap((run) => {
    const why = missingBecause(run)
    if (!why) return []
    const who = t(`talk.who.${run.agent}`, { defaultValue: run.agent })
    if (isStoodInFor(run, answer.agentsUsed) && answer.provider === 'offline')
      return [t('talk.stoodIn', { name: run.model ?? who, context: run.agent === 'vision' ? 'vision' : undefined })]
    return [t(`talk.missing.${why}`, { who })]
  })
  if (lines.length === 0) return null
  return (
    <div className="mt-3 space-y-0.5 text-ink-quiet text-meta">
      {[...new Set(lines)].map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}
