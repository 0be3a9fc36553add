import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture, CapturePicture, DocumentPlace } from '../../src-core/contract/index.ts'
import { MissingAttachment } from '../attachments/missing-attachment.tsx'
import { cx } from '../ui/class-names.ts'
import type { DraftPicture } from './draft-picture.ts'
import { useKeptPicture } from './kept-picture.ts'
import { type Box, MarkedPicture } from './marked-picture.tsx'
import { useObjectAddress } from './object-address.ts'
import { PictureDialog } from './picture-dialog.tsx'
import { usePictureWords } from './picture-words.ts'

/** The pictures of a capture, small; each opens large. */
export function CapturePictures({
  capture,
  mark = null,
  className,
}: {
  capture: Capture
  /** A region that something rests on. */
  mark?: DocumentPlace | null
  className?: string
}) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<number | null>(null)
  const { pictures = [] } = capture
  if (pictures.length === 0) return null
  const shown = open === null ? undefined : pictures[open]
  return (
    <>
      <ul aria-label={t('pictures.list')} className={cx('flex flex-wrap gap-2.5', className)}>
        {pictures.map((picture, index) => (
          <li key={picture.sha256}>
            <Thumbnail
              captureId={capture.id}
              picture={picture}
              mark={mark?.picture === index + 1 ? (mark.box ?? null) : null}
              isLarge={pictures.length === 1 || mark?.picture === index + 1}
              label={t('pictures.open', { number: index + 1 })}
              onOpen={() => setOpen(index)}
            />
          </li>
        ))}
      </ul>
      {shown && open !== null && (
        <PictureDialog
          capture={capture}
          picture={shown}
          number={open + 1}
          mark={mark?.picture === open + 1 ? (mark.box ?? null) : null}
          onStep={pictures.length > 1 ? (by) => setOpen((open + by + pictures.length) % pictures.length) : null}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  )
}

function Thumbnail({
  captureId,
  picture,
  mark,
  isLarge,
  label,
  onOpen,
}: {
  captureId: string
  picture: CapturePicture
  mark: Box | null
  isLarge: boolean
  label: string
  onOpen(): void
}) {
  const { t } = useTranslation()
  const words = usePictureWords()
  const { address, error } = useKeptPicture(captureId, picture.sha256)
  const { width, height } = picture
  if (error) {
    return <MissingAttachment sha256={picture.sha256} gone={t('pictures.gone')} />
  }
  return (
    <button
      type="button"
      aria-label={`${label}: ${words(picture)}`}
      title={label}
      onClick={onOpen}
      className="block max-w-full overflow-hidden rounded-xl border border-line bg-hover transition-colors hover:border-line-strong"
    >
      <MarkedPicture
        address={address}
        alt=""
        width={width}
        height={height}
        mark={mark}
        className={isLarge ? 'max-h-72 max-w-full' : 'max-h-28 max-w-60'}
      />
    </button>
  )
}

/** Pictures that were sent a moment ago, before their capture is there. */
export function SentPictures({ pictures }: { pictures: readonly DraftPicture[] }) {
  const { t } = useTranslation()
  if (pictures.length === 0) return null
  return (
    <ul aria-label={t('pictures.list')} className="mt-3 flex flex-wrap gap-2.5">
      {pictures.map((picture, index) => (
        <li key={picture.key}>
          <Sent picture={picture} alt={t('pictures.preview', { number: index + 1 })} isLarge={pictures.length === 1} />
        </li>
      ))}
    </ul>
  )
}

function Sent({ picture, alt, isLarge }: { picture: DraftPicture; alt: string; isLarge: boolean }) {
  const address = useObjectAddress(picture.blob)
  return (
    <img
      src={address}
      alt={alt}
      className={cx('rounded-xl border border-line', isLarge ? 'max-h-72 max-w-full' : 'max-h-28 max-w-60')}
    />
  )
}
