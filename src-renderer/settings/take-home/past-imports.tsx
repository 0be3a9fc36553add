import { Link } from '@tanstack/react-router'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportKind, ImportReceipt } from '../../../src-core/contract/index.ts'
import { portableSchemas } from '../../../src-core/contract/index.ts'
import { useFormats } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'

/** What taking an import back did. */
export interface TakenBack {
  type: 'done'
  removed: number
  kept: number
  keptItems: { kind: 'capture' | 'note' | 'document'; id: string; words: string }[]
}

/** Every import that there was, each to be taken back. */
export function PastImports({
  imports,
  isBusy,
  onTakeBack,
}: {
  imports: readonly ImportReceipt[]
  isBusy: boolean
  onTakeBack(id: string): void
}) {
  const { t } = useTranslation()
  const { number, moment } = useFormats()
  const [asking, setAsking] = useState<string | null>(null)
  if (imports.length === 0) return <p className="text-ink-soft text-ui">{t('settings.takeHome.noImports')}</p>
  return (
    <>
      <ul
        aria-label={t('settings.takeHome.imports')}
        className="divide-y divide-line rounded-xl border border-line bg-surface"
      >
        {imports.map(({ id, kind, name, counts, at, finishedAt, rolledBackAt }) => {
          const state = rolledBackAt ? 'takenBack' : finishedAt ? 'complete' : 'cutOff'
          return (
            <li key={id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
              <div className="min-w-0 text-ui [overflow-wrap:anywhere]">
                <p className="font-medium">{name}</p>
                <p className="figures text-ink-soft text-meta">
                  {t('settings.takeHome.importLine', {
                    kind: isKind(kind) ? t(`settings.takeHome.kind.${kind}`) : kind,
                    entries: number(counts.captures + counts.notes + counts.documents),
                    when: moment(at),
                    state: t(`settings.takeHome.state.${state}`),
                  })}
                </p>
              </div>
              {!rolledBackAt && (
                <Button
                  size="small"
                  disabled={isBusy}
                  aria-label={t('settings.takeHome.takeBackNamed', { name })}
                  onClick={() => setAsking(id)}
                >
                  <Undo2 />
                  {t('settings.takeHome.takeBack')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      <Confirm
        open={asking !== null}
        onClose={() => setAsking(null)}
        title={t('settings.takeHome.takeBackAsk')}
        description={t('settings.takeHome.takeBackMore')}
        yes={t('settings.takeHome.takeBack')}
        onYes={() => asking !== null && onTakeBack(asking)}
      />
    </>
  )
}

/** How much went, and what stays because the learner has changed it since, each a way to it. */
export function TakenBackNote({ result }: { result: TakenBack }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { removed, kept, keptItems } = result
  return (
    <div role="status" className="rounded-xl border border-line bg-surface px-4 py-3 text-ui">
      <p className="font-medium">{t('settings.takeHome.takenBack', { count: removed, shown: number(removed) })}</p>
      {kept > 0 && (
        <>
          <p className="mt-1">{t('settings.takeHome.kept', { count: kept, shown: number(kept) })}</p>
          <ul className="mt-2 space-y-1 [overflow-wrap:anywhere]">
            {keptItems.map(({ kind, id, words }) => (
              <li key={`${kind}/${id}`}>
                <Link
                  to="/library"
                  search={
                    kind === 'capture'
                      ? { capture: id }
                      : kind === 'note'
                        ? { tab: 'notes', note: id }
                        : { tab: 'documents', document: id }
                  }
                  className="text-accent-strong underline underline-offset-2"
                >
                  {words || t(`settings.takeHome.keptKind.${kind}`)}
                </Link>
              </li>
            ))}
            {kept > keptItems.length && <li>…</li>}
          </ul>
        </>
      )}
    </div>
  )
}

function isKind(kind: string): kind is ImportKind {
  return portableSchemas.importKind.safeParse(kind).success
}
