import { CheckCheck, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Memory } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { TextField } from '../ui/field.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { ForgetDialog } from './forget-dialog.tsx'
import { AcceptedRow, ProposedRow } from './memory-row.tsx'
import { useLearnerChanges, useMemoryList } from './queries.ts'
import { KINDS, StatementForm } from './statement-form.tsx'

/** From so many statements on, they can be searched. */
const SEARCHED = 6

/** What is known of the learner: what waits for their word, and what they accepted. */
export function AboutTab() {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const [isAdding, setAdding] = useState(false)
  const [forgetting, setForgetting] = useState<Memory | null>(null)
  const proposed = useMemoryList('proposed')
  const accepted = useMemoryList('accepted', query)
  const changes = useLearnerChanges()
  const error = proposed.error ?? accepted.error
  if (error) return <FailureNote failure={toFailure(error)} className="m-5" />
  if (proposed.isPending || accepted.isPending) return <Waiting />
  const isEmpty = proposed.items.length === 0 && accepted.items.length === 0 && query === ''
  const adding = isAdding ? (
    <StatementForm
      saveLabel={t('about.keep')}
      onCancel={() => setAdding(false)}
      onSave={(text, kind) => {
        changes.add(text, kind)
        setAdding(false)
      }}
    />
  ) : (
    <Button onClick={() => setAdding(true)}>
      <Plus />
      {t('about.add')}
    </Button>
  )
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-2xl px-5 pt-8 pb-16">
        {isEmpty ? (
          <Empty title={t('about.empty')} action={adding} className="">
            {t('about.emptyMore')}
          </Empty>
        ) : (
          <>
            <p className="mb-6 text-ink-soft text-ui">{t('about.intro')}</p>
            {proposed.items.length > 0 && (
              <section aria-labelledby="about-waiting" className="mb-10">
                <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
                  <h2
                    id="about-waiting"
                    data-waiting-heading
                    tabIndex={-1}
                    className="font-semibold text-ui outline-none"
                  >
                    {t('about.waiting', { count: proposed.items.length })}
                  </h2>
                  {proposed.items.length > 1 && (
                    <Button
                      size="small"
                      disabled={changes.isPending}
                      onClick={() => changes.accept(proposed.items.map(({ id }) => id))}
                    >
                      <CheckCheck />
                      {t('about.acceptAll')}
                    </Button>
                  )}
                </div>
                <ul className="space-y-2.5">
                  {proposed.items.map((memory) => (
                    <ProposedRow key={memory.id} memory={memory} changes={changes} />
                  ))}
                </ul>
                <More list={proposed} />
              </section>
            )}
            <div className="mb-6 flex flex-wrap items-end justify-between gap-3">
              {accepted.items.length >= SEARCHED || query !== '' ? (
                <TextField
                  label={t('about.search')}
                  hideLabel
                  type="search"
                  placeholder={t('about.search')}
                  value={query}
                  onChange={(event) => setQuery(event.currentTarget.value)}
                  className="min-w-0 flex-1"
                />
              ) : (
                <span />
              )}
              {!isAdding && adding}
            </div>
            {isAdding && <div className="mb-8">{adding}</div>}
            {accepted.items.length === 0 && (
              <p role="status" className="text-ink-quiet text-ui">
                {t(query === '' ? 'about.nothingAccepted' : 'about.nothingFound')}
              </p>
            )}
            {KINDS.map((kind) => {
              const ofKind = accepted.items.filter((memory) => memory.kind === kind)
              return (
                ofKind.length > 0 && (
                  <section key={kind} aria-labelledby={`about-${kind}`} className="mb-8">
                    <h2 id={`about-${kind}`} className="mb-1 font-semibold text-ui">
                      {t(`about.kinds.${kind}`)}
                    </h2>
                    <ul className="divide-y divide-line">
                      {ofKind.map((memory) => (
                        <AcceptedRow key={memory.id} memory={memory} changes={changes} onForget={setForgetting} />
                      ))}
                    </ul>
                  </section>
                )
              )
            })}
            <More list={accepted} />
          </>
        )}
      </div>
      <ForgetDialog
        memory={forgetting}
        onClose={() => setForgetting(null)}
        onForget={(memory) => changes.forget([memory.id])}
      />
    </div>
  )
}

export function More({
  list,
}: {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown }
}) {
  const { t } = useTranslation()
  if (!list.hasNextPage) return null
  return (
    <Button look="quiet" className="mt-3" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      {t('about.showMore')}
    </Button>
  )
}
