import { Check, Copy, Download } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SearchHit, SearchResult } from '../../src-core/contract/index.ts'
import { useFormats } from '../i18n/format.ts'
import type { Source } from '../shell/source.tsx'
import { Button } from '../ui/button.tsx'
import { useCopy } from '../ui/copy.ts'
import { saveFile } from '../ui/save-file.ts'

/** Characters of a passage that are enough to tell it from its neighbours. */
const GLIMPSE = 90
/** Rows of each ranking that are shown; all of them are in the copy. */
const RANKED = 10
const STEPS = ['embedMs', 'lexicalMs', 'semanticMs', 'fuseMs'] as const
const PARTS = ['words', 'meaning', 'likeness', 'echo'] as const

type Explanation = NonNullable<SearchResult['explanation']>

/** How search came to its results: what it looked for, both rankings, what became of them, and the time each step took. */
export function Judging({
  query,
  result,
  onOpen,
}: {
  query: string
  result: SearchResult
  onOpen(place: Source): void
}) {
  const { t } = useTranslation()
  const { explanation } = result
  return (
    <section
      aria-label={t('judging.title')}
      className="mx-1 mt-1 mb-4 space-y-6 rounded-xl border border-line bg-surface px-4 py-4 md:px-5"
    >
      <Understood query={query} result={result} />
      <Joined hits={result.hits} shares={explanation?.shares} onOpen={onOpen} />
      {explanation && (
        <div className="grid gap-x-6 gap-y-5 md:grid-cols-2">
          <Side side="lexical" rows={explanation.lexical} onOpen={onOpen} />
          <Side side="semantic" rows={explanation.semantic} onOpen={onOpen} />
        </div>
      )}
      <Times timings={result.timings} />
      <TakeAway query={query} result={result} />
    </section>
  )
}

function Understood({ query, result }: { query: string; result: SearchResult }) {
  const { t, i18n } = useTranslation()
  const { days, day } = useFormats()
  const { language, terms, phrases, corrections, period } = result.understood
  const words = [...new Set(result.hits.flatMap(({ why }) => why.words))]
  const listed = (all: readonly string[]) => (all.length > 0 ? all.join(', ') : t('judging.none'))
  const languageName = () => {
    if (language === null) return t('judging.notTold')
    return language === 'und'
      ? t('judging.unknown')
      : new Intl.DisplayNames(i18n.language, { type: 'language' }).of(language)
  }
  const facts: [name: string, value: string | undefined][] = [
    [t('judging.asked'), query.trim()],
    [t('judging.language'), languageName()],
    [t('judging.compared'), result.semantic ? t('judging.both') : t('judging.wordsOnly')],
    [t('judging.terms'), listed(terms)],
    [t('judging.wordsFound'), listed(words)],
  ]
  if (phrases.length > 0) facts.push([t('judging.phrases'), phrases.map((phrase) => `“${phrase}”`).join(', ')])
  for (const { typed, read } of corrections) facts.push([t('judging.corrected'), `${typed} → ${read.join(', ')}`])
  if (period) {
    const from = period.from === null ? '…' : day(period.from)
    const to = period.to === null ? '…' : day(new Date(Date.parse(period.to) - 1).toISOString())
    const when =
      period.from !== null && period.to !== null
        ? days(period.from, new Date(Date.parse(period.to) - 1).toISOString())
        : `${from} – ${to}`
    facts.push([t('judging.period'), `“${period.text}”: ${when}`])
  }
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-1 text-ui">
      {facts.map(([name, value]) => (
        <div key={`${name} ${value}`} className="col-span-2 grid grid-cols-subgrid">
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

/** The order after joining, and what each part put into the score. */
function Joined({
  hits,
  shares,
  onOpen,
}: {
  hits: readonly SearchHit[]
  shares: Explanation['shares'] | undefined
  onOpen(hit: SearchHit): void
}) {
  const { t } = useTranslation()
  const { number, percent, part } = useFormats()
  const rank = (value: number | undefined) => (value === undefined ? '–' : number(value))
  return (
    <div>
      <h2 className="mb-1 font-semibold text-ui">{t('judging.rankings')}</h2>
      <p className="mb-3 max-w-[64ch] text-ink-quiet text-meta">
        {t('judging.rankingsHelp')}
        {shares &&
          ` ${t('judging.shares', {
            shares: PARTS.map((name) => `${t(`judging.column.${name}`)} ${percent(shares[name])}`).join(' · '),
          })}`}
      </p>
      <Scrolling label={t('judging.rankings')}>
        <table className="w-full min-w-[42rem] border-collapse text-meta">
          <thead>
            <tr className="border-line border-b text-ink-quiet">
              <Heading>{t('judging.column.place')}</Heading>
              <Heading align="text-left">{t('judging.column.passage')}</Heading>
              <Heading>{t('judging.column.byWords')}</Heading>
              <Heading>{t('judging.column.byMeaning')}</Heading>
              <Heading>{t('judging.column.cosine')}</Heading>
              {PARTS.map((name) => (
                <Heading key={name}>{t(`judging.column.${name}`)}</Heading>
              ))}
              <Heading>{t('judging.column.neighbours')}</Heading>
              <Heading>{t('judging.column.score')}</Heading>
              <Heading>{t('judging.column.relevance')}</Heading>
            </tr>
          </thead>
          <tbody>
            {hits.map((hit, index) => (
              <tr key={hit.chunkId} className="border-line border-b last:border-0">
                <Figure>{number(index + 1)}</Figure>
                <td className="w-full max-w-40 py-1.5 pr-3">
                  <Passage text={hit.text} onOpen={() => onOpen(hit)} />
                </td>
                <Figure>{rank(hit.why.lexicalRank)}</Figure>
                <Figure>{rank(hit.why.semanticRank)}</Figure>
                <Figure>{hit.why.cosine === undefined ? '–' : percent(hit.why.cosine)}</Figure>
                {PARTS.map((name) => (
                  <Figure key={name}>{part(hit.why.parts[name])}</Figure>
                ))}
                <Figure>{part(lent(hit))}</Figure>
                <Figure>{part(hit.score)}</Figure>
                <Figure>{percent(hit.relevance)}</Figure>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
    </div>
  )
}

/** What neighbouring turns lent to the score: all that the parts did not put into it. */
function lent({ score, why: { parts } }: SearchHit): number {
  return Math.max(0, score - PARTS.reduce((sum, name) => sum + parts[name], 0))
}

/** One of the two rankings as it was before they were joined. */
function Side({
  side,
  rows,
  onOpen,
}: {
  side: 'lexical' | 'semantic'
  rows: Explanation['lexical']
  onOpen(place: Source): void
}) {
  const { t } = useTranslation()
  const { number, part } = useFormats()
  return (
    <div className="min-w-0">
      <h2 className="mb-1 font-semibold text-ui">{t(`judging.side.${side}`)}</h2>
      {rows.length === 0 ? (
        <p className="text-ink-quiet text-meta">{t('judging.sideEmpty')}</p>
      ) : (
        <ol aria-label={t(`judging.side.${side}`)} className="text-meta">
          {rows.slice(0, RANKED).map((row, index) => (
            <li key={row.chunkId} className="flex gap-3 border-line border-b py-1.5 last:border-0">
              <span className="figures w-4 shrink-0 text-right text-ink-quiet">{number(index + 1)}</span>
              <span className="min-w-0 flex-1">
                <Passage text={row.text} onOpen={() => onOpen(row)} />
              </span>
              <span className="figures shrink-0">{part(row.score)}</span>
            </li>
          ))}
        </ol>
      )}
      {rows.length > RANKED && (
        <p className="mt-1 text-ink-quiet text-meta">{t('judging.further', { count: rows.length - RANKED })}</p>
      )}
    </div>
  )
}

function Passage({ text, onOpen }: { text: string; onOpen(): void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      className="block w-full truncate rounded text-left hover:underline"
      dir="auto"
    >
      {text.slice(0, GLIMPSE)}
    </button>
  )
}

/** The whole result as JSON, for whoever wants to compare. */
function TakeAway({ query, result }: { query: string; result: SearchResult }) {
  const { t } = useTranslation()
  const copy = useCopy()
  const [copied, setCopied] = useState(false)
  const json = () => JSON.stringify({ query, ...result }, null, 2)
  const save = () => saveFile(new Blob([json()], { type: 'application/json' }), 'search.json')
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="small" onClick={async () => setCopied(await copy(json()))} onBlur={() => setCopied(false)}>
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
        {copied ? t('common.copied') : t('judging.copy')}
      </Button>
      <Button size="small" look="quiet" onClick={save}>
        <Download aria-hidden />
        {t('judging.save')}
      </Button>
    </div>
  )
}

function Scrolling({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable without a mouse
      tabIndex={0}
      aria-label={label}
      className="overflow-x-auto"
    >
      {children}
    </section>
  )
}

function Heading({ align = 'text-right', children }: { align?: string; children: string }) {
  return (
    <th scope="col" className={`py-1.5 pr-2 align-bottom font-medium text-fine leading-tight ${align}`}>
      {children}
    </th>
  )
}

function Figure({ children }: { children: string }) {
  return <td className="figures whitespace-nowrap py-1.5 pr-2 text-right">{children}</td>
}
