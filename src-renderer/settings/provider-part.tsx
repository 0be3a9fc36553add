import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppInfo, KeyedProvider, ProviderStatus, Settings } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { useChangeSettings, useSettings } from '../backend/queries.ts'
import { FailureNote } from '../ui/failure-note.tsx'
import { KeyField } from './key-field.tsx'
import { ProviderTest } from './provider-test.tsx'
import { SavedField } from './saved-field.tsx'
import { Part } from './section.tsx'

/** Local servers that speak the same language as OpenAI, at the addresses where they usually listen. */
const LOCAL_SERVERS = [
  { name: 'Ollama', url: 'http://127.0.0.1:11434/v1' },
  { name: 'LM Studio', url: 'http://127.0.0.1:1234/v1' },
  { name: 'llama.cpp', url: 'http://127.0.0.1:8080/v1' },
] as const

const MODEL_SETTING = {
  anthropic: 'anthropicModel',
  openai: 'openaiModel',
  compatible: 'compatibleModel',
} as const satisfies Record<KeyedProvider, keyof Settings>

/** One provider: its key, its address where it has one, its model, and a test of all of it. */
export function ProviderPart({
  status,
  storage,
}: {
  status: ProviderStatus & { provider: string }
  storage: AppInfo['keyStorage'] | undefined
}) {
  const { t } = useTranslation()
  const settings = useSettings().data
  const change = useChangeSettings()
  const provider = status.provider as KeyedProvider
  if (!settings) return null
  const setting = MODEL_SETTING[provider]
  return (
    <Part title={t(`provider.${provider}`)}>
      {provider === 'compatible' && (
        <div>
          <SavedField
            type="url"
            inputMode="url"
            label={t('settings.models.address')}
            help={t('settings.models.addressHelp')}
            value={settings.compatibleUrl}
            placeholder={status.baseUrl || LOCAL_SERVERS[0].url}
            onSave={(compatibleUrl) => change.mutate({ compatibleUrl })}
          />
          <div className="mt-2.5 flex flex-wrap gap-1.5">
            {LOCAL_SERVERS.map(({ name, url }) => (
              <button
                key={name}
                type="button"
                title={url}
                onClick={() => change.mutate({ compatibleUrl: url })}
                className="h-7 rounded-full border border-line px-3 text-ink-soft text-meta transition-colors hover:border-accent-line hover:bg-accent-soft hover:text-ink pointer-coarse:h-10"
              >
                {name}
              </button>
            ))}
          </div>
        </div>
      )}
      <KeyField provider={provider} source={status.keySource} storage={storage} />
      <ModelField
        provider={provider}
        value={settings[setting]}
        placeholder={status.model}
        canList={status.configured}
        onSave={(model) => change.mutate({ [setting]: model })}
      />
      {change.error && <FailureNote failure={toFailure(change.error)} />}
      <ProviderTest provider={provider} canTest={status.configured} />
    </Part>
  )
}

function ModelField({
  provider,
  value,
  placeholder,
  canList,
  onSave,
}: {
  provider: KeyedProvider
  value: string
  placeholder: string
  canList: boolean
  onSave(model: string): void
}) {
  const { t } = useTranslation()
  const client = useClient()
  const [wanted, setWanted] = useState(false)
  const models = useQuery({
    queryKey: ['models', provider],
    queryFn: ({ signal }) => client.providers.models({ provider }, { signal }),
    enabled: wanted && canList,
    staleTime: 60_000,
  })
  const names = models.data?.models ?? []
  return (
    <>
      <SavedField
        label={t('settings.models.model')}
        help={
          names.length > 0 ? t('settings.models.modelsKnown', { count: names.length }) : t('settings.models.modelHelp')
        }
        value={value}
        placeholder={placeholder}
        list={`models-${provider}`}
        spellCheck={false}
        onFocus={() => setWanted(true)}
        onSave={onSave}
      />
      <datalist id={`models-${provider}`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  )
}
