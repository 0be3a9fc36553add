import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../backend/failure.ts'
import { SHORTCUTS } from '../shell/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { GrowingText } from '../ui/growing-text.tsx'

/** What was said, to be corrected in its place. */
export function EditWords({
  text,
  failure,
  isSaving,
  onSave,
  onCancel,
}: {
  text: string
  failure: Failure | null
  isSaving: boolean
  onSave(text: string): void
  onCancel(): void
}) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(text)
  const canSave = draft.trim() !== '' && draft !== text && !isSaving
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (canSave) onSave(draft)
      }}
    >
      <GrowingText
        autoFocus
        aria-label={t('library.editWords')}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault()
            onCancel()
          } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && canSave) onSave(draft)
        }}
        className="words-small -mx-4 block max-h-[60dvh] min-h-24 w-[calc(100%+2rem)] rounded-xl border border-accent-line bg-surface px-4 py-3 outline-none focus:border-accent"
      />
      {failure && <FailureNote failure={failure} className="mt-3" />}
      <div className="mt-3 flex items-center gap-2">
        <Button type="submit" size="small" look="primary" disabled={!canSave}>
          {t('common.save')}
        </Button>
        <Button size="small" look="quiet" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
        <span className="ml-2 text-ink-quiet text-meta pointer-coarse:hidden">
          {t('library.saveKeys', { mod: SHORTCUTS.undo.keys[0] })}
        </span>
      </div>
    </form>
  )
}
