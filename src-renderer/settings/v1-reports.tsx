import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { V1Difference, V1Inspection, V1RollbackReport, V1VerifyReport } from '../../src-core/contract/index.ts'
import { useCapture, useSession } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { sessionName } from '../talk/session-name.ts'
import { cx } from '../ui/class-names.ts'
import { Facts } from './section.tsx'

type Fact = readonly [name: string, value: ReactNode]

/** What a look at v1's file found. */
export function V1Found({ report }: { report: V1Inspection }) {
  const { t } = useTranslation()
  const { number, day, bytes } = useFormats()
  const { from, to, redis, needs } = report
  const some = (name: string, count: number): Fact[] => (count > 0 ? [[name, number(count)]] : [])
  return (
    <>
      <Facts
        facts={[
          [t('settings.legacy.rows'), number(report.rows)],
          [t('settings.legacy.sessions'), number(report.sessions)],
          [
            t('settings.legacy.span'),
            from && to ? t('settings.legacy.spanValue', { from: day(from), to: day(to) }) : t('settings.legacy.noSpan'),
          ],
          [t('settings.legacy.fresh'), <strong key="fresh">{number(report.fresh)}</strong>],
          ...some(t('settings.legacy.known'), report.known),
          ...some(t('settings.legacy.duplicates'), report.duplicates),
          ...some(t('settings.legacy.changed'), report.changed),
          ...some(t('settings.legacy.refusedRows'), report.refused.length),
          ...some(t('settings.legacy.redisMissing'), redis?.missing ?? 0),
          ...some(t('settings.legacy.redisNumbers'), redis?.phoneNumbers ?? 0),
          ...report.others.map((other): Fact => [t('settings.legacy.others'), other]),
          [
            t('settings.legacy.needs'),
            t('settings.legacy.needsValue', {
              space: bytes(needs.bytes),
              minutes: t('settings.legacy.minutes', { count: Math.max(1, Math.ceil(needs.seconds / 60)) }),
            }),
          ],
        ]}
      />
      {report.flags.length > 0 && (
        <div>
          <h4 className="mb-1 font-medium text-ui">{t('settings.legacy.flagged')}</h4>
          <Facts facts={report.flags.map(({ flag, rows }) => [t(`settings.legacy.flag.${flag}`), number(rows)])} />
        </div>
      )}
      {report.fresh === 0 && <p className="text-ink-soft text-ui">{t('settings.legacy.nothingNew')}</p>}
    </>
  )
}

/** What comparing v1 with the vault found. */
export function V1Verified({ report }: { report: V1VerifyReport }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { checked, search, changedSince } = report
  const differences = Object.entries(report.counts) as [V1Difference, number][]
  const figures = <T extends Record<string, number>>(counts: T) =>
    Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, number(count)])) as Record<keyof T, string>
  return (
    <div role={report.ok ? 'status' : 'alert'} className="rounded-xl border border-line bg-surface px-4 py-3">
      <p className={cx('font-medium text-ui', report.ok ? 'text-accent-strong' : 'text-danger')}>
        {t(report.ok ? 'settings.legacy.verified' : 'settings.legacy.different')}
      </p>
      {!report.indexComplete && <p className="mt-1 text-ui">{t('settings.legacy.indexIncomplete')}</p>}
      <Facts
        facts={[
          ...differences.map(([kind, count]): Fact => [t(`settings.legacy.difference.${kind}`), number(count)]),
          [t('settings.legacy.checkedRows'), t('settings.legacy.checkedValue', figures(checked))],
          [t('settings.legacy.searched'), t('settings.legacy.searchedValue', figures(search))],
          [t('settings.legacy.since'), t('settings.legacy.sinceValue', figures(changedSince))],
        ]}
      />
    </div>
  )
}

/** Captures and sessions that are named of each kind, at most. */
const MOST_NAMED = 50

/** What taking an import back did, and what it left, each a way to it. */
export function V1TakenBack({ report }: { report: V1RollbackReport }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { edited, answered, added, named } = report.kept
  const kept = (
    [
      [t('settings.legacy.keptEdited'), edited, KeptCapture],
      [t('settings.legacy.keptAnswered'), answered, KeptCapture],
      [t('settings.legacy.keptAdded'), added, KeptCapture],
      [t('settings.legacy.keptNamed'), named, KeptSession],
    ] as const
  ).filter(([, ids]) => ids.length > 0)
  return (
    <div role="status" className="rounded-xl border border-line bg-surface px-4 py-3 text-ui">
      <p className="font-medium">{t('settings.legacy.takenBack', { count: report.removed })}</p>
      {kept.map(([name, ids, Kept]) => (
        <details key={name} className="mt-2" open={ids.length <= 5}>
          <summary className="cursor-pointer rounded-sm">
            {name} <span className="figures text-ink-quiet">({number(ids.length)})</span>
          </summary>
          <ul className="mt-1.5 space-y-1 [overflow-wrap:anywhere]">
            {ids.slice(0, MOST_NAMED).map((id) => (
              <li key={id}>
                <Kept id={id} />
              </li>
            ))}
            {ids.length > MOST_NAMED && <li>…</li>}
          </ul>
        </details>
      ))}
    </div>
  )
}

const LINK = 'text-accent-strong underline underline-offset-2'
/** UTF-16 code units of the words by which a capture is named. */
const NAME_LENGTH = 80

function KeptCapture({ id }: { id: string }) {
  const words = useCapture(id).data?.userText.trim().slice(0, NAME_LENGTH)
  return (
    <Link to="/library" search={{ capture: id }} className={LINK}>
      {words || id}
    </Link>
  )
}

function KeptSession({ id }: { id: string }) {
  const { t } = useTranslation()
  const session = useSession(id).data
  return (
    <Link to="/talk" search={{ session: id }} className={LINK}>
      {session ? sessionName(session, t) : id}
    </Link>
  )
}
