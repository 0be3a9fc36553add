import type { ReactNode } from 'react'
import { cx } from '../ui/class-names.ts'

/** A section of Settings: its title and a sentence about it. */
export function Section({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <section>
      <h2 className="font-semibold text-title tracking-[-0.02em]">{title}</h2>
      {about && <p className="mt-2 max-w-[60ch] text-ink-soft">{about}</p>}
      <div className="mt-8 space-y-8">{children}</div>
    </section>
  )
}

/** A few settings that belong together. */
export function Part({ title, children, className }: { title?: string; children: ReactNode; className?: string }) {
  return (
    <div className={cx('border-line border-t pt-6', className)}>
      {title && <h3 className="mb-4 font-semibold text-answer">{title}</h3>}
      <div className="space-y-5">{children}</div>
    </div>
  )
}

/** Names and values, one pair a line. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="divide-y divide-line">
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 py-2.5 text-ui">
          <dt className="text-ink-soft">{name}</dt>
          <dd className="figures min-w-0 [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
