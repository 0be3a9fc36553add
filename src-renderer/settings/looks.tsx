import { Monitor, Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../src-core/contract/index.ts'
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/i18n.ts'
import { Choice } from '../ui/choice.tsx'

export function ThemeChoice({ value, onValue }: { value: Settings['theme']; onValue(theme: Settings['theme']): void }) {
  const { t } = useTranslation()
  return (
    <Choice
      label={t('settings.appearance.theme')}
      value={value}
      onValue={onValue}
      options={[
        { value: 'system', label: t('settings.appearance.system'), icon: <Monitor /> },
        { value: 'light', label: t('settings.appearance.light'), icon: <Sun /> },
        { value: 'dark', label: t('settings.appearance.dark'), icon: <Moon /> },
      ]}
    />
  )
}

export function LanguageChoice({
  value,
  onValue,
}: {
  value: Settings['language']
  onValue(language: Settings['language']): void
}) {
  const { t } = useTranslation()
  return (
    <Choice
      label={t('settings.appearance.language')}
      value={value}
      onValue={onValue}
      options={[
        { value: 'system', label: t('settings.appearance.system') },
        ...LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] })),
      ]}
    />
  )
}
