import { useTranslation } from 'react-i18next'
import { toFailure } from '../backend/failure.ts'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { More } from './about-tab.tsx'
import { CardRow } from './card-row.tsx'
import { useCardList } from './queries.ts'

/** Questions with answers: those that wait for the learner, and those they kept. */
export function CardsTab() {
  const { t } = useTranslation()
  const candidates = useCardList('candidate')
  const kept = useCardList('kept')
  const error = candidates.error ?? kept.error
  if (error) return <FailureNote failure={toFailure(error)} className="m-5" />
  if (candidates.isPending || kept.isPending) return <Waiting />
  const isEmpty = candidates.items.length === 0 && kept.items.length === 0
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-2xl px-5 pt-8 pb-16">
        {isEmpty && (
          <Empty title={t('cards.empty')} className="">
            {t('cards.emptyMore')}
          </Empty>
        )}
        {([candidates, kept] as const).map((list, index) => {
          const state = index === 0 ? 'candidate' : 'kept'
          return (
            list.items.length > 0 && (
              <section key={state} aria-labelledby={`cards-${state}`} className="mb-10">
                <h2 id={`cards-${state}`} className="mb-3 font-semibold text-ui">
                  {t(`cards.${state}`, { count: list.items.length })}
                </h2>
                <ul className="space-y-2.5">
                  {list.items.map((card) => (
                    <CardRow key={card.id} card={card} />
                  ))}
                </ul>
                <More list={list} />
              </section>
            )
          )
        })}
      </div>
    </div>
  )
}
