import { useTranslation } from 'react-i18next'
import type { Citation } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import { useSource } from '../shell/source.tsx'
import { cx } from '../ui/class-names.ts'

/** The places in memory that an answer rests on. */
export function SourceChips({ citations }: { citations: readonly Citation[] }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { source, open } = useSource()
  if (citations.length === 0) return null
  return (
    <ul aria-label={t('talk.sources')} className="mt-4 flex flex-wrap gap-1.5">
      {citations.map((citation) => (
        <li key={citation.number}>
          <button
            type="button"
            title={citation.text}
            onClick={() => open(citation)}
            className={cx(
              'flex h-7 items-center gap-2 rounded-full border pr-3 pl-1 text-meta transition-colors hover:border-accent-line hover:bg-accent-soft pointer-coarse:h-10 pointer-coarse:pl-2',
              source?.captureId === citation.captureId
                ? 'border-accent-line bg-accent-soft text-ink'
                : 'border-line text-ink-soft',
            )}
          >
            <span className="figures inline-flex size-5 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-strong text-fine">
              {citation.number}
            </span>
            {moment(citation.when)}
          </button>
        </li>
      ))}
    </ul>
  )
}
