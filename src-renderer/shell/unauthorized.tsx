import { KeyRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** Shown to a page that the program does not know: one that was opened without the address of this launch. */
export function Unauthorized() {
  const { t } = useTranslation()
  return (
    <main className="flex h-full items-center justify-center p-6">
      <div className="max-w-md">
        <KeyRound aria-hidden className="size-8 text-accent" />
        <h1 className="mt-5 font-semibold text-title tracking-tight">{t('unauthorized.title')}</h1>
        <p className="mt-3 text-ink-soft">{t('unauthorized.why')}</p>
        <p className="mt-3">{t('unauthorized.next')}</p>
      </div>
    </main>
  )
}
