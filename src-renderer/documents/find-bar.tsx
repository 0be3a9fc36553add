import { Link } from '@tanstack/react-router'
import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../i18n/format.ts'
import { IconButton } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'

/** Words inside the document: Enter goes to the next place, Shift-Enter back, Escape ends it. */
export function FindBar({
  words,
  onWords,
  count,
  at,
  onStep,
  onClose,
  document,
}: {
  words: string
  onWords(words: string): void
  count: number
  /** Which place the reader stands on, from 0; -1 for none. */
  at: number
  onStep(by: 1 | -1): void
  onClose(): void
  /** Where to search by meaning. */
  document: string
}) {
  const { t } = useTranslation()
  const { number } = useFormats()
  return (
    <search className="flex shrink-0 items-center gap-1 border-line border-b bg-sunken px-4 py-2 md:px-8">
      <TextField
        autoFocus
        label={t('documents.find.field')}
        hideLabel
        placeholder={t('documents.find.field')}
        value={words}
        onChange={(event) => onWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
          else if (event.key === 'Escape') onClose()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
        className="min-w-0 max-w-80 flex-1"
      />
      <span role="status" className="figures min-w-16 px-2 text-ink-quiet text-meta">
        {words.trim() === ''
          ? ''
          : count === 0
            ? t('documents.find.nothing')
            : t('documents.find.at', { at: number(at + 1), count: number(count) })}
      </span>
      <IconButton size="small" label={t('documents.find.previous')} disabled={count === 0} onClick={() => onStep(-1)}>
        <ChevronUp />
      </IconButton>
      <IconButton size="small" label={t('documents.find.next')} disabled={count === 0} onClick={() => onStep(1)}>
        <ChevronDown />
      </IconButton>
      <Link
        to="/search"
        search={{ document, ...(words.trim() !== '' && { q: words.trim() }) }}
        className="shrink-0 rounded px-2 text-meta underline decoration-line-strong underline-offset-4 hover:text-ink"
      >
        {t('documents.find.byMeaning')}
      </Link>
      <IconButton size="small" label={t('common.close')} onClick={onClose}>
        <X />
      </IconButton>
    </search>
  )
}
