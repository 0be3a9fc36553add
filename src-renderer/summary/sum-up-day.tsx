import { ScrollText } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { localDay } from '../i18n/local-day.ts'
import { useSumUp } from './use-sum-up.ts'

/** The command beside the heading of a day, for the pointer alone: those headings are not there for screen readers and keys. */
export function SumUpDay({ instant }: { instant: string }) {
  const { t } = useTranslation()
  const sumUp = useSumUp()
  return (
    <button
      type="button"
      tabIndex={-1}
      title={t('summary.theDay')}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => sumUp({ day: localDay(new Date(instant)) })}
      className="-my-1 -mr-2 flex items-center gap-1.5 rounded-lg px-2 py-1 transition-colors hover:bg-hover hover:text-ink pointer-coarse:-my-2 pointer-coarse:py-2 [&_svg]:size-3.5"
    >
      <ScrollText aria-hidden />
      {t('summary.action')}
    </button>
  )
}
