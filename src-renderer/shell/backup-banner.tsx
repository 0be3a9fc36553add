import { Link } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useStatus } from './status.ts'

/** Says that backups fail or are too old, for as long as that is so. */
export function BackupBanner() {
  const { t } = useTranslation()
  const { backups } = useStatus()
  if (backups !== 'failing' && backups !== 'stale') return null
  return (
    <div
      role="status"
      className="flex shrink-0 flex-wrap items-center justify-center gap-x-3 gap-y-1 border-danger-line border-b bg-danger-soft px-4 py-2 text-ui"
    >
      <CircleAlert aria-hidden className="size-4.5 shrink-0 text-danger" />
      <span>{t(`backupBanner.${backups}`)}</span>
      <Link to="/settings" search={{ section: 'backups' }} className="font-medium underline underline-offset-4">
        {t('backupBanner.look')}
      </Link>
    </div>
  )
}
