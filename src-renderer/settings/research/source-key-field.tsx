import { useMutation, useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KeyedSource } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { toFailure } from '../../backend/failure.ts'
import { keys, useAppInfo, useResearchStatus } from '../../backend/queries.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { TextField } from '../../ui/field.tsx'

/** The key of a web search: where the present one comes from, a way to give another, and where it will be kept. */
export function SourceKeyField({ source }: { source: KeyedSource }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const storage = useAppInfo().data?.keyStorage
  const from = useResearchStatus().data?.keys[source] ?? 'none'
  const [key, setKey] = useState('')
  const onSuccess = () => {
    setKey('')
    return cache.invalidateQueries({ queryKey: keys.research })
  }
  const save = useMutation({ mutationFn: () => client.research.setKey({ source, key: key.trim() }), onSuccess })
  const remove = useMutation({ mutationFn: () => client.research.removeKey({ source }), onSuccess })
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
          label={t('settings.models.key')}
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
          {from === 'environment' &&
            `${t('settings.models.keyFromEnvironment', { name: `LVA_AGENTS_RESEARCH_${source.toUpperCase()}_API_KEY` })} `}
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
