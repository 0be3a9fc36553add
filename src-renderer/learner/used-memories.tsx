import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMemoriesOf } from './queries.ts'

/** What an answer was told about the learner, once it is asked for. What was forgotten since is only counted. */
export function UsedMemories({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const known = useMemoriesOf(ids, isOpen)
  if (ids.length === 0) return null
  const gone = known.data ? ids.length - known.data.length : 0
  return (
    <details className="mt-2 text-ink-quiet text-meta" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit rounded hover:text-ink pointer-coarse:min-h-11">
        {t('about.usedIn', { count: ids.length })}
      </summary>
      <ul className="mt-1 list-disc space-y-0.5 pl-5">
        {known.data?.map((memory) => (
          <li key={memory.id} dir="auto">
            {memory.text}
          </li>
        ))}
        {gone > 0 && <li>{t('about.usedGone', { count: gone })}</li>}
      </ul>
    </details>
  )
}
