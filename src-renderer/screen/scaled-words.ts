import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Size } from './kept-size.ts'

/** Says that a picture of the screen has fewer pixels than the screen. */
export function useScaledWords(): (kept: Size, seen: Size) => string {
  const { i18n } = useTranslation()
  return useCallback(
    (kept, seen) => {
      const number = new Intl.NumberFormat(i18n.language)
      const size = ({ width, height }: Size) => `${number.format(width)} × ${number.format(height)}`
      return i18n.t('screen.scaledDown', { seen: size(seen), kept: size(kept) })
    },
    [i18n],
  )
}
