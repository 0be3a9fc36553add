import { EyeOff, MonitorSmartphone, WifiOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Part } from '../section.tsx'
import { AccountForm } from './account-form.tsx'

const PROMISES = [
  { name: 'everywhere', Sign: MonitorSmartphone },
  { name: 'blind', Sign: EyeOff },
  { name: 'offline', Sign: WifiOff },
] as const

/** Before there is an account: what sync does, what it needs, and the beginning. */
export function StartPart() {
  const { t } = useTranslation()
  return (
    <>
      <Part title={t('settings.sync.none')}>
        <ul className="grid gap-x-8 gap-y-5 sm:grid-cols-3">
          {PROMISES.map(({ name, Sign }) => (
            <li key={name}>
              <Sign aria-hidden className="size-5 text-accent" />
              <h4 className="mt-2 font-medium text-ui">{t(`settings.sync.promise.${name}`)}</h4>
              <p className="mt-0.5 text-ink-soft text-meta leading-relaxed">{t(`settings.sync.promise.${name}More`)}</p>
            </li>
          ))}
        </ul>
        <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.sync.needs')}</p>
        <p className="w-fit max-w-full rounded-lg bg-sunken px-3 py-2 font-mono text-meta [overflow-wrap:anywhere]">
          {t('settings.sync.needsCommand')}
        </p>
      </Part>
      <Part title={t('settings.sync.account.title')}>
        <AccountForm />
      </Part>
    </>
  )
}
