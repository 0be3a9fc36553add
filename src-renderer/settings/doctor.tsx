import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, Stethoscope } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { keys } from '../backend/queries.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'

/** Examines the installation when asked to. */
export function Doctor() {
  const { t } = useTranslation()
  const client = useClient()
  const checks = useQuery({
    queryKey: keys.doctor,
    queryFn: async ({ signal }) => (await client.app.doctor(undefined, { signal })).checks,
    enabled: false,
  })
  return (
    <>
      <p className="text-ink-soft text-ui">{t('settings.data.checkHelp')}</p>
      <Button disabled={checks.isFetching} onClick={() => void checks.refetch()}>
        <Stethoscope />
        {checks.isFetching ? t('settings.data.checking') : t('settings.data.checkNow')}
      </Button>
      {checks.error && <FailureNote failure={toFailure(checks.error)} />}
      {checks.data && (
        <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
          {checks.data.map((check) => (
            <li key={check.name} className="flex gap-3 px-4 py-3">
              {check.ok ? (
                <CircleCheck
                  role="img"
                  aria-label={t('settings.data.good')}
                  className="mt-0.5 size-4.5 shrink-0 text-accent"
                />
              ) : (
                <CircleAlert
                  role="img"
                  aria-label={t('settings.data.bad')}
                  className="mt-0.5 size-4.5 shrink-0 text-danger"
                />
              )}
              <div className="min-w-0 text-ui [overflow-wrap:anywhere]">
                <p className="font-medium">{check.name}</p>
                <p className="text-ink-soft text-meta">{check.detail}</p>
                {!check.ok && check.advice && <p className="mt-1 text-meta">{check.advice}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
