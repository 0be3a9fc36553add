import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Capture } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import { useKeptPicture } from '../pictures/kept-picture.ts'
import { usePictureWords } from '../pictures/picture-words.ts'

/** One frame, small. Its picture is fetched when it comes into sight. */
export function FrameTile({ frame, onOpen, onForget }: { frame: Capture; onOpen(): void; onForget(): void }) {
  const { t } = useTranslation()
  const { time } = useFormats()
  const words = usePictureWords()
  const tile = useRef<HTMLLIElement>(null)
  const isSeen = useSeen(tile)
  const [picture] = frame.pictures ?? []
  if (!picture) return null
  const when = time(frame.createdAt)
  const app = typeof frame.metadata.app === 'string' ? frame.metadata.app : ''
  return (
    <li ref={tile} className="group relative min-w-0">
      <button
        type="button"
        onClick={onOpen}
        aria-label={t('timelinePlace.open', { when, what: words(picture) })}
        className="block w-full overflow-hidden rounded-xl border border-line bg-hover text-left transition-colors hover:border-line-strong"
      >
        <span className="block aspect-video w-full overflow-hidden">
          {isSeen && <TilePicture captureId={frame.id} sha256={picture.sha256} />}
        </span>
      </button>
      <p className="mt-1.5 flex items-baseline gap-2 text-meta">
        <time dateTime={frame.createdAt} className="figures shrink-0 font-medium">
          {when}
        </time>
        <span className="truncate text-ink-quiet">{app || picture.reading?.text.split('\n')[0]}</span>
      </p>
      <button
        type="button"
        aria-label={t('timelinePlace.forgetOne', { when })}
        title={t('timelinePlace.forgetOne', { when })}
        onClick={onForget}
        className="absolute top-2 right-2 inline-flex size-7 items-center justify-center rounded-full border border-line-strong bg-surface text-ink opacity-0 shadow-lift transition-opacity focus-visible:opacity-100 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:size-9 pointer-coarse:opacity-100 [&_svg]:size-3.5"
      >
        <X aria-hidden />
      </button>
    </li>
  )
}

function TilePicture({ captureId, sha256 }: { captureId: string; sha256: string }) {
  const { t } = useTranslation()
  const { address, error } = useKeptPicture(captureId, sha256)
  if (error)
    return (
      <span className="flex size-full items-center justify-center text-ink-quiet text-meta">{t('pictures.gone')}</span>
    )
  return address ? <img src={address} alt="" className="size-full object-cover object-top" /> : null
}

/** Whether the element has come into sight. */
function useSeen(element: React.RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (!element.current || isSeen) return
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), {
      rootMargin: '200px',
    })
    watcher.observe(element.current)
    return () => watcher.disconnect()
  }, [element, isSeen])
  return isSeen
}
