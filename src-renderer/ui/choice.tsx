import { RadioGroup, Slider as SliderPrimitive, Switch as SwitchPrimitive } from 'radix-ui'
import { type ReactNode, useId } from 'react'

/** A few choices side by side. */
export function Choice<T extends string>({
  label,
  options,
  value,
  onValue,
}: {
  label: string
  options: readonly { value: T; label: string; icon?: ReactNode }[]
  value: T
  onValue(value: T): void
}) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onValue(next as T)}
      orientation="horizontal"
      className="inline-flex max-w-full flex-wrap gap-0.5 rounded-[0.625rem] border border-line bg-sunken p-0.5"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="inline-flex h-8 items-center gap-2 rounded-lg border border-transparent px-3 font-medium text-ink-quiet text-ui transition-colors hover:text-ink data-[state=checked]:border-line data-[state=checked]:bg-surface data-[state=checked]:text-ink data-[state=checked]:shadow-lift pointer-coarse:h-10 [&_svg]:size-4"
        >
          {option.icon}
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}

/** On or off, with its name and a word of help beside it. */
export function Switch({
  label,
  help,
  checked,
  onChecked,
}: {
  label: string
  help?: ReactNode
  checked: boolean
  onChecked(checked: boolean): void
}) {
  const id = useId()
  return (
    <div className="flex items-start justify-between gap-6">
      <div>
        <label htmlFor={id} className="font-medium text-ui">
          {label}
        </label>
        {help && (
          <p id={`${id}-help`} className="mt-0.5 text-ink-quiet text-meta">
            {help}
          </p>
        )}
      </div>
      <SwitchPrimitive.Root
        id={id}
        aria-describedby={help ? `${id}-help` : undefined}
        checked={checked}
        onCheckedChange={onChecked}
        className="relative mt-0.5 h-6 w-10 shrink-0 rounded-full border border-line-strong bg-line-strong transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <SwitchPrimitive.Thumb className="block size-4.5 translate-x-0.5 rounded-full bg-surface shadow-lift transition-transform data-[state=checked]:translate-x-[1.1875rem]" />
      </SwitchPrimitive.Root>
    </div>
  )
}

/** A number between two ends. */
export function Slider({
  label,
  help,
  value,
  min,
  max,
  step,
  show,
  onValue,
  onCommit,
}: {
  label: string
  help?: string
  value: number
  min: number
  max: number
  step: number
  /** The value as it is read. */
  show(value: number): string
  onValue(value: number): void
  onCommit(value: number): void
}) {
  return (
    <div>
      <div className="mb-2 flex justify-between text-ui">
        <span className="font-medium">{label}</span>
        <span className="figures text-ink-quiet">{show(value)}</span>
      </div>
      <SliderPrimitive.Root
        value={[value]}
        min={min}
        max={max}
        step={step}
        onValueChange={([next]) => next !== undefined && onValue(next)}
        onValueCommit={([next]) => next !== undefined && onCommit(next)}
        className="relative flex h-6 touch-none items-center"
      >
        <SliderPrimitive.Track className="relative h-1 grow rounded-full bg-line">
          <SliderPrimitive.Range className="absolute h-full rounded-full bg-accent" />
        </SliderPrimitive.Track>
        <SliderPrimitive.Thumb
          aria-label={label}
          aria-valuetext={show(value)}
          className="block size-5 rounded-full border border-line-strong bg-surface shadow-lift"
        />
      </SliderPrimitive.Root>
      {help && <p className="mt-1.5 text-ink-quiet text-meta">{help}</p>}
    </div>
  )
}
