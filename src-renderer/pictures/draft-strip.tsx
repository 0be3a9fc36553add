import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { DraftPicture } from './draft-picture.ts'
import { useObjectAddress } from './object-address.ts'

/** The pictures that go along with what is written, each to be taken out again. */
export function DraftStrip({ pictures, onRemove }: { pictures: readonly DraftPicture[]; onRemove(key: string): void }) {
  const { t } = useTranslation()
  if (pictures.length === 0) return null
  return (
    <ul aria-label={t('pictures.toSend')} className="flex flex-wrap gap-3 px-5 pt-4">
      {pictures.map((picture, index) => (
        <li key={picture.key} className="relative">
          <Preview picture={picture} number={index + 1} />
          <button
            type="button"
            aria-label={t('pictures.remove', { number: index + 1 })}
            title={t('pictures.remove', { number: index + 1 })}
            onClick={() => onRemove(picture.key)}
            className="-top-2 -right-2 absolute inline-flex size-7 items-center justify-center rounded-full border border-line-strong bg-surface text-ink shadow-lift transition-colors hover:bg-hover pointer-coarse:size-9 [&_svg]:size-3.5"
          >
            <X aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}

function Preview({ picture, number }: { picture: DraftPicture; number: number }) {
  const { t } = useTranslation()
  const address = useObjectAddress(picture.blob)
  return (
    <img
      src={address}
      alt={t('pictures.preview', { number })}
      className="h-20 w-auto min-w-14 max-w-40 rounded-lg border border-line bg-hover object-cover"
    />
  )
}
