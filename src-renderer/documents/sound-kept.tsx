import { useMutation } from '@tanstack/react-query'
import { Pin } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useSettings } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { useTellFailure } from '../library/history.ts'
import { IconButton } from '../ui/button.tsx'

const DAY_MS = 86_400_000

/** How long the sound of a recording stays or, of one that went, when that was: said before and after. */
export function SoundKept({ document }: { document: LearnerDocument }) {
  const { t } = useTranslation()
  const { day, bytes } = useFormats()
  const days = useSettings().data?.longRecordingDays ?? null
  const { sound, keepsSound, createdAt } = document
  const goes = days === null ? null : new Date(Date.parse(createdAt) + days * DAY_MS)
  const words = () => {
    if (sound) return t('documents.soundWent', { day: day(sound.at), size: bytes(sound.size), count: sound.days })
    if (!mayGo(document)) return null
    if (keepsSound) return t('documents.soundKept')
    return goes && goes.getTime() > Date.now() ? t('documents.soundGoes', { day: day(goes.toISOString()) }) : null
  }
  const said = words()
  return said === null ? null : <p className="mt-2 text-ink-quiet text-meta">{said}</p>
}

/** Keeps the sound of this recording, whatever Settings say. */
export function KeepSound({ document }: { document: LearnerDocument }) {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const keep = useMutation({
    mutationFn: (keeps: boolean) => client.documents.keepSound({ id: document.id, keeps }),
    onError: tellFailure,
  })
  if (!mayGo(document)) return null
  return (
    <IconButton
      size="small"
      label={t('documents.keepSound')}
      aria-pressed={document.keepsSound}
      disabled={keep.isPending}
      onClick={() => keep.mutate(!document.keepsSound)}
    >
      <Pin />
    </IconButton>
  )
}

/** Sounds of watched folders stay where they are. */
function mayGo({ format, origins }: LearnerDocument): boolean {
  return format === 'audio' && !origins.some(({ kind }) => kind === 'folder')
}
