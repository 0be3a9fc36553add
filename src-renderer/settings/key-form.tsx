import { useMutation } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppInfo, ProviderStatus } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { TextField } from '../ui/field.tsx'

/** A key: where the present one comes from, a way to give another, and plainly where it will be kept. */
export function KeyForm({
  label,
  from,
  variable,
  storage,
  onSave,
  onRemove,
  onChanged,
}: {
  label: string
  from: ProviderStatus['keySource']
  /** Of the environment, which may hold it as well. */
  variable: string
  storage: AppInfo['keyStorage'] | undefined
  onSave(key: string): Promise<unknown>
  onRemove(): Promise<unknown>
  onChanged(): Promise<unknown>
}) {
  const { t } = useTranslation()
  const [key, setKey] = useState('')
  const onSuccess = () => {
    setKey('')
    return onChanged()
  }
  const save = useMutation({ mutationFn: () => onSave(key.trim()), onSuccess })
  const remove = useMutation({ mutationFn: onRemove, onSuccess })
  const failed = save.error ?? remove.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (key.trim() !== '') save.mutate()
  }
  return (
    <div>
      <form onSubmit={submit} className="flex items-end gap-2">
        <TextField
          className="min-w-0 flex-1"
          type="password"
          autoComplete="off"
          spellCheck={false}
          maxLength={1_000}
          label={label}
          placeholder={from === 'none' ? t('settings.models.keyPlaceholder') : t('settings.models.keyReplace')}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <Button type="submit" disabled={key.trim() === '' || save.isPending}>
          {t('common.save')}
        </Button>
      </form>
      <p className="mt-1.5 flex items-baseline gap-2 text-ink-quiet text-meta">
        <KeyRound aria-hidden className="size-3.5 shrink-0 self-center" />
        <span>
          {from === 'environment' && `${t('settings.models.keyFromEnvironment', { name: variable })} `}
          {from === 'stored' && `${t('settings.models.keyStored')} `}
          {storage && t(`settings.models.keptIn.${storage}`)}
        </span>
        {from === 'stored' && (
          <button
            type="button"
            disabled={remove.isPending}
            onClick={() => remove.mutate()}
            className="ml-auto shrink-0 rounded text-danger underline underline-offset-4 pointer-coarse:min-h-11"
          >
            {t('settings.models.removeKey')}
          </button>
        )}
      </p>
      {failed && <FailureNote failure={toFailure(failed)} className="mt-3" />}
    </div>
  )
}
