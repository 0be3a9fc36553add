import { useTranslation } from 'react-i18next'
import { toFailure } from '../backend/failure.ts'
import { useChangeSettings, useSettings, useUsage } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { FailureNote } from '../ui/failure-note.tsx'
import { ProgressBar } from '../ui/progress.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { SavedField } from './saved-field.tsx'
import { Part, Section } from './section.tsx'

/** What this month has cost, and where it stops. */
export function CostSection() {
  const { t } = useTranslation()
  const { dollars } = useFormats()
  const usage = useUsage()
  const settings = useSettings().data
  const change = useChangeSettings()
  if (usage.error) return <FailureNote failure={toFailure(usage.error)} />
  if (!usage.data || !settings) return <Waiting />
  const { spentUsd, budgetUsd, byModel, byAgent } = usage.data
  const saveBudget = (text: string) => {
    const budget = Number(text.replace(',', '.'))
    if (text === '') change.mutate({ monthlyBudgetUsd: null })
    else if (Number.isFinite(budget) && budget >= 0) change.mutate({ monthlyBudgetUsd: budget })
  }
  return (
    <Section title={t('settings.cost.title')} about={t('settings.cost.about')}>
      <Part>
        <div>
          <p className="figures flex items-baseline gap-2">
            <span className="font-semibold text-display tracking-[-0.03em]">{dollars(spentUsd)}</span>
            <span className="text-ink-quiet text-ui">{t('settings.cost.of', { budget: dollars(budgetUsd) })}</span>
          </p>
          <div className="mt-3">
            <ProgressBar
              label={t('settings.cost.spent')}
              share={budgetUsd > 0 ? Math.min(1, spentUsd / budgetUsd) : 0}
            />
          </div>
        </div>
        <SavedField
          className="max-w-60"
          inputMode="decimal"
          label={t('settings.cost.budget')}
          help={t('settings.cost.budgetHelp')}
          value={settings.monthlyBudgetUsd === null ? '' : String(settings.monthlyBudgetUsd)}
          placeholder={String(budgetUsd)}
          onSave={saveBudget}
        />
        {change.error && <FailureNote failure={toFailure(change.error)} />}
      </Part>
      <Part title={t('settings.cost.byModel')}>
        <CostTable
          what={t('settings.cost.model')}
          counted={t('settings.cost.calls')}
          rows={byModel.map(({ model, calls, ...totals }) => ({ ...totals, name: model, count: calls }))}
        />
      </Part>
      {byAgent.length > 0 && (
        <Part title={t('settings.cost.byAgent')}>
          <CostTable
            what={t('settings.cost.agent')}
            counted={t('settings.cost.calls')}
            rows={byAgent.map(({ agent, runs, ...totals }) => ({
              ...totals,
              name: t(`timeline.agent.${agent}`, { defaultValue: agent }),
              count: runs,
            }))}
          />
          <p className="text-ink-quiet text-meta">{t('settings.cost.byAgentHelp')}</p>
        </Part>
      )}
    </Section>
  )
}

interface CostRow {
  name: string
  count: number
  inputTokens: number
  outputTokens: number
  costUsd: number
}

/** @param what heading of the names @param counted heading of the counts */
function CostTable({ what, counted, rows }: { what: string; counted: string; rows: readonly CostRow[] }) {
  const { t } = useTranslation()
  const { dollars, number } = useFormats()
  if (rows.length === 0) return <p className="text-ink-quiet text-ui">{t('settings.cost.nothing')}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable without a mouse
    <div tabIndex={0} className="overflow-x-auto">
      <table className="figures w-full text-left text-ui">
        <thead className="text-ink-quiet text-meta">
          <tr>
            <th className="py-2 pr-4 font-medium">{what}</th>
            <th className="py-2 pr-4 text-right font-medium">{counted}</th>
            <th className="py-2 pr-4 text-right font-medium">{t('settings.cost.tokensIn')}</th>
            <th className="py-2 pr-4 text-right font-medium">{t('settings.cost.tokensOut')}</th>
            <th className="py-2 text-right font-medium">{t('settings.cost.cost')}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-line border-t">
          {rows.map((row) => (
            <tr key={row.name}>
              <td className="py-2.5 pr-4">{row.name}</td>
              <td className="py-2.5 pr-4 text-right">{number(row.count)}</td>
              <td className="py-2.5 pr-4 text-right">{number(row.inputTokens)}</td>
              <td className="py-2.5 pr-4 text-right">{number(row.outputTokens)}</td>
              <td className="py-2.5 text-right">{dollars(row.costUsd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
