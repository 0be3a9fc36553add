import { ChevronRight, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../src-core/contract/index.ts'
import { useFailureWords } from '../i18n/failure-words.ts'
import { useFormats } from '../i18n/format.ts'
import { UsedMemories } from '../learner/used-memories.tsx'
import { AnalysisLine } from './analysis-view.tsx'
import { barOf, isStoodInFor, lastsMs, missingBecause, totalCost } from './runs.ts'

type Run = Answer['agentsUsed'][number]

/** Which agents worked on an answer: one quiet line; opened, when each ran, what it used, and what is missing. */
export function Timeline({ answer }: { answer: Pick<Answer, 'agentsUsed' | 'memories' | 'analysis'> }) {
  const { t } = useTranslation()
  const { milliseconds, dollars } = useFormats()
  const runs = answer.agentsUsed
  if (runs.length === 0) return null
  const cost = totalCost(runs)
  const whole = lastsMs(runs)
  const parts = runs
    .filter((run) => !isStoodInFor(run, runs))
    .map((run) => (missingBecause(run) ? t('timeline.without', { agent: name(run) }) : took(run)))
  function name({ agent }: Run): string {
    return t(`timeline.agent.${agent}`, { defaultValue: agent })
  }
  function took(run: Run): string {
    return `${name(run)} ${milliseconds(run.ms)}`
  }
  return (
    <details className="group mt-1 text-ink-quiet text-meta">
      <summary className="figures flex w-fit max-w-full list-none items-center gap-1.5 rounded hover:text-ink pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 shrink-0 transition-transform group-open:rotate-90" />
        <span className="sr-only">{t('timeline.title')}</span>
        {runs.some(missingBecause) && <TriangleAlert aria-hidden className="size-3.5 shrink-0" />}
        <span>{[...parts, cost !== null && cost > 0 && dollars(cost)].filter(Boolean).join(', ')}</span>
      </summary>
      <ol aria-label={t('timeline.title')} className="mt-2 mb-1 max-w-xl space-y-3 border-line border-l pl-4">
        {runs.map((run, index) => (
          // An agent runs once in a turn; older answers may name one twice.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list of a stored answer does not change
          <li key={index}>
            <div className="grid grid-cols-[7rem_minmax(0,1fr)_4rem] items-center gap-x-3">
              <span className="truncate text-ink-soft">{name(run)}</span>
              <Bar run={run} whole={whole} />
              <span className="figures text-right">{milliseconds(run.ms)}</span>
            </div>
            <Facts run={run} />
          </li>
        ))}
      </ol>
      {answer.analysis && <AnalysisLine analysis={answer.analysis} />}
      <UsedMemories ids={answer.memories ?? []} />
    </details>
  )
}

/** When it ran, from the beginning of the turn to its end. */
function Bar({ run, whole }: { run: Run; whole: number }) {
  const { x, width } = barOf(run, whole)
  return (
    <svg aria-hidden className="h-2 w-full overflow-visible" preserveAspectRatio="none">
      <rect width="100%" height="100%" rx="3" className="fill-hover" />
      <rect
        x={`${x}%`}
        width={`${width}%`}
        height="100%"
        rx="3"
        className={missingBecause(run) ? 'fill-line-strong' : 'fill-accent'}
      />
    </svg>
  )
}

/** Why it is missing, when it began, its model, tokens, cost and tools: as far as they are known. */
function Facts({ run }: { run: Run }) {
  const { t } = useTranslation()
  const { milliseconds, number, dollars } = useFormats()
  const failureWords = useFailureWords()
  const why = run.error && failureWords({ code: run.error, message: '', advice: '', params: {} }).what
  const missing = missingBecause(run)
  const tokens = (run.inputTokens ?? 0) + (run.outputTokens ?? 0)
  const facts = [
    run.startedMs !== undefined && t('timeline.began', { after: milliseconds(run.startedMs) }),
    run.model,
    tokens > 0 && t('talk.tokens', { count: tokens, shown: number(tokens) }),
    run.model && run.costUsd === null && t('timeline.costUnknown'),
    typeof run.costUsd === 'number' && run.costUsd > 0 && dollars(run.costUsd),
    // Older answers have the names alone.
    !run.toolUses && run.tools && run.tools.length > 0 && t('timeline.tools', { names: run.tools.join(', ') }),
  ].filter(Boolean)
  return (
    <>
      {missing && (
        <p className="text-ink-soft">
          {t(`timeline.outcome.${missing}`)} {missing === 'failed' && why}
        </p>
      )}
      {run.outcome === 'stopped' && <p className="text-ink-soft">{t('timeline.outcome.stopped')}</p>}
      {facts.length > 0 && <p className="figures break-words">{facts.join(' · ')}</p>}
      {run.toolUses && run.toolUses.length > 0 && <ToolUses uses={run.toolUses} />}
      {run.asked && run.asked.length > 0 && <AskedBeyond asked={run.asked} />}
    </>
  )
}

/** Which tools it used, and what came of each. */
function ToolUses({ uses }: { uses: NonNullable<Run['toolUses']> }) {
  const { t } = useTranslation()
  return (
    <div className="mt-1">
      <p className="text-ink-soft">{t('timeline.toolsUsed')}</p>
      <ul className="list-disc space-y-0.5 pl-4 marker:text-line-strong">
        {uses.map(({ name, outcome, about }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list of a stored answer does not change
          <li key={index} dir="auto" className="[overflow-wrap:anywhere]">
            {[
              t(`timeline.tool.${name}`, { defaultValue: name }),
              outcome === 'failed' && t('timeline.toolFailed'),
              about,
            ]
              .filter(Boolean)
              .join(' · ')}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Which words went to whom beyond this device, and what came of it. */
function AskedBeyond({ asked }: { asked: NonNullable<Run['asked']> }) {
  const { t } = useTranslation()
  const failureWords = useFailureWords()
  const why = (error: (typeof asked)[number]['error'], to: string) =>
    error && failureWords({ code: error, message: '', advice: '', params: { name: to } }).what
  return (
    <div className="mt-1">
      <p className="text-ink-soft">{t('timeline.asked')}</p>
      <ul className="list-disc space-y-0.5 pl-4 marker:text-line-strong">
        {asked.map(({ to, sends, outcome, error }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list of a stored answer does not change
          <li key={index} className="[overflow-wrap:anywhere]">
            {t('timeline.askedOf', { to, sends })} · {t(`timeline.askedOutcome.${outcome}`)} {why(error, to)}
          </li>
        ))}
      </ul>
    </div>
  )
}
