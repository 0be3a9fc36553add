import { type FormEvent, useRef } from 'react'

/** A name, to be typed in its place. Leaving it and Enter save what has changed; Escape does not. */
export function RenameField({
  label,
  name,
  placeholder,
  maxLength,
  onSave,
  onEnd,
  className,
}: {
  label: string
  name: string
  placeholder?: string
  maxLength: number
  /** Called with the trimmed name, which may be empty, where it is another than before. */
  onSave(name: string): void
  onEnd(): void
  className?: string
}) {
  const over = useRef(false)
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (over.current) return
    over.current = true
    const next = String(new FormData(event.currentTarget).get('title') ?? '').trim()
    if (next !== name) onSave(next)
    onEnd()
  }
  return (
    <form onSubmit={save} className={className}>
      <input
        name="title"
        // biome-ignore lint/a11y/noAutofocus: the learner just asked to type here
        autoFocus
        aria-label={label}
        defaultValue={name}
        placeholder={placeholder}
        maxLength={maxLength}
        onBlur={(event) => event.currentTarget.form?.requestSubmit()}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          event.stopPropagation()
          over.current = true
          onEnd()
        }}
        className="h-10 w-full rounded-lg border border-accent bg-surface px-2.5 font-medium text-ui outline-none"
      />
    </form>
  )
}
