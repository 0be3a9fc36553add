import { useMutation } from '@tanstack/react-query'
import { Pause, Play } from 'lucide-react'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MissingAttachment } from '../attachments/missing-attachment.tsx'
import { useClient } from '../backend/backend.tsx'
import { toFailure } from '../backend/failure.ts'
import { useFailureWords } from '../i18n/failure-words.ts'
import { useFormats } from '../i18n/format.ts'
import { useObjectAddress } from '../pictures/object-address.ts'
import { cx } from '../ui/class-names.ts'

/** Plays a kept recording. It is fetched when it is first wanted. */
export function RecordingPlayer({ sha256, className }: { sha256: string; className?: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const words = useFailureWords()
  const { duration } = useFormats()
  const audio = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [place, setPlace] = useState({ now: 0, length: 0 })
  const load = useMutation({ mutationFn: () => client.speech.recording({ sha256 }) })
  const address = useObjectAddress(load.data)

  const toggle = useCallback(() => {
    const player = audio.current
    if (!address) load.mutate()
    else if (player?.paused) void player.play()
    else player?.pause()
  }, [address, load])

  const isTriedAgain = useRef(false)
  const playAgain = useCallback(() => {
    if (isTriedAgain.current) return
    isTriedAgain.current = true
    load.mutate()
  }, [load])

  if (load.error && toFailure(load.error).code === 'not-found')
    return (
      <MissingAttachment
        sha256={sha256}
        gone={t('recording.gone')}
        isOpened
        onHere={playAgain}
        className={cx(className)}
      />
    )
  if (load.error) return <p className={cx('text-danger text-meta', className)}>{words(toFailure(load.error)).what}</p>
  const share = place.length > 0 ? place.now / place.length : 0
  return (
    <div className={cx('flex items-center gap-2.5', className)}>
      <button
        type="button"
        aria-label={playing ? t('recording.pause') : t('recording.play')}
        onClick={toggle}
        className="-ml-2 inline-flex h-8 items-center gap-2 rounded-full pr-3 pl-2 text-ink-quiet text-meta transition-colors hover:bg-hover hover:text-ink pointer-coarse:h-11"
      >
        {playing ? <Pause className="size-3.5 fill-current" /> : <Play className="size-3.5 fill-current" />}
        {!address && t('recording.yours')}
        {address && (
          <>
            <span className="h-0.5 w-32 overflow-hidden rounded-full bg-line-strong">
              <span className="block h-full origin-left bg-accent" style={{ transform: `scaleX(${share})` }} />
            </span>
            <span className="figures">
              {duration(place.now)} / {duration(place.length)}
            </span>
          </>
        )}
      </button>
      {address && (
        // biome-ignore lint/a11y/useMediaCaption: the caption is the transcript beside it
        <audio
          ref={audio}
          src={address}
          autoPlay
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onEnded={() => setPlaying(false)}
          onTimeUpdate={({ currentTarget }) =>
            setPlace({
              now: currentTarget.currentTime,
              length: Number.isFinite(currentTarget.duration) ? currentTarget.duration : 0,
            })
          }
        />
      )}
    </div>
  )
}
