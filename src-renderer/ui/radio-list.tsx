import { RadioGroup } from 'radix-ui'
import { useId } from 'react'

/** A few choices below each other, each with a word about it. */
export function RadioList<T extends string>({
  label,
  options,
  value,
  onValue,
}: {
  label: string
  options: readonly { value: T; label: string; detail: string }[]
  value: T
  onValue(value: T): void
}) {
  const id = useId()
  return (
    <div>
      <p id={id} className="mb-3 font-semibold text-answer">
        {label}
      </p>
      <RadioGroup.Root
        aria-labelledby={id}
        value={value}
        onValueChange={(next) => onValue(next as T)}
        className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
      >
        {options.map((option) => (
          <RadioGroup.Item
            key={option.value}
            value={option.value}
            aria-labelledby={`${id}-${option.value}-label`}
            aria-describedby={`${id}-${option.value}`}
            className="group flex w-full items-start gap-3 px-4 py-3 text-left outline-offset-[-2px] transition-colors hover:bg-hover"
          >
            <span className="mt-[0.2rem] inline-flex size-4.5 shrink-0 items-center justify-center rounded-full border border-line-strong group-data-[state=checked]:border-accent">
              <RadioGroup.Indicator className="size-2.5 rounded-full bg-accent" />
            </span>
            <span className="min-w-0">
              <span id={`${id}-${option.value}-label`} className="block font-medium text-ui">
                {option.label}
              </span>
              <span id={`${id}-${option.value}`} className="block text-ink-quiet text-meta">
                {option.detail}
              </span>
            </span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </div>
  )
}
