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
      className="flex shrink-0 items-start justify-center gap-3 border-danger-line border-b bg-danger-soft px-4 py-2 text-ui"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4.5 shrink-0 text-danger" />
      <p>
        {t(`backupBanner.${backups}`)}{' '}
        <Link
          to="/settings"
          search={{ section: 'backups' }}
          className="whitespace-nowrap font-medium underline underline-offset-4"
        >
          {t('backupBanner.look')}
        </Link>
      </p>
    </div>
  )
}
