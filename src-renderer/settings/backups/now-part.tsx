import { CircleCheck, HardDriveDownload, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { BackupProgress, BackupStatus } from '../../../src-core/contract/index.ts'
import { useFormats } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { Part } from '../section.tsx'
import type { BackupTask, BackupWork } from './backup-work.ts'
import { TypePhrase } from './type-phrase.tsx'

/** How backups stand: what is wrong until it is mended, what is at work, and the button for one now. */
export function NowPart({ status, work }: { status: BackupStatus; work: BackupWork }) {
  const { t } = useTranslation()
  const task = work.task ?? status.running?.what ?? null
  return (
    <Part title={t('settings.backups.now.title')}>
      <Standing status={status} />
      {!status.keyKnown && <TypePhrase />}
      {task !== null ? (
        <Running
          task={task}
          progress={work.task ? work.progress : (status.running?.progress ?? null)}
          onStop={work.task ? work.stop : null}
        />
      ) : (
        status.keyKnown && (
          <Button look="primary" onClick={work.backUp}>
            <HardDriveDownload />
            {t('settings.backups.now.start')}
          </Button>
        )
      )}
      {work.failure && <FailureNote failure={work.failure} />}
      {work.done && task === null && (
        <p role="status" className="flex items-center gap-2 text-ui">
          <CircleCheck aria-hidden className="size-4.5 shrink-0 text-accent" />
          {t(`settings.backups.now.done.${work.done}`)}
        </p>
      )}
    </Part>
  )
}

function Standing({ status: { places, problem } }: { status: BackupStatus }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  return (
    <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
      {places.map(({ label, lastGoodAt, failure, failingSince, stale }) => (
        <li key={label} className="px-4 py-3">
          <p className="font-mono text-meta [overflow-wrap:anywhere]">{label}</p>
          <p className="figures mt-0.5 text-ink-soft text-ui">
            {lastGoodAt
              ? t('settings.backups.now.lastGood', { when: moment(lastGoodAt) })
              : t('settings.backups.now.noneYet')}
          </p>
          {failure && (
            <FailureNote failure={failure} className="mt-3">
              {failingSince && (
                <p className="figures text-ink-quiet text-meta">
                  {t('settings.backups.now.failingSince', { when: moment(failingSince) })}
                </p>
              )}
            </FailureNote>
          )}
          {!failure && stale && problem === 'stale' && (
            <p role="alert" className="mt-1 text-danger text-ui">
              {t('settings.backups.now.stale')}
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}

function Running({
  task,
  progress,
  onStop,
}: {
  task: BackupTask
  progress: BackupProgress | null
  onStop: (() => void) | null
}) {
  const { t } = useTranslation()
  const { percent } = useFormats()
  const share = progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : null
  const words = progress
    ? t(`settings.backups.now.phase.${progress.phase}`)
    : t(`settings.backups.now.beginning.${task}`)
  return (
    <div className="space-y-3">
      <ProgressBar label={words} share={share} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p role="status" className="figures min-w-0 text-ink-quiet text-meta [overflow-wrap:anywhere]">
          {share === null ? words : t('settings.backups.now.share', { phase: words, share: percent(share) })}
        </p>
        {onStop && (
          <Button size="small" onClick={onStop}>
            <X />
            {t('common.cancel')}
          </Button>
        )}
      </div>
    </div>
  )
}
