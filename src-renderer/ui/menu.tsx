import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from './class-names.ts'

/** What can be done with a thing, behind one button. Not modal: Radix would lock scrolling with a style element (see dialog.tsx). */
export function Menu({
  trigger,
  align = 'end',
  children,
}: {
  trigger: ReactNode
  align?: 'start' | 'end'
  children: ReactNode
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-44 animate-appear rounded-xl border border-line bg-surface p-1 shadow-float outline-none"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export function MenuItem({
  icon,
  danger = false,
  onSelect,
  children,
}: {
  icon?: ReactNode
  danger?: boolean
  onSelect(): void
  children: ReactNode
}) {
  return (
    <DropdownMenu.Item
      onSelect={onSelect}
      className={cx(
        'flex h-9 cursor-pointer select-none items-center gap-2.5 rounded-lg px-2.5 text-ui outline-none data-[highlighted]:bg-hover pointer-coarse:h-11 [&_svg]:size-4',
        danger ? 'text-danger' : 'text-ink [&_svg]:text-ink-quiet',
      )}
    >
      {icon}
      {children}
    </DropdownMenu.Item>
  )
}

/** A few things of which one holds. */
export function MenuChoices({
  label,
  value,
  onValue,
  children,
}: {
  label: string
  value: string
  onValue(value: string): void
  children: ReactNode
}) {
  return (
    <DropdownMenu.RadioGroup aria-label={label} value={value} onValueChange={onValue}>
      {children}
    </DropdownMenu.RadioGroup>
  )
}

export function MenuChoice({ value, detail, children }: { value: string; detail: string; children: ReactNode }) {
  return (
    <DropdownMenu.RadioItem
      value={value}
      className="group flex max-w-72 cursor-pointer select-none items-start gap-2.5 rounded-lg px-2.5 py-2 outline-none data-[highlighted]:bg-hover"
    >
      <Check aria-hidden className="invisible mt-0.5 size-4 shrink-0 text-accent group-data-[state=checked]:visible" />
      <span className="min-w-0">
        <span className="block text-ink text-ui">{children}</span>
        <span className="block text-ink-quiet text-meta">{detail}</span>
      </span>
    </DropdownMenu.RadioItem>
  )
}
