import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Names of programs and windows, one a line; saved when the field is left. */
export function ExcludedField({
  names,
  help,
  onSave,
}: {
  names: readonly string[]
  help: string
  onSave(names: string[]): void
}) {
  const { t } = useTranslation()
  const id = useId()
  const kept = names.join('\n')
  const [text, setText] = useState(kept)
  useEffect(() => setText(kept), [kept])
  const save = () => {
    const next = text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
    if (next.join('\n') !== kept) onSave(next)
  }
  return (
    <div>
      <label htmlFor={id} className="font-medium text-ui">
        {t('settings.screen.excluded')}
      </label>
      <p id={`${id}-help`} className="mt-0.5 mb-2 max-w-[60ch] text-ink-quiet text-meta">
        {help}
      </p>
      <textarea
        id={id}
        aria-describedby={`${id}-help`}
        rows={6}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={save}
        className="w-full rounded-lg border border-line bg-surface px-3 py-2 text-ui"
      />
    </div>
  )
}
