import { Info } from 'lucide-react'
import type { ReactNode } from 'react'

/** Something worth knowing that needs nothing done. */
export function Notice({ children }: { children: ReactNode }) {
  return (
    <div
      role="status"
      className="mb-3 flex gap-2.5 rounded-xl border border-line bg-sunken px-4 py-2.5 text-ink-soft text-ui"
    >
      <Info aria-hidden className="mt-0.5 size-4.5 shrink-0 text-ink-quiet" />
      <div className="min-w-0">{children}</div>
    </div>
  )
}
