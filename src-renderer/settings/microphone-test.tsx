import { Mic, Square } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Failure, toFailure } from '../backend/failure.ts'
import { MicrophonePrivacy } from '../desk/microphone-privacy.tsx'
import { useOpenMicrophone } from '../first-use/first-use-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { LevelMeter } from '../voice/level-meter.tsx'
import type { Microphone } from '../voice/microphone.ts'
import { meterLevel } from '../voice/pcm.ts'
import { MicrophoneChoice } from './microphone-choice.tsx'

/** Which microphone hears, and whether it hears anything. Nothing of the test is kept or sent anywhere. */
export function MicrophoneTest() {
  const { t } = useTranslation()
  const openMicrophone = useOpenMicrophone()
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
        onLost: (fault) => {
          setMicrophone(null)
          setFailure(toFailure(fault))
        },
      })
      setMicrophone(opened)
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code !== 'cancelled') setFailure(failure)
    }
  }
  return (
    <div className="space-y-4">
      <MicrophoneChoice isListening={microphone !== null} />
      <div className="flex items-center gap-4">
        <Button onClick={() => (microphone ? setMicrophone(null) : void listen())}>
          {microphone ? <Square /> : <Mic />}
          {microphone ? t('settings.voice.endTest') : t('settings.voice.testMicrophone')}
        </Button>
        {microphone && <LevelMeter read={readLevel} className="h-9 min-w-0 flex-1 text-accent" />}
      </div>
      <p className="-mt-2.5 text-ink-quiet text-meta">
        {!microphone && t('settings.voice.testHelp')}
        {microphone &&
          t(microphone.name === '' ? 'settings.voice.saySomething' : 'settings.voice.hears', { name: microphone.name })}
      </p>
      {failure && (
        <FailureNote failure={failure}>
          <MicrophonePrivacy code={failure.code} />
        </FailureNote>
      )}
    </div>
  )
}
