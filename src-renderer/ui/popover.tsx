import { Popover as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'

/** A small panel at its button. */
export function Popover({
  trigger,
  label,
  align = 'start',
  side = 'bottom',
  open,
  onOpen,
  children,
}: {
  trigger: ReactNode
  label: string
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'right' | 'bottom' | 'left'
  open?: boolean
  onOpen?(open: boolean): void
  children: ReactNode
}) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpen}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={12}
          className="z-50 max-h-[min(32rem,var(--radix-popover-content-available-height))] max-w-[calc(100vw-1.5rem)] animate-appear overflow-y-auto rounded-xl border border-line bg-surface shadow-float outline-none"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

export const PopoverClose = Primitive.Close
