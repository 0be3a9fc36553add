import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { TWO_PANES, useMedia } from '../ui/media.ts'

/** A list and what is chosen in it: side by side where there is room, one after the other on a phone. */
export function TwoPanes({
  list,
  detail,
  placeholder,
  onBack,
}: {
  list: ReactNode
  /** Null while nothing is chosen. */
  detail: ReactNode | null
  /** Stands beside the list while nothing is chosen. */
  placeholder: ReactNode
  onBack(): void
}) {
  const { t } = useTranslation()
  const roomy = useMedia(TWO_PANES)
  if (roomy) {
    return (
      <div className="grid h-full grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)]">
        <div className="flex min-h-0 flex-col border-line border-r">{list}</div>
        <div className="min-h-0 overflow-y-auto">{detail ?? placeholder}</div>
      </div>
    )
  }
  if (!detail) return <div className="flex h-full min-h-0 flex-col">{list}</div>
  return (
    <div className="flex h-full min-h-0 flex-col items-start">
      <Button look="quiet" className="m-2" onClick={onBack}>
        <ArrowLeft />
        {t('common.back')}
      </Button>
      <div className="min-h-0 w-full flex-1 overflow-y-auto">{detail}</div>
    </div>
  )
}
