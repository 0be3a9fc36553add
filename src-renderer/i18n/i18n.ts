import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Settings } from '../../src-core/contract/index.ts'
import en from './en.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

export type Language = Exclude<Settings['language'], 'system'>

/** English comes with the page; the others are loaded when somebody reads them. */
const CATALOGUES: Record<Exclude<Language, 'en'>, () => Promise<{ default: object }>> = {
  de: () => import('./de.json'),
  es: () => import('./es.json'),
}

export const LANGUAGES: readonly Language[] = ['en', 'de', 'es']

/** Each language in its own words, as people look for it. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch', es: 'Español' }

/** The first of the learner's languages that has a catalogue; English when none has. */
export function bestLanguage(setting: Settings['language'], preferred: readonly string[]): Language {
  if (setting !== 'system') return setting
  for (const tag of preferred) {
    const language = LANGUAGES.find((known) => tag.toLowerCase().split('-')[0] === known)
    if (language) return language
  }
  return 'en'
}

/** The catalogues, with English ready. */
export function createI18n(): i18n {
  const catalogues = i18next.createInstance()
  void catalogues.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
    initAsync: false,
  })
  return catalogues
}

/** Loads a language where needed and turns the screens to it. */
export async function speakLanguage(catalogues: i18n, language: Language): Promise<void> {
  if (language !== 'en' && !catalogues.hasResourceBundle(language, 'translation')) {
    const { default: words } = await CATALOGUES[language]()
    catalogues.addResourceBundle(language, 'translation', words)
  }
  await catalogues.changeLanguage(language)
}
