import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { MissingAttachment } from '../attachments/missing-attachment.tsx'
import { toFailure } from '../backend/failure.ts'
import { FailureNote } from '../ui/failure-note.tsx'
import { useOriginalAddress } from './original.ts'

export interface SoundPlayerHandle {
  playFrom(second: number): void
}

/** Plays a document that is heard; ready at `from`, the second that was looked for. */
export function SoundPlayer({
  handle,
  document,
  from,
}: {
  handle: Ref<SoundPlayerHandle>
  document: LearnerDocument
  from: number
}) {
  const { t } = useTranslation()
  const audio = useRef<HTMLAudioElement>(null)
  const { address, error } = useOriginalAddress(document)
  useImperativeHandle(handle, () => ({
    playFrom(second) {
      const player = audio.current
      if (!player) return
      player.currentTime = second
      void player.play()
    },
  }))
  useEffect(() => {
    const player = audio.current
    if (!player || !address) return
    const seek = () => {
      player.currentTime = from
    }
    if (player.readyState >= HTMLMediaElement.HAVE_METADATA) seek()
    else player.addEventListener('loadedmetadata', seek, { once: true })
    return () => player.removeEventListener('loadedmetadata', seek)
  }, [address, from])
  if (error && toFailure(error).code === 'not-found')
    return <MissingAttachment sha256={document.sha256} gone={t('attachments.gone')} isOpened className="mx-6 my-3" />
  if (error) return <FailureNote failure={toFailure(error)} className="mx-6 my-3" />
  return (
    <div className="shrink-0 border-line border-b px-4 py-2 md:px-8">
      {/* biome-ignore lint/a11y/useMediaCaption: the caption is the transcript below it */}
      <audio ref={audio} src={address} controls aria-label={t('documents.sound')} className="h-10 w-full" />
    </div>
  )
}
