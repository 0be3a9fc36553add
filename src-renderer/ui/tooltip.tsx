import { Tooltip as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { Keys } from './keys.tsx'

/** A word about the thing under the pointer or focus, with its shortcut. */
export function Tooltip({
  text,
  shortcut,
  side = 'right',
  children,
}: {
  text: string
  shortcut?: readonly string[]
  side?: 'top' | 'right' | 'bottom' | 'left'
  children: ReactNode
}) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          sideOffset={8}
          collisionPadding={8}
          className="z-50 flex animate-appear items-center gap-2 rounded-md bg-ink px-2.5 py-1.5 text-meta text-paper shadow-float"
        >
          {text}
          {shortcut && <Keys keys={shortcut} inverse />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

export const TooltipProvider = Primitive.Provider
