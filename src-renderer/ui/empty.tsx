import type { ReactNode } from 'react'
import { cx } from './class-names.ts'

/** A place with nothing in it yet: says what will be here and how it comes. */
export function Empty({
  title,
  children,
  action,
  className = 'mx-auto px-6',
}: {
  title: string
  children: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div className={cx('flex max-w-md flex-col items-start gap-3 py-16', className)}>
      <h2 className="font-semibold text-words-small">{title}</h2>
      <div className="text-ink-soft text-ui leading-relaxed">{children}</div>
      {action && <div className="mt-2">{action}</div>}
    </div>
  )
}
