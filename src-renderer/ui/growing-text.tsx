import type { ComponentProps } from 'react'
import { cx } from './class-names.ts'
import { directionOf } from './direction.ts'

/** Beyond this many characters the field keeps one height: measuring a book at each letter would hold up the typing. */
const GROWS_UP_TO = 20_000

/** A text field that is as high as its text, within the limits that `className` sets. */
export function GrowingText({
  value,
  className,
  ...props
}: Omit<ComponentProps<'textarea'>, 'value'> & { value: string }) {
  return (
    <textarea
      {...props}
      value={value}
      dir={directionOf(value)}
      className={cx(value.length <= GROWS_UP_TO ? 'field-sizing-content' : 'h-[60dvh]', 'resize-none', className)}
    />
  )
}
