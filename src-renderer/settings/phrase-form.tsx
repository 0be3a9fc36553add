import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../backend/failure.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { TextField } from '../ui/field.tsx'

/** The recovery phrase, typed. */
export function PhraseForm({
  label,
  error,
  isWorking,
  autoFocus,
  onPhrase,
  onCancel,
}: {
  /** Of the button that takes it. */
  label: string
  error: unknown
  isWorking: boolean
  autoFocus?: boolean | undefined
  /** It stands in the field no longer once this has taken it. */
  onPhrase(phrase: string): Promise<unknown>
  onCancel?: (() => void) | undefined
}) {
  const { t } = useTranslation()
  const [phrase, setPhrase] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (phrase.trim() === '' || isWorking) return
    onPhrase(phrase).then(
      () => setPhrase(''),
      // Said through `error`; the words stay to be corrected.
      () => undefined,
    )
  }
  return (
    <form onSubmit={submit} className="space-y-4">
      <TextField
        autoFocus={autoFocus}
        type="password"
        label={t('settings.backups.phrase.type')}
        help={t('settings.backups.phrase.typeHelp')}
        autoComplete="off"
        spellCheck={false}
        maxLength={2_000}
        value={phrase}
        onChange={({ target }) => setPhrase(target.value)}
      />
      {error ? <FailureNote failure={toFailure(error)} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={phrase.trim() === '' || isWorking}>
          {label}
        </Button>
        {onCancel && (
          <Button look="quiet" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        )}
      </div>
    </form>
  )
}
