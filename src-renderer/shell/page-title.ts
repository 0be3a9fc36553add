import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** Longest name in the window's title, in characters. */
const LONGEST = 60

/** Names the window after what it shows. */
export function usePageTitle(name: string): void {
  const { t } = useTranslation()
  const app = t('app.name')
  useEffect(() => {
    document.title = `${name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name} · ${app}`
  }, [name, app])
}
