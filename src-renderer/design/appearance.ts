import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../src-core/contract/index.ts'
import { deviceMemory } from '../backend/device-memory.ts'
import { bestLanguage, speakLanguage } from '../i18n/i18n.ts'

const REMEMBERED_THEME = 'lva-theme'

/** Puts the theme of the last time on the page before the settings have arrived, so that a dark room stays dark. */
export function showRememberedTheme(page: HTMLElement): void {
  const theme = deviceMemory.read(REMEMBERED_THEME)
  if (theme === 'light' || theme === 'dark') page.dataset.theme = theme
}

/** Makes the page look and read as the settings say. */
export function useAppearance(settings: Settings | undefined): void {
  const { i18n } = useTranslation()
  const theme = settings?.theme
  useEffect(() => {
    if (theme === undefined) return
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
    deviceMemory.write(REMEMBERED_THEME, theme)
  }, [theme])

  const language = bestLanguage(settings?.language ?? 'system', navigator.languages)
  useEffect(() => {
    void speakLanguage(i18n, language).then(() => {
      document.documentElement.lang = language
    })
  }, [i18n, language])
}
