import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from '../ui/empty.tsx'

/** An address that leads nowhere, or a place that broke. */
export function LostPlace() {
  const { t } = useTranslation()
  return (
    <Empty
      title={t('lost.title')}
      action={
        <Link to="/talk" search={{}} className="text-accent-strong underline underline-offset-4">
          {t('lost.back')}
        </Link>
      }
    >
      {t('lost.more')}
    </Empty>
  )
}
