import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Analysis } from '../../src-core/contract/index.ts'
import { useAskInTalk } from './ask-in-talk.ts'
import { FollowUps } from './follow-ups.tsx'

/** What was read in what the learner said: what it is, what it is about, who and when it names, and what they do not know yet. */
export function AnalysisView({ analysis, sessionId }: { analysis: Analysis; sessionId: string }) {
  const { t } = useTranslation()
  const { concepts, entities, openQuestions } = analysis
  const ask = useAskInTalk()
  return (
    <section aria-label={t('analysis.title')} className="mt-6 space-y-3 text-ink-quiet text-meta">
      <AnalysisLine analysis={analysis} />
      {concepts.length > 0 && (
        <ul aria-label={t('analysis.concepts')} className="flex flex-wrap gap-1.5">
          {concepts.map((concept) => (
            <li key={concept} className="max-w-full">
              <Link
                to="/search"
                search={{ q: concept }}
                title={t('analysis.search', { concept })}
                className="flex min-h-7 max-w-full items-center rounded-full border border-line px-3 text-ink-soft transition-colors hover:border-accent-line hover:bg-accent-soft hover:text-ink pointer-coarse:min-h-11"
              >
                <span className="truncate" dir="auto">
                  {concept}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {entities.length > 0 && (
        <dl className="flex flex-wrap gap-x-5 gap-y-1">
          {entities.map(({ kind, text }) => (
            <div key={`${kind} ${text}`} className="flex max-w-full gap-1.5">
              <dt>{t(`analysis.entity.${kind}`)}</dt>
              <dd className="min-w-0 text-ink-soft [overflow-wrap:anywhere]" dir="auto">
                {text}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {openQuestions.length > 0 && (
        <div>
          <h3 className="font-medium text-ink-soft">{t('analysis.open')}</h3>
          <FollowUps
            questions={openQuestions}
            label={t('analysis.open')}
            className="mt-2"
            onAsk={(question) => ask(question, sessionId)}
          />
        </div>
      )}
    </section>
  )
}

/** In one line: what it is, how the learner feels, how hard it is, and who says so. */
export function AnalysisLine({ analysis }: { analysis: Analysis }) {
  const { t } = useTranslation()
  const { intent, sentiment, difficulty, by } = analysis
  const parts = [
    t(`analysis.intent.${intent}`),
    sentiment !== 'neutral' && t(`analysis.sentiment.${sentiment}`),
    difficulty && t(`analysis.difficulty.${difficulty}`),
    t(`analysis.by.${by}`),
  ]
  return <p>{t('analysis.readAs', { parts: parts.filter(Boolean).join(' · ') })}</p>
}
