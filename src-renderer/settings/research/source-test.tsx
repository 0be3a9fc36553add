import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { TestedSource } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { toFailure } from '../../backend/failure.ts'
import { useFormats } from '../../i18n/format.ts'
import { ConnectionTest } from '../connection-test.tsx'

/** Asks a source for one harmless word, and says what came. */
export function SourceTest({ source }: { source: TestedSource }) {
  const { t } = useTranslation()
  const client = useClient()
  const { milliseconds } = useFormats()
  const { mutate, isPending, error, data } = useMutation({ mutationFn: () => client.research.test({ source }) })
  return (
    <ConnectionTest
      label={t('settings.research.test', { name: t(`settings.research.webs.${source}`) })}
      size="small"
      onClick={() => mutate()}
      isPending={isPending}
      works={data?.ok ? t('settings.research.works', { count: data.found, time: milliseconds(data.ms) }) : null}
      failure={error ? toFailure(error) : (data?.error ?? null)}
    />
  )
}
