import { useMutation, useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppInfo, KeyedProvider, ProviderStatus } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { keys } from '../backend/queries.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { TextField } from '../ui/field.tsx'

const VARIABLES: Record<KeyedProvider, string> = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  compatible: 'LVA_LANGUAGE_COMPATIBLE_API_KEY',
}

/** A key: where the present one comes from, a way to give another, and plainly where it will be kept. */
export function KeyField({
  provider,
  source,
  storage,
}: {
  provider: KeyedProvider
  source: ProviderStatus['keySource']
  storage: AppInfo['keyStorage'] | undefined
}) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const [key, setKey] = useState('')
  const onSuccess = () => {
    setKey('')
    return cache.invalidateQueries({ queryKey: keys.providers })
  }
  const save = useMutation({ mutationFn: () => client.providers.setKey({ provider, key: key.trim() }), onSuccess })
  const remove = useMutation({ mutationFn: () => client.providers.removeKey({ provider }), onSuccess })
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
          label={provider === 'compatible' ? t('settings.models.keyOptional') : t('settings.models.key')}
          placeholder={source === 'none' ? t('settings.models.keyPlaceholder') : t('settings.models.keyReplace')}
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
          {source === 'environment' && `${t('settings.models.keyFromEnvironment', { name: VARIABLES[provider] })} `}
          {source === 'stored' && `${t('settings.models.keyStored')} `}
          {storage && t(`settings.models.keptIn.${storage}`)}
        </span>
        {source === 'stored' && (
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
