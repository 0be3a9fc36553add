import { useTranslation } from 'react-i18next'
import type { CapturePicture } from '../../src-core/contract/index.ts'

/** Of a text that was read, so much stands for a picture, in UTF-16 code units. */
const BEGINNING = 160

/** What a picture shows, for those who do not see it: what a model said, else how its writing begins. */
export function usePictureWords() {
  const { t } = useTranslation()
  return ({ reading, description }: CapturePicture): string => {
    if (description) return description.text
    if (!reading) return t('pictures.unread')
    const text = reading.text.replace(/\s+/g, ' ').trim()
    if (text === '') return t('pictures.noWriting')
    return t('pictures.withText', {
      text: text.length > BEGINNING ? `${text.slice(0, BEGINNING).toWellFormed()}…` : text,
    })
  }
}
