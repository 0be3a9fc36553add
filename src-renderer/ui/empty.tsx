import type { ReactNode } from 'react'

/** A place with nothing in it yet: says what will be here and how it comes. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-start gap-3 px-6 py-16">
      <h2 className="font-semibold text-words-small">{title}</h2>
      <div className="text-ink-soft text-ui leading-relaxed">{children}</div>
      {action && <div className="mt-2">{action}</div>}
    </div>
  )
}
