import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowRight, House, Mic, Send } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../src-core/contract/index.ts'
import { keys, useChangeSettings, useSettings } from '../backend/queries.ts'
import icon from '../design/icon.svg'
import { ErasedNote } from '../settings/erase/erased-note.tsx'
import { forgetErasure } from '../settings/erase/last-erasure.ts'
import { LanguageChoice, ThemeChoice } from '../settings/looks.tsx'
import { usePageTitle } from '../shell/page-title.ts'
import { Button } from '../ui/button.tsx'

/** The first page: what this is, what stays here, what would leave, what the microphone is for. One press, and it is over. */
export function Welcome() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  usePageTitle(t('welcome.start'))
  const settings = useSettings().data
  const change = useChangeSettings()
  const cache = useQueryClient()
  const set = (patch: Partial<Settings>) => change.mutate(patch)
  const start = () => {
    // At once and whether or not it can be stored: nobody is kept waiting here, and the places let in only who was welcomed.
    if (settings) cache.setQueryData<Settings>(keys.settings, { ...settings, welcomed: true })
    set({ welcomed: true })
    forgetErasure()
    void navigate({ to: '/talk', search: {} })
  }
  const promises = [
    { name: 'stays', Sign: House },
    { name: 'leaves', Sign: Send },
    { name: 'microphone', Sign: Mic },
  ] as const
  return (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto flex min-h-full max-w-[60rem] flex-col justify-center px-6 py-10 md:px-12">
        <img src={icon} alt="" className="size-11" />
        <h1 className="mt-8 max-w-[22ch] text-balance font-semibold text-[clamp(2.125rem,5.2vw,3.5rem)] leading-[1.06] tracking-[-0.032em]">
          {t('welcome.title')}
        </h1>
        <p className="mt-5 max-w-[50ch] text-answer text-ink-soft">{t('welcome.more')}</p>
        <ErasedNote />
        <ul className="mt-10 grid gap-x-10 gap-y-7 border-line border-t pt-8 md:grid-cols-3">
          {promises.map(({ name, Sign }) => (
            <li key={name}>
              <Sign aria-hidden className="size-5 text-accent" />
              <h2 className="mt-3 font-semibold text-body">{t(`welcome.${name}.title`)}</h2>
              <p className="mt-1 text-ink-soft text-ui leading-relaxed">{t(`welcome.${name}.more`)}</p>
            </li>
          ))}
        </ul>
        <div className="mt-10 flex flex-wrap items-center gap-x-6 gap-y-5 border-line border-t pt-8">
          <Button look="primary" className="h-12! px-6! text-body!" onClick={start}>
            {t('welcome.start')}
            <ArrowRight />
          </Button>
          {settings && (
            <div className="flex flex-wrap gap-3 md:ml-auto">
              <LanguageChoice value={settings.language} onValue={(language) => set({ language })} />
              <ThemeChoice value={settings.theme} onValue={(theme) => set({ theme })} />
            </div>
          )}
        </div>
      </div>
    </main>
  )
}
