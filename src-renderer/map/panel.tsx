import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/button.tsx'

/** What stands beside the map: about one concept, one relation, or the memory as a whole. */
export function Panel({ title, onClose, children }: { title: ReactNode; onClose?(): void; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className="px-5 pt-4 pb-8">
      <header className="flex items-start justify-between gap-2">
        <div className="min-w-0 flex-1">{title}</div>
        {onClose && (
          <IconButton label={t('common.close')} size="small" onClick={onClose}>
            <X />
          </IconButton>
        )}
      </header>
      {children}
    </div>
  )
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-6">
      <h3 className="mb-1.5 font-semibold text-ink-quiet text-meta">{title}</h3>
      {children}
    </section>
  )
}

/** A row that leads to a concept. */
export function ConceptRow({ name, aside, onClick }: { name: ReactNode; aside?: ReactNode; onClick(): void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex min-h-9 w-full items-center justify-between gap-3 rounded-lg px-2 py-1 text-left text-ui transition-colors hover:bg-hover pointer-coarse:min-h-11"
    >
      <span className="min-w-0 truncate" dir="auto">
        {name}
      </span>
      {aside !== undefined && <span className="figures shrink-0 text-ink-quiet text-meta">{aside}</span>}
    </button>
  )
}
