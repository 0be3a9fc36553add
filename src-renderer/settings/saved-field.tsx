import { type ComponentProps, useEffect, useState } from 'react'
import { TextField } from '../ui/field.tsx'

/** A field that saves when it is left, or on Enter; no button, and nothing half typed is ever used. */
export function SavedField({
  value,
  onSave,
  ...props
}: Omit<ComponentProps<typeof TextField>, 'value' | 'onChange' | 'onBlur' | 'onKeyDown'> & {
  value: string
  onSave(value: string): void
}) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const save = () => {
    const next = text.trim()
    if (next !== value) onSave(next)
  }
  return (
    <TextField
      autoComplete="off"
      {...props}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save()
        if (event.key === 'Escape') setText(value)
      }}
    />
  )
}
