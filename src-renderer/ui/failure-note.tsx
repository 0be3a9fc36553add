import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Failure } from '../backend/failure.ts'
import { useFailureWords } from '../i18n/failure-words.ts'
import { cx } from './class-names.ts'

/** What went wrong, what to do next, and the buttons that do it. */
export function FailureNote({
  failure,
  children,
  className,
}: {
  failure: Failure
  children?: ReactNode
  className?: string
}) {
  const { what, next } = useFailureWords()(failure)
  return (
    <div role="alert" className={cx('rounded-xl border border-danger-line bg-surface px-4 py-3', className)}>
      <div className="flex gap-3">
        <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
        <div className="min-w-0 text-ui">
          <p className="font-medium text-ink">{what}</p>
          {next && <p className="mt-0.5 text-ink-soft">{next}</p>}
          {children && <div className="mt-3 flex flex-wrap gap-2">{children}</div>}
        </div>
      </div>
    </div>
  )
}
