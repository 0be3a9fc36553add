import { ShieldAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../backend/failure.ts'
import { Button } from '../ui/button.tsx'
import { useDesk, useDeskLine } from './desk.tsx'

/** Opens the system's settings where the microphone was denied and the system has a page for it. */
export function MicrophonePrivacy({ code }: { code: Failure['code'] }) {
  const { t } = useTranslation()
  const line = useDeskLine()
  const desk = useDesk()
  if (!line || !desk?.opensPrivacy.microphone || code !== 'microphone-denied') return null
  return (
    <Button size="small" onClick={() => line.openPrivacy('microphone')}>
      <ShieldAlert aria-hidden />
      {t('desk.openPrivacy')}
    </Button>
  )
}
