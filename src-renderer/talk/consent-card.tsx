import { useMutation } from '@tanstack/react-query'
import { Globe } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConsentDecision } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import type { OpenConsent, Turn } from './turn.ts'

/** What waits for the learner's word before it leaves the device; the answer goes on meanwhile. */
export function Consents({ turn }: { turn: Turn }) {
  const { t } = useTranslation()
  return (
    <section
      aria-live="polite"
      aria-label={t('talk.consent.waiting')}
      className="space-y-3 empty:hidden [&:not(:empty)]:mt-4"
    >
      {turn.consents.map((consent) => (
        <ConsentCard key={consent.id} consent={consent} />
      ))}
    </section>
  )
}

/** Exactly which words would go to whom, and the three answers. */
function ConsentCard({ consent: { id, to, sends } }: { consent: OpenConsent }) {
  const { t } = useTranslation()
  const client = useClient()
  const title = useId()
  const decide = useMutation({
    mutationFn: (decision: ConsentDecision) => client.turns.consent({ id, decision }),
  })
  const isDecided = decide.isPending || decide.isSuccess
  return (
    <section
      aria-labelledby={title}
      className="max-w-xl rounded-xl border border-accent-line bg-accent-soft px-4 py-3.5 text-ui"
    >
      <div className="flex gap-3">
        <Globe aria-hidden className="mt-0.5 size-4.5 shrink-0 text-accent-strong" />
        <div className="min-w-0">
          <h3 id={title} className="font-semibold [overflow-wrap:anywhere]">
            {t('talk.consent.title', { to })}
          </h3>
          <p className="mt-1 text-ink-soft">{t('talk.consent.sends')}</p>
          <blockquote className="mt-1 rounded-lg border border-line bg-surface px-3 py-1.5 font-medium [overflow-wrap:anywhere]">
            {sends}
          </blockquote>
        </div>
      </div>
      <div className="mt-3 flex flex-wrap gap-2 md:pl-7.5">
        <Button size="small" look="primary" disabled={isDecided} onClick={() => decide.mutate('once')}>
          {t('talk.consent.once')}
        </Button>
        <Button size="small" disabled={isDecided} onClick={() => decide.mutate('always')}>
          {t('talk.consent.always')}
        </Button>
        <Button size="small" look="quiet" disabled={isDecided} onClick={() => decide.mutate('no')}>
          {t('talk.consent.no')}
        </Button>
      </div>
      {decide.error && <FailureNote failure={toFailure(decide.error)} className="mt-3" />}
    </section>
  )
}
