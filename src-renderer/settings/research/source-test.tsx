import { useMutation } from '@tanstack/react-query'
import { CircleCheck, PlugZap } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { TestedSource } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { toFailure } from '../../backend/failure.ts'
import { useFormats } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'

/** Asks a source for one harmless word, and says what came. */
export function SourceTest({ source }: { source: TestedSource }) {
  const { t } = useTranslation()
  const client = useClient()
  const { milliseconds } = useFormats()
  const test = useMutation({ mutationFn: () => client.research.test({ source }) })
  const failure = test.error ? toFailure(test.error) : (test.data?.error ?? null)
  const name = t(`settings.research.webs.${source}`)
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button size="small" disabled={test.isPending} onClick={() => test.mutate()}>
          <PlugZap />
          {test.isPending ? t('settings.models.testing') : t('settings.research.test', { name })}
        </Button>
        <p role="status" className="text-ui">
          {test.data?.ok && !test.isPending && (
            <span className="figures inline-flex items-center gap-2 text-accent-strong">
              <CircleCheck aria-hidden className="size-4.5" />
              {t('settings.research.works', { count: test.data.found, time: milliseconds(test.data.ms) })}
            </span>
          )}
        </p>
      </div>
      {failure && !test.isPending && <FailureNote failure={failure} className="mt-3" />}
    </div>
  )
}
