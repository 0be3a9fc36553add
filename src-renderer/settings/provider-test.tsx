import { useMutation } from '@tanstack/react-query'
import { CircleCheck, PlugZap } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { KeyedProvider } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { useFormats } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'

/** The cheapest question that proves key, address and model. */
export function ProviderTest({ provider, canTest }: { provider: KeyedProvider; canTest: boolean }) {
  const { t } = useTranslation()
  const client = useClient()
  const { milliseconds } = useFormats()
  const test = useMutation({ mutationFn: () => client.providers.test({ provider }) })
  const failure = test.error ? toFailure(test.error) : (test.data?.error ?? null)
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button disabled={!canTest || test.isPending} onClick={() => test.mutate()}>
          <PlugZap />
          {test.isPending ? t('settings.models.testing') : t('settings.models.test')}
        </Button>
        <p role="status" className="text-ui">
          {test.data?.ok && !test.isPending && (
            <span className="figures inline-flex items-center gap-2 text-accent-strong">
              <CircleCheck aria-hidden className="size-4.5" />
              {t('settings.models.works', { model: test.data.model, time: milliseconds(test.data.ms) })}
            </span>
          )}
        </p>
      </div>
      {failure && !test.isPending && <FailureNote failure={failure} className="mt-3" />}
    </div>
  )
}
