import type { ComponentProps, ReactNode } from 'react'
import { cx } from './class-names.ts'

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent font-semibold',
  plain: 'bg-surface text-ink border-line hover:border-line-strong hover:bg-hover font-medium',
  quiet: 'border-transparent text-ink-soft hover:bg-hover hover:text-ink font-medium',
  danger: 'border-danger-line text-danger bg-surface hover:bg-danger-soft font-medium',
} as const

export type ButtonLook = keyof typeof LOOKS

export function Button({
  look = 'plain',
  size = 'normal',
  className,
  ...props
}: ComponentProps<'button'> & { look?: ButtonLook; size?: 'normal' | 'small' }) {
  return (
    <button
      type="button"
      {...props}
      className={cx(
        'inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-lg border transition-colors',
        'disabled:pointer-events-none disabled:opacity-45 pointer-coarse:min-h-11 [&_svg]:size-[1.125em] [&_svg]:shrink-0',
        size === 'normal' ? 'h-10 px-4 text-ui' : 'h-8 px-2.5 text-meta',
        LOOKS[look],
        className,
      )}
    />
  )
}

/** A button that is only a sign; its name is for those who cannot see it, and for the tooltip. */
export function IconButton({
  label,
  size = 'normal',
  className,
  children,
  ...props
}: Omit<ComponentProps<'button'>, 'aria-label'> & { label: string; size?: 'normal' | 'small'; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...props}
      className={cx(
        'inline-flex shrink-0 items-center justify-center rounded-lg text-ink-quiet transition-colors hover:bg-hover hover:text-ink',
        'disabled:pointer-events-none disabled:opacity-40 aria-pressed:bg-accent-soft aria-pressed:text-accent-strong',
        'pointer-coarse:min-h-11 pointer-coarse:min-w-11',
        size === 'normal' ? 'size-10 [&_svg]:size-5' : 'size-8 [&_svg]:size-4',
        className,
      )}
    >
      {children}
    </button>
  )
}

/** A link that looks like a button. */
export const LINK_BUTTON =
  'inline-flex h-9 items-center gap-2 rounded-lg border border-line px-3 font-medium text-ui transition-colors hover:border-line-strong hover:bg-hover pointer-coarse:h-11 [&_svg]:size-4 [&_svg]:text-ink-quiet'
