import { useTranslation } from 'react-i18next'

/** Six digits that must be the same on both screens, in two groups, large enough to be read across a table. */
export function SafetyNumber({ number }: { number: string }) {
  const { t } = useTranslation()
  return (
    <p className="w-fit rounded-xl border border-line bg-sunken px-6 py-4">
      <span className="block text-ink-quiet text-meta">{t('settings.sync.code.number')}</span>
      <span className="figures font-mono font-semibold text-[2rem] tracking-[0.12em]">
        {number.slice(0, 3)}&nbsp;{number.slice(3)}
      </span>
    </p>
  )
}
