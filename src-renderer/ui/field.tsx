import { type ComponentProps, type ReactNode, useId } from 'react'
import { cx } from './class-names.ts'

const BOX =
  'w-full rounded-lg border border-line bg-surface text-ui text-ink transition-colors hover:border-line-strong focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0'

/** A line of text with its name and a word of help. */
export function TextField({
  label,
  help,
  hideLabel = false,
  className,
  ...props
}: ComponentProps<'input'> & { label: string; help?: ReactNode; hideLabel?: boolean }) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'mb-1.5 block font-medium text-ui'}>
        {label}
      </label>
      <input
        id={id}
        aria-describedby={help ? `${id}-help` : undefined}
        {...props}
        className={cx(BOX, 'h-10 px-3 pointer-coarse:h-11')}
      />
      {help && (
        <p id={`${id}-help`} className="mt-1.5 text-ink-quiet text-meta">
          {help}
        </p>
      )}
    </div>
  )
}

/** One of a few, chosen from the system's own list: it works with any keyboard, screen reader and thumb. */
export function SelectField({
  label,
  help,
  hideLabel = false,
  options,
  value,
  onValue,
  className,
}: {
  label: string
  help?: ReactNode
  hideLabel?: boolean
  options: readonly { value: string; label: string }[]
  value: string
  onValue(value: string): void
  className?: string
}) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'mb-1.5 block font-medium text-ui'}>
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          aria-describedby={help ? `${id}-help` : undefined}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          className={cx(BOX, 'h-10 appearance-none truncate pr-9 pl-3 pointer-coarse:h-11')}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <svg
          aria-hidden="true"
          viewBox="0 0 16 16"
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-3 size-4 text-ink-quiet"
        >
          <path d="m4 6 4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
        </svg>
      </div>
      {help && (
        <p id={`${id}-help`} className="mt-1.5 text-ink-quiet text-meta">
          {help}
        </p>
      )}
    </div>
  )
}
