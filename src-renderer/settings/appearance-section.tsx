import { useTranslation } from 'react-i18next'
import { useChangeSettings, useSettings } from '../backend/queries.ts'
import { Waiting } from '../ui/waiting.tsx'
import { LanguageChoice, ThemeChoice } from './looks.tsx'
import { Part, Section } from './section.tsx'

export function AppearanceSection() {
  const { t } = useTranslation()
  const settings = useSettings().data
  const change = useChangeSettings()
  if (!settings) return <Waiting />
  return (
    <Section title={t('settings.appearance.title')}>
      <Part title={t('settings.appearance.theme')}>
        <ThemeChoice value={settings.theme} onValue={(theme) => change.mutate({ theme })} />
      </Part>
      <Part title={t('settings.appearance.language')}>
        <LanguageChoice value={settings.language} onValue={(language) => change.mutate({ language })} />
      </Part>
    </Section>
  )
}
