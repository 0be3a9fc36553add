import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AppInfo, KeyedProvider, ProviderStatus } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { keys } from '../backend/queries.ts'
import { KeyForm } from './key-form.tsx'

const VARIABLES: Record<KeyedProvider, string> = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  compatible: 'LVA_LANGUAGE_COMPATIBLE_API_KEY',
}

/** The key of a provider of language models. */
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
  return (
    <KeyForm
      label={provider === 'compatible' ? t('settings.models.keyOptional') : t('settings.models.key')}
      from={source}
      variable={VARIABLES[provider]}
      storage={storage}
      onSave={(key) => client.providers.setKey({ provider, key })}
      onRemove={() => client.providers.removeKey({ provider })}
      onChanged={() => cache.invalidateQueries({ queryKey: keys.providers })}
    />
  )
}
