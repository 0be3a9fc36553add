import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { V1ImportRecord } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'

/** The imports that there were, each to be taken back. */
export function V1Imports({
  imports,
  isBusy,
  onTakeBack,
}: {
  imports: readonly V1ImportRecord[]
  isBusy: boolean
  onTakeBack(id: string): void
}) {
  const { t } = useTranslation()
  const { number, moment } = useFormats()
  const [asking, setAsking] = useState<string | null>(null)
  if (imports.length === 0) return <p className="text-ink-soft text-ui">{t('settings.legacy.noImports')}</p>
  return (
    <>
      <ul
        aria-label={t('settings.legacy.imports')}
        className="divide-y divide-line rounded-xl border border-line bg-surface"
      >
        {imports.map(({ id, name, rows, captures, state, startedAt }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
            <div className="min-w-0 text-ui [overflow-wrap:anywhere]">
              <p className="font-medium">{name}</p>
              <p className="figures text-ink-soft text-meta">
                {t('settings.legacy.importLine', {
                  captures: number(captures),
                  rows: number(rows),
                  when: moment(startedAt),
                  state: t(`settings.legacy.state.${state}`),
                })}
              </p>
            </div>
            {captures > 0 && (
              <Button size="small" disabled={isBusy} onClick={() => setAsking(id)}>
                <Undo2 />
                {t('settings.legacy.takeBack')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Confirm
        open={asking !== null}
        onClose={() => setAsking(null)}
        title={t('settings.legacy.takeBackAsk')}
        description={t('settings.legacy.takeBackMore')}
        yes={t('settings.legacy.takeBack')}
        onYes={() => asking !== null && onTakeBack(asking)}
      />
    </>
  )
}
