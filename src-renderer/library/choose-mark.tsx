import { Check } from 'lucide-react'
import { cx } from '../ui/class-names.ts'

/** The little box by which a row is chosen with a pointer; the list box says the same to screen readers. */
export function ChooseMark({ isChosen, onMark }: { isChosen: boolean; onMark(): void }) {
  return (
    <span
      aria-hidden
      onClick={(event) => {
        event.stopPropagation()
        onMark()
      }}
      className={cx(
        'inline-flex size-4.5 items-center justify-center rounded-[0.3rem] border transition-opacity',
        isChosen
          ? 'border-accent bg-accent text-on-accent'
          : 'border-line-strong bg-surface opacity-0 group-hover:opacity-100 pointer-coarse:opacity-100',
      )}
    >
      {isChosen && <Check className="size-3" strokeWidth={3} />}
    </span>
  )
}
