import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { KeyedSource } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { keys, useAppInfo, useResearchStatus } from '../../backend/queries.ts'
import { KeyForm } from '../key-form.tsx'

/** The key of a web search. */
export function SourceKeyField({ source }: { source: KeyedSource }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  return (
    <KeyForm
      label={t('settings.models.key')}
      from={useResearchStatus().data?.keys[source] ?? 'none'}
      variable={`LVA_AGENTS_RESEARCH_${source.toUpperCase()}_API_KEY`}
      storage={useAppInfo().data?.keyStorage}
      onSave={(key) => client.research.setKey({ source, key })}
      onRemove={() => client.research.removeKey({ source })}
      onChanged={() => cache.invalidateQueries({ queryKey: keys.research })}
    />
  )
}
