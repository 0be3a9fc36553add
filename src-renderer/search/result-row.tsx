import { useTranslation } from 'react-i18next'
import type { SearchHit } from '../../src-core/contract/index.ts'
import { useDocumentWords } from '../documents/words.ts'
import { useFormats } from '../i18n/format.ts'
import type { Source } from '../shell/source.tsx'
import { Snippet } from './snippet.tsx'

/** One place that was found: its words with the asked ones marked, when it was said, and why it is here. */
export function ResultRow({ hit, onOpen }: { hit: SearchHit; onOpen(place: Source): void }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const { place } = useDocumentWords()
  return (
    <li className="rounded-xl transition-colors hover:bg-hover">
      <button
        type="button"
        data-result
        onClick={() => onOpen(hit)}
        className="block w-full rounded-xl px-3 pt-3 pb-1 text-left outline-offset-[-2px]"
      >
        <span className="words-small line-clamp-3" dir="auto">
          <Snippet pieces={hit.snippet} />
        </span>
      </button>
      <div className="flex flex-wrap items-start gap-x-4 px-3 pb-3 text-ink-quiet text-meta">
        <p className="figures">
          {hit.kind === 'document'
            ? [...hit.heading, place(hit.place)].filter(Boolean).join(' › ')
            : `${moment(hit.when)} · ${t(`source.${hit.source}`)}`}
          {hit.field === 'agentText' && ` · ${t('search.inAnswer')}`}
          {hit.field === 'pictureText' && ` · ${t('search.inPicture')}`}
        </p>
        <details className="group">
          <summary className="w-fit list-none rounded underline decoration-line-strong underline-offset-4 hover:text-ink group-open:text-ink [&::-webkit-details-marker]:hidden">
            {t('search.why')}
          </summary>
          <Why why={hit.why} />
        </details>
        {hit.alike.length > 0 && <AlsoSaid places={hit.alike} onOpen={onOpen} />}
      </div>
    </li>
  )
}

/** Where the same was said in nearly the same words. */
function AlsoSaid({ places, onOpen }: { places: SearchHit['alike']; onOpen(place: Source): void }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  return (
    <details className="group">
      <summary className="w-fit list-none rounded underline decoration-line-strong underline-offset-4 hover:text-ink group-open:text-ink [&::-webkit-details-marker]:hidden">
        {t('search.alsoSaid', { count: places.length })}
      </summary>
      <ul className="mt-1 mb-1 space-y-0.5">
        {places.map((place) => (
          <li key={`${place.captureId} ${place.start}`}>
            <button
              type="button"
              onClick={() => onOpen(place)}
              className="flex max-w-full gap-2 rounded text-left hover:text-ink hover:underline pointer-coarse:min-h-11 pointer-coarse:items-center"
            >
              <span className="figures shrink-0">{moment(place.when)}</span>
              <span className="min-w-0 truncate" dir="auto">
                {place.text}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Why({ why }: { why: SearchHit['why'] }) {
  const { t } = useTranslation()
  const { number, percent } = useFormats()
  return (
    <ul className="mt-1 mb-1 list-disc space-y-0.5 pl-4">
      {why.lexicalRank !== undefined && <li>{t('search.byWords', { rank: number(why.lexicalRank) })}</li>}
      {why.words.length > 0 && <li>{t('search.words', { words: why.words.join(', ') })}</li>}
      {why.semanticRank !== undefined && (
        <li>
          {t('search.byMeaning', { rank: number(why.semanticRank) })}
          {why.cosine !== undefined && ` (${t('search.likeness', { share: percent(why.cosine) })})`}
        </li>
      )}
    </ul>
  )
}
