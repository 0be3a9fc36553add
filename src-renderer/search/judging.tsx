import { useTranslation } from 'react-i18next'
import type { SearchHit, SearchResult } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'

/** Characters of a passage that are enough to tell it from its neighbours. */
const GLIMPSE = 90
const STEPS = ['embedMs', 'lexicalMs', 'semanticMs', 'fuseMs'] as const

/** How search came to its results: what it looked for, both rankings, what became of them, and the time each step took. */
export function Judging({
  query,
  result,
  onOpen,
}: {
  query: string
  result: SearchResult
  onOpen(hit: SearchHit): void
}) {
  const { t } = useTranslation()
  return (
    <section
      aria-label={t('judging.title')}
      className="mx-1 mt-1 mb-4 space-y-6 rounded-xl border border-line bg-surface px-4 py-4 md:px-5"
    >
      <Understood query={query} result={result} />
      <Times timings={result.timings} />
      <Rankings hits={result.hits} onOpen={onOpen} />
    </section>
  )
}

function Understood({ query, result }: { query: string; result: SearchResult }) {
  const { t } = useTranslation()
  const words = [...new Set(result.hits.flatMap(({ why }) => why.words))]
  const facts = [
    [t('judging.asked'), query.trim()],
    [t('judging.compared'), result.semantic ? t('judging.both') : t('judging.wordsOnly')],
    [t('judging.wordsFound'), words.length > 0 ? words.join(', ') : t('judging.none')],
  ] as const
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-1 text-ui">
      {facts.map(([name, value]) => (
        <div key={name} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-ink-quiet">{name}</dt>
          <dd className="[overflow-wrap:anywhere]" dir="auto">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Times({ timings }: { timings: SearchResult['timings'] }) {
  const { t } = useTranslation()
  const { milliseconds } = useFormats()
  const longest = Math.max(...STEPS.map((step) => timings[step]), Number.MIN_VALUE)
  return (
    <div>
      <h2 className="mb-2 font-semibold text-ui">{t('judging.times')}</h2>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 text-meta">
        {STEPS.map((step) => (
          <div key={step} className="col-span-3 grid grid-cols-subgrid items-center">
            <dt className="text-ink-soft">{t(`judging.step.${step}`)}</dt>
            <dd aria-hidden className="h-1 rounded-full bg-line">
              <div
                className="h-full origin-left rounded-full bg-accent"
                style={{ transform: `scaleX(${timings[step] / longest})` }}
              />
            </dd>
            <dd className="figures text-right">{milliseconds(timings[step])}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Rankings({ hits, onOpen }: { hits: readonly SearchHit[]; onOpen(hit: SearchHit): void }) {
  const { t } = useTranslation()
  const { number, percent, score } = useFormats()
  const rank = (value: number | undefined) => (value === undefined ? '–' : number(value))
  return (
    <div>
      <h2 className="mb-1 font-semibold text-ui">{t('judging.rankings')}</h2>
      <p className="mb-3 max-w-[60ch] text-ink-quiet text-meta">{t('judging.rankingsHelp')}</p>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable without a mouse
        tabIndex={0}
        aria-label={t('judging.rankings')}
        className="overflow-x-auto"
      >
        <table className="w-full min-w-[34rem] border-collapse text-meta">
          <thead>
            <tr className="border-line border-b text-ink-quiet">
              <Heading>{t('judging.column.place')}</Heading>
              <Heading align="text-left">{t('judging.column.passage')}</Heading>
              <Heading>{t('judging.column.words')}</Heading>
              <Heading>{t('judging.column.meaning')}</Heading>
              <Heading>{t('judging.column.likeness')}</Heading>
              <Heading>{t('judging.column.score')}</Heading>
            </tr>
          </thead>
          <tbody>
            {hits.map((hit, index) => (
              <tr key={hit.chunkId} className="border-line border-b last:border-0">
                <Figure>{number(index + 1)}</Figure>
                <td className="max-w-64 py-1.5 pr-3">
                  <button
                    type="button"
                    onClick={() => onOpen(hit)}
                    className="block w-full truncate rounded text-left hover:underline"
                    dir="auto"
                  >
                    {hit.text.slice(0, GLIMPSE)}
                  </button>
                </td>
                <Figure>{rank(hit.why.lexicalRank)}</Figure>
                <Figure>{rank(hit.why.semanticRank)}</Figure>
                <Figure>{hit.why.cosine === undefined ? '–' : percent(hit.why.cosine)}</Figure>
                <Figure>{score(hit.score)}</Figure>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}

function Heading({ align = 'text-right', children }: { align?: string; children: string }) {
  return (
    <th scope="col" className={`whitespace-nowrap py-1.5 pr-3 font-medium ${align}`}>
      {children}
    </th>
  )
}

function Figure({ children }: { children: string }) {
  return <td className="figures whitespace-nowrap py-1.5 pr-3 text-right">{children}</td>
}
