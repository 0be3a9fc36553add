import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { lastErasure } from './last-erasure.ts'

/** On the first page after everything was deleted: that it was, and what could not be reached. */
export function ErasedNote() {
  const { t } = useTranslation()
  const [erasure] = useState(lastErasure)
  if (!erasure) return null
  const { unreachedPlaces, keptBackups, strangers } = erasure
  const left = [
    ...unreachedPlaces.map((place) => t('settings.erase.unreached', { place })),
    ...(keptBackups ? [t('settings.erase.keptBackups')] : []),
    ...(strangers.length > 0 ? [t('settings.erase.strangers', { names: strangers.join(', ') })] : []),
  ]
  return (
    <div
      role="status"
      className="mt-8 flex max-w-[60ch] gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-ui"
    >
      <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-accent" />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p className="font-medium">{t('settings.erase.done')}</p>
        {left.map((sentence) => (
          <p key={sentence} className="mt-1 text-ink-soft">
            {sentence}
          </p>
        ))}
      </div>
    </div>
  )
}
