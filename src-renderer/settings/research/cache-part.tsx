import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../backend/backend.tsx'
import { toFailure } from '../../backend/failure.ts'
import { keys, useResearchStatus } from '../../backend/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { Part } from '../section.tsx'

/** What is kept of answers, and a way to forget it. */
export function CachePart() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const { bytes } = useFormats()
  const status = useResearchStatus()
  const clear = useMutation({
    mutationFn: () => client.research.clearCache(),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.research }),
  })
  const kept = status.data?.cache
  const failed = clear.error ?? status.error
  return (
    <Part title={t('settings.research.cache')}>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div>
          <p role="status" className="figures text-ui">
            {kept &&
              (kept.answers === 0
                ? t('settings.research.cacheEmpty')
                : t('settings.research.cacheHolds', { count: kept.answers, size: bytes(kept.bytes) }))}
          </p>
          <p className="mt-0.5 text-ink-quiet text-meta">{t('settings.research.cacheHelp')}</p>
        </div>
        <Button disabled={!kept || kept.answers === 0 || clear.isPending} onClick={() => clear.mutate()}>
          {t('settings.research.cacheClear')}
        </Button>
      </div>
      {failed && <FailureNote failure={toFailure(failed)} />}
    </Part>
  )
}
