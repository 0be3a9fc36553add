import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../i18n/format.ts'
import { cx } from '../ui/class-names.ts'
import { Popover } from '../ui/popover.tsx'
import { ProgressBar } from '../ui/progress.tsx'
import { mood, type Status, useStatus } from './status.ts'

const COLOURS = { good: 'bg-accent', busy: 'bg-accent animate-wait', problem: 'bg-danger' } as const

/** A dot that says whether all is well; pressed, it says what. */
export function StatusMenu({ side = 'right' }: { side?: 'right' | 'bottom' }) {
  const { t } = useTranslation()
  const status = useStatus()
  const now = mood(status)
  const label = t(`status.mood.${now}`)
  return (
    <Popover
      label={t('status.title')}
      side={side}
      align="end"
      trigger={
        <button
          type="button"
          aria-label={`${t('status.title')}: ${label}`}
          title={label}
          className="inline-flex size-10 items-center justify-center rounded-lg transition-colors hover:bg-hover pointer-coarse:size-11"
        >
          <span className={cx('size-2 rounded-full', COLOURS[now])} />
        </button>
      }
    >
      <div className="w-80 p-4">
        <StatusList status={status} />
      </div>
    </Popover>
  )
}

/** Connection, models, index and provider, each in a sentence. */
export function StatusList({ status }: { status: Status }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { line, models, index, provider, online, backups } = status
  return (
    <ul className="space-y-3 text-ui">
      <StatusRow name={t('status.line')} state={line === 'open' ? 'good' : line === 'connecting' ? 'busy' : 'problem'}>
        {t(`status.lineIs.${line}`)}
      </StatusRow>
      {models && (
        <StatusRow
          name={t('status.models')}
          state={models === 'ready' ? 'good' : models === 'starting' ? 'busy' : 'problem'}
        >
          {t(`status.modelsAre.${models}`)}
        </StatusRow>
      )}
      {index && (
        <StatusRow name={t('status.index')} state={index.pending > 0 ? 'busy' : index.failed > 0 ? 'problem' : 'good'}>
          {index.pending > 0
            ? t('status.indexing', { count: index.pending, shown: number(index.pending) })
            : index.failed > 0
              ? t('status.indexFailed', { count: index.failed, shown: number(index.failed) })
              : t('status.indexed', { count: index.indexed, shown: number(index.indexed) })}
          {index.pending > 0 && (
            <div className="mt-2">
              <ProgressBar label={t('status.index')} share={index.indexed / (index.indexed + index.pending)} />
            </div>
          )}
        </StatusRow>
      )}
      {backups && (
        <StatusRow name={t('status.backups')} state={backups === 'well' || backups === 'none' ? 'good' : 'problem'}>
          <Link
            to="/settings"
            search={{ section: 'backups' }}
            className="underline decoration-line-strong underline-offset-2 hover:text-ink"
          >
            {t(`status.backupsAre.${backups}`)}
          </Link>
        </StatusRow>
      )}
      {index && (
        <StatusRow
          name={t('status.concepts')}
          state={index.concepts.pending > 0 ? 'busy' : index.concepts.failed > 0 ? 'problem' : 'good'}
        >
          {index.concepts.pending > 0
            ? t('status.conceptsReading', { count: index.concepts.pending, shown: number(index.concepts.pending) })
            : index.concepts.failed > 0
              ? t('status.conceptsFailed', { count: index.concepts.failed, shown: number(index.concepts.failed) })
              : t('status.conceptsRead')}
        </StatusRow>
      )}
      {provider && (
        <StatusRow name={t('status.answers')} state="good">
          {provider.name === 'offline'
            ? t('status.answersOffline')
            : t('status.answersFrom', { provider: t(`provider.${provider.name}`), model: provider.model })}
          {provider.name !== 'offline' && !online && ` ${t('status.noNetwork')}`}
        </StatusRow>
      )}
    </ul>
  )
}

function StatusRow({
  name,
  state,
  children,
}: {
  name: string
  state: 'good' | 'busy' | 'problem'
  children: React.ReactNode
}) {
  return (
    <li className="flex gap-3">
      <span aria-hidden className={cx('mt-[0.45rem] size-2 shrink-0 rounded-full', COLOURS[state])} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{name}</p>
        <div className="text-ink-soft text-meta">{children}</div>
      </div>
    </li>
  )
}
