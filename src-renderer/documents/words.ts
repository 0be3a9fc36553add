import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentPlace, LearnerDocument } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'

const FORMATS = [
  'pdf',
  'docx',
  'pptx',
  'xlsx',
  'odt',
  'odp',
  'ods',
  'xls',
  'rtf',
  'csv',
  'epub',
  'html',
  'markdown',
  'text',
  'vtt',
  'eml',
  'msg',
  'image',
  'audio',
] as const

/** What is said about documents in more than one place. */
export function useDocumentWords() {
  const { t } = useTranslation()
  const { number, bytes, duration } = useFormats()
  return useMemo(() => {
    const format = (name: string) => {
      const known = FORMATS.find((one) => one === name)
      return known ? t(`documents.format.${known}`) : t('documents.format.unknown')
    }
    const title = (document: Pick<LearnerDocument, 'title'>) => document.title.trim() || t('documents.untitled')
    const pages = ({ pages: count, format: name }: Pick<LearnerDocument, 'pages' | 'format'>) => {
      if (count === null) return null
      const values = { count, shown: number(count) }
      if (name === 'pptx' || name === 'odp') return t('documents.slides', values)
      if (name === 'xlsx' || name === 'xls' || name === 'ods') return t('documents.sheets', values)
      if (name === 'epub') return t('documents.chapters', values)
      return t('documents.pages', values)
    }
    return {
      format,
      title,
      /** Kind, extent and size in a line. */
      about: (document: LearnerDocument) =>
        [
          document.state === 'cancelled' ? t('documents.state.cancelled') : null,
          format(document.format),
          pages(document),
          bytes(document.size),
        ]
          .filter(Boolean)
          .join(' · '),
      /** How far it has been read, from 0 to 1; null while nobody knows. */
      share: ({ progress }: LearnerDocument) =>
        progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : null,
      /** Where something stands, as it is looked up in the document itself; null where it has no such place. */
      place(place: DocumentPlace | null): string | null {
        if (!place) return null
        if (place.page !== undefined && place.endPage !== undefined)
          return t('documents.place.pages', { from: number(place.page), to: number(place.endPage) })
        if (place.page !== undefined) return t('documents.place.page', { page: number(place.page) })
        if (place.slide !== undefined) return t('documents.place.slide', { slide: number(place.slide) })
        if (place.sheet !== undefined)
          return place.row === undefined
            ? place.sheet
            : t('documents.place.row', { sheet: place.sheet, row: number(place.row) })
        if (place.second !== undefined) return duration(place.second)
        if (place.row !== undefined) return t('documents.place.rowAlone', { row: number(place.row) })
        if (place.chapter !== undefined) return t('documents.place.chapter', { chapter: number(place.chapter) })
        return null
      },
    }
  }, [t, number, bytes, duration])
}
