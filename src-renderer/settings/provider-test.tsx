import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { KeyedProvider } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { useFormats } from '../i18n/format.ts'
import { ConnectionTest } from './connection-test.tsx'

/** The cheapest question that proves key, address and model. */
export function ProviderTest({ provider, canTest }: { provider: KeyedProvider; canTest: boolean }) {
  const { t } = useTranslation()
  const client = useClient()
  const { milliseconds } = useFormats()
  const { mutate, isPending, error, data } = useMutation({ mutationFn: () => client.providers.test({ provider }) })
  return (
    <ConnectionTest
      label={t('settings.models.test')}
      disabled={!canTest}
      onClick={() => mutate()}
      isPending={isPending}
      works={data?.ok ? t('settings.models.works', { model: data.model, time: milliseconds(data.ms) }) : null}
      failure={error ? toFailure(error) : (data?.error ?? null)}
    />
  )
}
