import { Mic, Square } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Failure, ScreenFault, toFailure } from '../backend/failure.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { LevelMeter } from '../voice/level-meter.tsx'
import { type Microphone, openMicrophone } from '../voice/microphone.ts'
import { meterLevel } from '../voice/pcm.ts'

/** Shows whether the microphone hears anything. Nothing of it is kept or sent anywhere. */
export function MicrophoneTest() {
  const { t } = useTranslation()
  const [microphone, setMicrophone] = useState<Microphone | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const level = useRef(0)
  const readLevel = useCallback(() => level.current, [])
  useEffect(() => () => void microphone?.close(), [microphone])

  const listen = async () => {
    setFailure(null)
    try {
      const opened = await openMicrophone({
        onHeard: (_, rms) => {
          level.current = meterLevel(rms)
        },
        onLost: () => {
          setMicrophone(null)
          setFailure(toFailure(new ScreenFault('microphone-lost')))
        },
      })
      setMicrophone(opened)
    } catch (error) {
      setFailure(toFailure(error))
    }
  }
  return (
    <div>
      <div className="flex items-center gap-4">
        <Button onClick={() => (microphone ? setMicrophone(null) : void listen())}>
          {microphone ? <Square /> : <Mic />}
          {microphone ? t('settings.voice.endTest') : t('settings.voice.testMicrophone')}
        </Button>
        {microphone && <LevelMeter read={readLevel} className="h-9 min-w-0 flex-1 text-accent" />}
      </div>
      <p className="mt-1.5 text-ink-quiet text-meta">
        {microphone ? t('settings.voice.saySomething') : t('settings.voice.testHelp')}
      </p>
      {failure && <FailureNote failure={failure} className="mt-3" />}
    </div>
  )
}
