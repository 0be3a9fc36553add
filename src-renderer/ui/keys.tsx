import { cx } from './class-names.ts'

/** The keys of a shortcut, as they are printed on a keyboard. */
export function Keys({ keys, inverse = false }: { keys: readonly string[]; inverse?: boolean }) {
  return (
    <span className="inline-flex gap-1">
      {keys.map((key) => (
        <kbd
          key={key}
          className={cx(
            'inline-flex h-5 min-w-5 items-center justify-center rounded border px-1.5 font-sans text-fine',
            inverse ? 'border-current opacity-80' : 'border-line bg-surface text-ink-quiet',
          )}
        >
          {key}
        </kbd>
      ))}
    </span>
  )
}
