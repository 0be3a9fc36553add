import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportReport, ProblemCode } from '../../../src-core/contract/index.ts'
import { useFormats } from '../../i18n/format.ts'
import { Facts } from '../section.tsx'

type Fact = readonly [name: string, value: ReactNode]

/** Places that are named of each kind of problem. */
const MOST_PLACES = 20

/** What a source holds, what of it is new, and what will be left out and why. */
export function ReportOf({ report, refused }: { report: ImportReport; refused: readonly string[] }) {
  const { t } = useTranslation()
  const { number, day, bytes } = useFormats()
  const { kind, name, counts, attachments, attachmentBytes, from, to, settings, corrections } = report
  const some = (label: string, count: number): Fact[] => (count > 0 ? [[label, number(count)]] : [])
  return (
    <>
      <Facts
        facts={[
          [t('settings.takeHome.is'), <strong key="kind">{t(`settings.takeHome.kind.${kind}`)}</strong>],
          [t('settings.takeHome.name'), name],
          ...some(t('settings.takeHome.newSessions'), counts.sessions),
          ...some(t('settings.takeHome.newCaptures'), counts.captures),
          ...some(t('settings.takeHome.newNotes'), counts.notes),
          ...some(t('settings.takeHome.newDocuments'), counts.documents),
          ...(attachments > 0
            ? [[t('settings.takeHome.files'), `${number(attachments)} (${bytes(attachmentBytes)})`] as const]
            : []),
          ...(from && to
            ? [
                [
                  t('settings.takeHome.span'),
                  t('settings.takeHome.spanValue', { from: day(from), to: day(to) }),
                ] as const,
              ]
            : []),
          ...some(t('settings.takeHome.present'), counts.present),
          ...some(t('settings.takeHome.deleted'), counts.deleted),
          ...some(t('settings.takeHome.corrections'), corrections),
          ...(settings.length > 0 ? [[t('settings.takeHome.preferences'), number(settings.length)] as const] : []),
        ]}
      />
      <Problems report={report} refused={refused} />
    </>
  )
}

function Problems({ report, refused }: { report: ImportReport; refused: readonly string[] }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { problems, problemCount } = report
  if (problemCount + refused.length === 0) return null
  const named = refused.map((place) => ({ code: 'unsafe-name' as const, place }))
  const groups = Map.groupBy<ProblemCode, { code: ProblemCode; place: string }>(
    [...problems, ...named],
    ({ code }) => code,
  )
  const unnamed = problemCount - problems.length
  return (
    <div>
      <h4 className="mb-1 font-medium text-ui">{t('settings.takeHome.problems')}</h4>
      <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
        {[...groups].map(([code, group]) => (
          <li key={code}>
            <details className="group px-4 py-2.5 text-ui">
              <summary className="cursor-pointer rounded-sm">
                {t(`settings.takeHome.problem.${code}`)}{' '}
                <span className="figures text-ink-quiet">({number(group.length)})</span>
              </summary>
              <ul className="mt-2 space-y-1 text-ink-soft text-meta [overflow-wrap:anywhere]">
                {group.slice(0, MOST_PLACES).map(({ place }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change, and a place may come twice
                  <li key={index}>{place}</li>
                ))}
                {group.length > MOST_PLACES && <li>…</li>}
              </ul>
            </details>
          </li>
        ))}
      </ul>
      {unnamed > 0 && (
        <p className="mt-2 text-ink-quiet text-meta">
          {t('settings.takeHome.moreProblems', { count: unnamed, shown: number(unnamed) })}
        </p>
      )}
    </div>
  )
}
