import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ArrowLeftRight, Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupStatus } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { usePresentContent } from '../../backend/backup-queries.ts'
import { useReloadAfterRestart } from '../../backend/core-restart.ts'
import { toFailure } from '../../backend/failure.ts'
import { keys } from '../../backend/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { Part } from '../section.tsx'

type Copy = BackupStatus['copies'][number]

const COUNTS = ['captures', 'sessions', 'notes', 'recordings'] as const

/** Restored copies beside the present data, and what a restore put aside: compared, put into place, taken back, thrown away. */
export function CopiesPart({ copies, isBusy }: { copies: readonly Copy[]; isBusy: boolean }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const present = usePresentContent(copies.length > 0)
  const [asking, setAsking] = useState<{ what: 'swap' | 'discard'; copy: Copy } | null>(null)
  const restart = useReloadAfterRestart()
  const swap = useMutation({
    mutationFn: ({ id }: Copy) => client.backup.swapIn({ copy: id }),
    onSuccess: restart.begin,
  })
  const discard = useMutation({
    mutationFn: ({ id }: Copy) => client.backup.discard({ copy: id }),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.backups }),
  })
  const failed = swap.error ?? discard.error ?? present.error
  const cannot = isBusy || swap.isPending || discard.isPending || restart.isRestarting
  if (copies.length === 0) return null
  return (
    <Part title={t('settings.backups.copies.title')}>
      <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.backups.copies.about')}</p>
      <ul aria-label={t('settings.backups.copies.title')} className="space-y-4">
        {copies.map((copy) => (
          <li key={copy.id} className="rounded-xl border border-line bg-surface px-4 py-3">
            <CopyTitle copy={copy} />
            <Compared copy={copy} present={present.data ?? null} />
            <div className="mt-3 flex flex-wrap gap-2">
              <Button
                look={copy.undoes || copy.kind === 'restored' ? 'primary' : 'plain'}
                disabled={cannot}
                onClick={() => setAsking({ what: 'swap', copy })}
              >
                {copy.undoes ? <Undo2 /> : <ArrowLeftRight />}
                {t(copy.undoes ? 'settings.backups.copies.undo' : 'settings.backups.copies.swap')}
              </Button>
              <Button look="quiet" disabled={cannot} onClick={() => setAsking({ what: 'discard', copy })}>
                <Trash2 />
                {t('settings.backups.copies.discard')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {restart.isRestarting && (
        <p role="status" className="text-ink-soft text-ui">
          {t('settings.backups.copies.restarting')}
        </p>
      )}
      {failed && <FailureNote failure={toFailure(failed)} />}
      <Confirm
        open={asking !== null}
        onClose={() => setAsking(null)}
        title={t(`settings.backups.copies.${asking?.what ?? 'swap'}Ask`)}
        description={t(`settings.backups.copies.${asking?.what ?? 'swap'}More`)}
        yes={t(`settings.backups.copies.${asking?.what ?? 'swap'}Yes`)}
        look={asking?.what === 'discard' ? 'danger' : 'primary'}
        onYes={() => asking && (asking.what === 'swap' ? swap : discard).mutate(asking.copy)}
      />
    </Part>
  )
}

function CopyTitle({ copy: { kind, at, backup, undoes } }: { copy: Copy }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const made = instantIn(backup)
  return (
    <p className="font-medium text-ui">
      {kind === 'restored'
        ? t('settings.backups.copies.restored', { when: made ? moment(made) : (backup ?? '') })
        : t(undoes ? 'settings.backups.copies.beforeLast' : 'settings.backups.copies.before', { when: moment(at) })}
    </p>
  )
}

/** The instant in `lva-20261103-091500.lvabackup`. */
function instantIn(name: string | null): string | null {
  const found = /(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})\./.exec(name ?? '')
  if (!found) return null
  const [, year, month, day, hour, minute, second] = found
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
}

function Compared({ copy, present }: { copy: Copy; present: Copy['content'] | null }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  return (
    <table className="figures mt-2 w-full text-ui">
      <thead>
        <tr className="text-ink-quiet text-meta">
          <th scope="col" className="py-1 text-left font-normal">
            <span className="sr-only">{t('settings.backups.copies.what')}</span>
          </th>
          <th scope="col" className="py-1 text-right font-normal">
            {t('settings.backups.copies.inCopy')}
          </th>
          <th scope="col" className="py-1 text-right font-normal">
            {t('settings.backups.copies.inPresent')}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line border-line border-t">
        {COUNTS.map((name) => (
          <tr key={name}>
            <th scope="row" className="py-1.5 text-left font-normal text-ink-soft">
              {t(`settings.backups.copies.count.${name}`)}
            </th>
            <td className="py-1.5 text-right font-medium">{number(copy.content[name])}</td>
            <td className="py-1.5 text-right">{present ? number(present[name]) : '…'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
