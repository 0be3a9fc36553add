import { ExternalLink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Source } from '../../src-core/contract/index.ts'
import { useSource } from '../shell/source.tsx'
import { hostOf, isWebAddress } from './web-address.ts'

/** What was looked up outside the learner's memory: number, title, words, and the way there. */
export function Elsewhere({ sources }: { sources: readonly Source[] }) {
  const { t } = useTranslation()
  const { openElsewhere } = useSource()
  if (sources.length === 0) return null
  return (
    <ol aria-label={t('talk.elsewhere')} className="mt-4 space-y-2.5">
      {sources.map((source) => (
        <li key={source.number} className="flex gap-2.5 text-meta">
          <span
            aria-hidden
            className="figures mt-px inline-flex size-5 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-strong text-fine"
          >
            {source.number}
          </span>
          <div className="min-w-0">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <button
                type="button"
                aria-label={t('talk.openElsewhere', { number: source.number, title: source.title })}
                onClick={() => openElsewhere(source)}
                className="max-w-full break-words rounded text-left font-medium text-ink-soft hover:text-ink hover:underline pointer-coarse:min-h-11"
              >
                {source.title || t(`source.elsewhere.${source.kind}`)}
              </button>
              {source.url && isWebAddress(source.url) && (
                <a
                  href={source.url}
                  target="_blank"
                  rel="noreferrer"
                  className="inline-flex items-center gap-1 rounded text-accent-strong hover:underline pointer-coarse:min-h-11"
                >
                  {hostOf(source.url)}
                  <ExternalLink aria-hidden className="size-3" />
                  <span className="sr-only">{t('talk.opensOutside')}</span>
                </a>
              )}
            </p>
            {source.quote && (
              <p className="line-clamp-2 text-ink-quiet" dir="auto">
                {source.quote}
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}
