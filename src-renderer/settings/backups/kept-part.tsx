import { RotateCcw, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { BackupEntry, BackupStatus } from '../../../src-core/contract/index.ts'
import { useBackupList } from '../../backend/backup-queries.ts'
import { toFailure } from '../../backend/failure.ts'
import { useFormats } from '../../i18n/format.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Part } from '../section.tsx'
import type { BackupWork } from './backup-work.ts'

/** Every backup that is there, each to be proven again and to be restored. */
export function KeptPart({ status, work }: { status: BackupStatus; work: BackupWork }) {
  const { t } = useTranslation()
  const list = useBackupList(true)
  const { daily, weekly, monthly } = status.keep
  const canWork = status.keyKnown && work.task === null && status.running === null
  return (
    <Part title={t('settings.backups.kept.title')}>
      <p className="max-w-[60ch] text-ink-soft text-ui">
        {t('settings.backups.kept.rule', { daily, weekly, monthly })}
      </p>
      {list.error ? (
        <FailureNote failure={toFailure(list.error)} />
      ) : !list.data ? (
        <Waiting />
      ) : list.data.length === 0 ? (
        <p className="text-ink-soft text-ui">{t('settings.backups.kept.none')}</p>
      ) : (
        <ul
          aria-label={t('settings.backups.kept.title')}
          className="divide-y divide-line rounded-xl border border-line bg-surface"
        >
          {list.data.map((backup) => (
            <Kept
              key={`${backup.place}/${backup.name}`}
              backup={backup}
              showsPlace={status.places.length > 1}
              canWork={canWork}
              work={work}
            />
          ))}
        </ul>
      )}
    </Part>
  )
}

function Kept({
  backup,
  showsPlace,
  canWork,
  work,
}: {
  backup: BackupEntry
  showsPlace: boolean
  canWork: boolean
  work: BackupWork
}) {
  const { t } = useTranslation()
  const { moment, bytes, number } = useFormats()
  const { name, place, createdAt, standing, content } = backup
  const when = createdAt ? moment(createdAt) : name
  const facts = [
    bytes(backup.bytes),
    t(`settings.backups.kept.standing.${standing}`),
    content && t('settings.backups.kept.captures', { count: content.captures, shown: number(content.captures) }),
    content && t('settings.backups.kept.notes', { count: content.notes, shown: number(content.notes) }),
    content &&
      content.missing > 0 &&
      t('settings.backups.kept.missing', { count: content.missing, shown: number(content.missing) }),
  ]
  const isOurs = standing !== 'locked' && standing !== 'foreign'
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 text-ui [overflow-wrap:anywhere]">
        <p className="font-medium">{when}</p>
        <p className={cx('figures text-meta', standing === 'failed' ? 'text-danger' : 'text-ink-soft')}>
          {facts.filter(Boolean).join(' · ')}
        </p>
        {standing === 'locked' && (
          <p className="text-ink-quiet text-meta">{t('settings.backups.kept.lockedHelp', { name })}</p>
        )}
        {showsPlace && <p className="font-mono text-ink-quiet text-meta">{place}</p>}
      </div>
      {isOurs && (
        <div className="flex flex-wrap gap-2">
          <Button
            size="small"
            disabled={!canWork}
            aria-label={t('settings.backups.kept.verifyNamed', { when })}
            onClick={() => work.verify(backup)}
          >
            <ShieldCheck />
            {t('settings.backups.kept.verify')}
          </Button>
          {standing !== 'failed' && (
            <Button
              size="small"
              disabled={!canWork}
              aria-label={t('settings.backups.kept.restoreNamed', { when })}
              onClick={() => work.restore(backup)}
            >
              <RotateCcw />
              {t('settings.backups.kept.restore')}
            </Button>
          )}
        </div>
      )}
    </li>
  )
}
