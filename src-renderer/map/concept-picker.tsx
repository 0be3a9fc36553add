import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Concept } from '../../src-core/contract/index.ts'
import { useDebounced } from '../search/debounced.ts'
import { cx } from '../ui/class-names.ts'
import { useConcepts } from './queries.ts'

const PAUSE_MS = 120
const SHOWN = 8

/** A field in which a concept is found by its name. */
export function ConceptPicker({
  label,
  hideLabel = false,
  placeholder,
  without = [],
  clears = false,
  onPick,
  className,
}: {
  label: string
  hideLabel?: boolean
  placeholder?: string
  /** Ids that cannot be chosen. */
  without?: readonly string[]
  /** Empties the field after a choice, instead of keeping the name in it. */
  clears?: boolean
  onPick(concept: Concept): void
  className?: string
}) {
  const { t } = useTranslation()
  const id = useId()
  const [text, setText] = useState('')
  const [isOpen, setIsOpen] = useState(false)
  const [at, setAt] = useState(0)
  const query = useDebounced(text.trim(), PAUSE_MS)
  const found = useConcepts({ query, hidden: false, limit: SHOWN + without.length }, isOpen)
  const concepts = (found.data ?? []).filter((concept) => !without.includes(concept.id)).slice(0, SHOWN)
  const chosen = concepts[Math.min(at, concepts.length - 1)]
  const pick = (concept: Concept | undefined) => {
    if (!concept) return
    setText(clears ? '' : concept.name)
    setIsOpen(false)
    onPick(concept)
  }
  // Who types and presses Enter in one go means what was typed, not what was found for the first letters.
  const isSettled = query === text.trim() && found.data !== undefined && !found.isPlaceholderData
  const [isAwaited, setIsAwaited] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: picks once, when what was typed has been looked for
  useEffect(() => {
    if (!isAwaited || !isSettled) return
    setIsAwaited(false)
    pick(chosen)
  }, [isAwaited, isSettled])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setIsOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      setAt((before) => Math.max(0, Math.min(concepts.length - 1, before + step)))
    } else if (event.key === 'Enter' && isOpen) {
      if (isSettled) pick(chosen)
      else setIsAwaited(true)
    } else if (event.key === 'Escape' && isOpen) setIsOpen(false)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const list = `${id}-list`
  return (
    <div className={cx('relative', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'mb-1.5 block font-medium text-ui'}>
        {label}
      </label>
      <input
        id={id}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && chosen ? `${id}-${chosen.id}` : undefined}
        autoComplete="off"
        value={text}
        placeholder={placeholder}
        onFocus={() => setIsOpen(true)}
        onBlur={() => setIsOpen(false)}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
          setIsAwaited(false)
          setIsOpen(true)
        }}
        onKeyDown={onKeyDown}
        className="h-10 w-full rounded-lg border border-line bg-surface px-3 text-ui transition-colors hover:border-line-strong focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 pointer-coarse:h-11"
      />
      <div
        id={list}
        role="listbox"
        aria-label={label}
        hidden={!isOpen}
        className="absolute inset-x-0 top-full z-30 mt-1 max-h-72 overflow-y-auto rounded-xl border border-line bg-surface p-1 shadow-float"
      >
        {concepts.map((concept) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
          <div
            key={concept.id}
            id={`${id}-${concept.id}`}
            role="option"
            aria-selected={concept === chosen}
            tabIndex={-1}
            // Before the field loses the focus, which closes the list.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(concept)}
            className="flex min-h-9 cursor-pointer items-center justify-between gap-3 rounded-lg px-2.5 text-ui hover:bg-hover aria-selected:bg-hover pointer-coarse:min-h-11"
          >
            <span className="min-w-0 truncate" dir="auto">
              {concept.name}
            </span>
            <span className="figures shrink-0 text-ink-quiet text-meta">{concept.captures}</span>
          </div>
        ))}
        {concepts.length === 0 && (
          <div
            role="option"
            aria-disabled
            aria-selected={false}
            tabIndex={-1}
            className="px-2.5 py-2 text-ink-quiet text-ui"
          >
            {t('map.noneFound')}
          </div>
        )}
      </div>
    </div>
  )
}
