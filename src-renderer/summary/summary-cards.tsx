import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../backend/failure.ts'
import { CardRow } from '../learner/card-row.tsx'
import { useCardsOf } from '../learner/queries.ts'
import { FailureNote } from '../ui/failure-note.tsx'

/** Cards that come from a summary, for the learner to keep or to delete. */
export function SummaryCards({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation()
  const { data: cards = [], error } = useCardsOf(ids)
  const title = useRef<HTMLHeadingElement>(null)
  const wasWithin = useRef(false)
  // A row that was deleted takes the focus with it: it goes on from the heading.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever the cards have changed
  useEffect(() => {
    if (wasWithin.current && document.activeElement === document.body) title.current?.focus()
  }, [cards])
  if (error) return <FailureNote failure={toFailure(error)} className="mt-10" />
  if (cards.length === 0) return null
  return (
    <section
      aria-labelledby="summary-cards"
      className="mt-10"
      onFocus={() => {
        wasWithin.current = true
      }}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget !== null) wasWithin.current = false
      }}
    >
      <h2 ref={title} id="summary-cards" tabIndex={-1} className="w-fit rounded-sm font-semibold text-ui">
        {t('summary.cards', { count: cards.length })}
      </h2>
      <p className="mt-1 text-ink-quiet text-meta">{t('summary.cardsMore')}</p>
      <ul className="mt-3 space-y-2.5">
        {cards.map((card) => (
          <CardRow key={card.id} card={card} tellsKept />
        ))}
      </ul>
    </section>
  )
}
