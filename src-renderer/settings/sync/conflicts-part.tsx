import { Check, Undo2 } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { SyncConflict } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { useFormats } from '../../i18n/format.ts'
import { useUndo } from '../../library/history.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { LongText } from '../../ui/long-text.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Part } from '../section.tsx'
import { useSyncConflicts, useSyncWork } from './sync-queries.ts'

/** What one device overwrote that had not seen what another wrote: both values, until the learner has chosen. */
export function ConflictsPart() {
  const { t } = useTranslation()
  const { data: conflicts, error } = useSyncConflicts()
  return (
    <Part title={t('settings.sync.conflicts.title')}>
      {error ? (
        <FailureNote failure={toFailure(error)} />
      ) : !conflicts ? (
        <Waiting />
      ) : conflicts.length === 0 ? (
        <div className="flex gap-3">
          <Check aria-hidden className="mt-0.5 size-5 shrink-0 text-accent" />
          <div>
            <p className="font-medium text-ui">{t('settings.sync.conflicts.none')}</p>
            <p className="mt-0.5 max-w-[60ch] text-ink-soft text-meta leading-relaxed">
              {t('settings.sync.conflicts.noneMore')}
            </p>
          </div>
        </div>
      ) : (
        <>
          <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.sync.conflicts.about')}</p>
          <ul aria-label={t('settings.sync.conflicts.title')} className="space-y-4">
            {conflicts.map((conflict) => (
              <ConflictCard key={`${conflict.doc} ${conflict.id}`} conflict={conflict} />
            ))}
          </ul>
        </>
      )}
    </Part>
  )
}

function ConflictCard({ conflict }: { conflict: SyncConflict }) {
  const { t } = useTranslation()
  const toast = useToast()
  const { undo } = useUndo()
  const { moment } = useFormats()
  const id = useId()
  const { doc, what, field, lost, kept, noticedAt } = conflict
  const isDeleted = what.endsWith('Deleted')
  const settle = useSyncWork(({ sync }, choice: 'restore' | 'keep') => sync.settle({ doc, id: conflict.id, choice }))
  const choose = (choice: 'restore' | 'keep') =>
    settle.mutate(choice, {
      onSuccess: () => {
        const done = choice === 'keep' ? 'left' : isDeleted ? 'broughtBack' : 'restored'
        toast({
          text: t(`settings.sync.conflicts.${done}`),
          action: { label: t('history.undo.action'), run: undo },
        })
      },
    })
  return (
    <li aria-labelledby={id} className="rounded-xl border border-line bg-surface px-4 py-4 sm:px-5">
      <h4 id={id} className="font-semibold text-ui [overflow-wrap:anywhere]">
        {what === 'setting'
          ? t('settings.sync.conflicts.setting', { field })
          : t(`settings.sync.conflicts.what.${what}`)}
        {what === 'card' &&
          (field === 'front' || field === 'back') &&
          ` · ${t(`settings.sync.conflicts.side.${field}`)}`}
      </h4>
      {lost.at === null && kept.at === null && (
        <p className="text-ink-quiet text-meta">
          {t('settings.sync.conflicts.noticed', { moment: moment(noticedAt) })}
        </p>
      )}
      <div className="mt-3 grid gap-3 sm:grid-cols-2">
        <SidePanel title={t(`settings.sync.conflicts.${isDeleted ? 'says' : 'lost'}`)} side={lost} />
        <SidePanel
          title={t(`settings.sync.conflicts.${isDeleted ? 'deleted' : 'kept'}`)}
          side={kept}
          isEmpty={isDeleted}
        />
      </div>
      {settle.error && <FailureNote failure={toFailure(settle.error)} className="mt-3" />}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button size="small" disabled={settle.isPending} onClick={() => choose('restore')}>
          <Undo2 />
          {t(`settings.sync.conflicts.${isDeleted ? 'bringBack' : 'restore'}`)}
        </Button>
        <Button size="small" look="quiet" disabled={settle.isPending} onClick={() => choose('keep')}>
          {t('settings.sync.conflicts.keep')}
        </Button>
      </div>
    </li>
  )
}

/** @param isEmpty nothing stands there any more */
function SidePanel({ title, side, isEmpty = false }: { title: string; side: SyncConflict['lost']; isEmpty?: boolean }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { value, device, at } = side
  const name = device?.isThis
    ? t('settings.sync.conflicts.thisDevice')
    : (device?.name ?? t('settings.sync.conflicts.someDevice'))
  return (
    <div className={cx('min-w-0 rounded-lg bg-sunken px-3.5 py-3', isEmpty && 'bg-transparent px-0')}>
      <p className="font-medium text-ink-soft text-meta">{title}</p>
      <p className="text-ink-quiet text-meta">
        {at === null ? name : t('settings.sync.conflicts.by', { name, moment: moment(at) })}
      </p>
      {!isEmpty && (
        <div className="mt-2 text-ui">
          <Value value={value} />
        </div>
      )}
    </div>
  )
}

function Value({ value }: { value: SyncConflict['lost']['value'] }) {
  const { t } = useTranslation()
  if (value === null || value === '')
    return <span className="text-ink-quiet">{t('settings.sync.conflicts.nothing')}</span>
  if (typeof value === 'boolean') return t(`settings.sync.conflicts.${value ? 'yes' : 'no'}`)
  return <LongText text={String(value)} className="whitespace-pre-wrap [overflow-wrap:anywhere]" />
}
