import { Check, Pencil, Quote, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Card } from '../../src-core/contract/index.ts'
import { useSource } from '../shell/source.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { useLearnerChanges } from './queries.ts'

const LONGEST = 10_000

/** A question with its answer, and what the learner can do with it. */
export function CardRow({
  card,
  tellsKept = false,
}: {
  card: Card
  /** Where kept ones stand among others. */
  tellsKept?: boolean
}) {
  const { t } = useTranslation()
  const changes = useLearnerChanges()
  const [isEditing, setEditing] = useState(false)
  if (isEditing) {
    return (
      <li className="rounded-xl border border-accent bg-surface px-4 py-3.5">
        <CardForm
          card={card}
          onEnd={() => setEditing(false)}
          onSave={(front, back) => changes.editCard(card.id, front, back)}
        />
      </li>
    )
  }
  return (
    <li className="rounded-xl border border-line bg-surface px-4 py-3.5">
      <p className="font-medium text-body" dir="auto">
        {card.front}
      </p>
      <p className="mt-1 text-body text-ink-soft" dir="auto">
        {card.back}
      </p>
      <CardOrigin source={card.source} />
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {tellsKept && card.state === 'kept' && (
          <span role="status" className="flex items-center gap-1.5 pr-2 text-ink-soft text-meta">
            <Check aria-hidden className="size-4 text-accent" />
            {t('cards.isKept')}
          </span>
        )}
        {card.state === 'candidate' && (
          <Button
            size="small"
            look="primary"
            aria-label={t('cards.keepOne', { front: card.front })}
            onClick={() => changes.keepCards([card.id])}
          >
            <Check />
            {t('cards.keep')}
          </Button>
        )}
        <Button size="small" aria-label={t('cards.editOne', { front: card.front })} onClick={() => setEditing(true)}>
          <Pencil />
          {t('common.edit')}
        </Button>
        <Button
          size="small"
          look="quiet"
          aria-label={t('cards.deleteOne', { front: card.front })}
          onClick={() => changes.deleteCards([card.id])}
        >
          <Trash2 />
          {t('common.delete')}
        </Button>
      </div>
    </li>
  )
}

function CardForm({ card, onSave, onEnd }: { card: Card; onSave(front: string, back: string): void; onEnd(): void }) {
  const { t } = useTranslation()
  const [front, setFront] = useState(card.front)
  const [back, setBack] = useState(card.back)
  const save = (event: FormEvent) => {
    event.preventDefault()
    const [question, answer] = [front.trim(), back.trim()]
    if (question === '' || answer === '') return
    if (question !== card.front || answer !== card.back) onSave(question, answer)
    onEnd()
  }
  return (
    <form
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        onEnd()
      }}
      className="space-y-3"
    >
      <TextField
        label={t('cards.front')}
        autoFocus
        value={front}
        maxLength={LONGEST}
        onChange={(event) => setFront(event.currentTarget.value)}
      />
      <TextField
        label={t('cards.back')}
        value={back}
        maxLength={LONGEST}
        onChange={(event) => setBack(event.currentTarget.value)}
      />
      <div className="flex gap-2">
        <Button type="submit" look="primary" disabled={front.trim() === '' || back.trim() === ''}>
          {t('common.save')}
        </Button>
        <Button look="quiet" onClick={onEnd}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  )
}

/** Where it comes from; a place that is gone is said to be. */
function CardOrigin({ source }: { source: Card['source'] }) {
  const { t } = useTranslation()
  const { open } = useSource()
  if (!source) return null
  if (!source.holds) return <p className="mt-2 text-ink-quiet text-meta">{t('cards.sourceGone')}</p>
  const { kind, field, captureId, start, end } = source
  if (kind === 'memory' || field === 'memoryText') {
    return <p className="mt-2 text-ink-quiet text-meta">{t('cards.fromMemory', { text: source.text })}</p>
  }
  return (
    <button
      type="button"
      aria-label={t('cards.sourceOf', { text: source.text })}
      onClick={() => open({ captureId, kind, field, start, end })}
      className="mt-2 flex max-w-full items-center gap-1.5 rounded text-ink-quiet text-meta underline decoration-line-strong underline-offset-3 hover:text-ink pointer-coarse:min-h-11 [&_svg]:size-3.5 [&_svg]:shrink-0"
    >
      <Quote aria-hidden />
      <span className="truncate" dir="auto">
        {source.text}
      </span>
    </button>
  )
}
