import { useTranslation } from 'react-i18next'
import type en from '../i18n/en.json'

export type FoundKind = keyof typeof en.screen.found

/** What was found, in words. */
export function useFoundWords(): (kind: FoundKind) => string {
  const { t } = useTranslation()
  return (kind) => t(`screen.found.${kind}`)
}
