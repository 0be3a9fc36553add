import { type FormEvent, type KeyboardEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StatementKind } from '../../src-core/contract/index.ts'
import { Button } from '../ui/button.tsx'
import { SelectField, TextField } from '../ui/field.tsx'

export const KINDS: readonly StatementKind[] = ['preference', 'goal', 'fact']
const LONGEST = 500

/** A statement about the learner, to be written or corrected. Escape leaves it as it was. */
export function StatementForm({
  text = '',
  kind = 'preference',
  saveLabel,
  onSave,
  onCancel,
}: {
  text?: string
  kind?: StatementKind
  saveLabel: string
  onSave(text: string, kind: StatementKind): void
  onCancel(): void
}) {
  const { t } = useTranslation()
  const id = useId()
  const [words, setWords] = useState(text)
  const [chosen, setChosen] = useState(kind)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (words.trim() !== '') onSave(words.trim(), chosen)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    onCancel()
  }
  return (
    <form id={id} onSubmit={save} onKeyDown={onKeyDown} className="space-y-3">
      <TextField
        label={t('about.statement')}
        autoFocus
        value={words}
        maxLength={LONGEST}
        placeholder={t('about.statementExample')}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <div className="flex flex-wrap items-end gap-2">
        <SelectField
          label={t('about.kindLabel')}
          hideLabel
          className="min-w-40"
          value={chosen}
          onValue={(value) => setChosen(value as StatementKind)}
          options={KINDS.map((value) => ({ value, label: t(`about.kind.${value}`) }))}
        />
        <Button type="submit" look="primary" disabled={words.trim() === ''}>
          {saveLabel}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  )
}
