import { LoaderCircle, Mic, Square } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../backend/store.ts'
import { useTalk } from '../talk/talk.tsx'
import { cx } from '../ui/class-names.ts'
import { useTalkKey } from './use-talk-key.ts'

/** Hold it and talk, or click once to begin and once to end. While it listens its ring breathes with the voice. */
export function MicButton({ large = false }: { large?: boolean }) {
  const { t } = useTranslation()
  const { recorder } = useTalk()
  const { phase } = useStore(recorder, (store) => store.state)
  const key = useTalkKey('toggle')
  const isOn = phase === 'opening' || phase === 'recording'
  const label = isOn ? t('voice.finish') : t('voice.start')
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      disabled={phase === 'finishing'}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        key.down()
      }}
      onPointerUp={() => key.up()}
      onPointerCancel={() => key.up()}
      // Keyboards and screen readers click without a pointer.
      onClick={(event) => {
        if (event.detail === 0) void (recorder.listening ? recorder.finish() : recorder.start())
      }}
      onContextMenu={(event) => event.preventDefault()}
      className={cx(
        'relative isolate inline-flex shrink-0 touch-none select-none items-center justify-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-strong disabled:opacity-60',
        large ? 'size-16 [&_svg]:size-7' : 'size-11 [&_svg]:size-5',
      )}
    >
      {phase === 'recording' && <LevelRing />}
      {phase === 'finishing' ? (
        <LoaderCircle className="animate-spin motion-reduce:animate-none" />
      ) : isOn ? (
        <Square className="fill-current" />
      ) : (
        <Mic />
      )}
    </button>
  )
}

/** A ring that grows with the loudness of the voice. */
function LevelRing() {
  const { recorder } = useTalk()
  const ring = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    let frame = 0
    const draw = () => {
      ring.current?.style.setProperty('transform', `scale(${1 + recorder.level * 0.55})`)
      frame = requestAnimationFrame(draw)
    }
    draw()
    return () => cancelAnimationFrame(frame)
  }, [recorder])
  return <span ref={ring} aria-hidden className="-z-10 absolute inset-0 rounded-full bg-accent opacity-25" />
}
