import { SlidersHorizontal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RelationKind } from '../../src-core/contract/index.ts'
import { Button } from '../ui/button.tsx'
import { Slider } from '../ui/choice.tsx'
import { SelectField } from '../ui/field.tsx'
import { Popover } from '../ui/popover.tsx'
import { type DrawingFilter, EVERYTHING } from './drawing.ts'

const KINDS: readonly RelationKind[] = ['prerequisite', 'part_of', 'uses', 'similar', 'contradicts', 'related']
const MOST_LEAST = 10
export const LIMITS = [100, 300, 1_000, 2_000] as const

/** What of the memory is drawn. */
export function FilterMenu({
  filter,
  limit,
  onFilter,
  onLimit,
}: {
  filter: DrawingFilter
  limit: number
  onFilter(filter: DrawingFilter): void
  onLimit(limit: number): void
}) {
  const { t } = useTranslation()
  const isFiltered = filter.without.length > 0 || filter.least > EVERYTHING.least
  const turn = (kind: RelationKind, isOn: boolean) =>
    onFilter({ ...filter, without: isOn ? filter.without.filter((each) => each !== kind) : [...filter.without, kind] })
  return (
    <Popover
      label={t('map.filter')}
      align="end"
      trigger={
        <Button aria-label={t('map.filter')} className={isFiltered ? 'border-accent-line! text-accent-strong!' : ''}>
          <SlidersHorizontal />
          <span className="max-md:hidden">{t('map.filter')}</span>
        </Button>
      }
    >
      <div className="w-72 space-y-5 p-4">
        <SelectField
          label={t('map.most')}
          options={LIMITS.map((value) => ({
            value: String(value),
            label: t('map.mostShown', { count: value, shown: value }),
          }))}
          value={String(limit)}
          onValue={(value) => onLimit(Number(value))}
        />
        <Slider
          label={t('map.least')}
          value={filter.least}
          min={1}
          max={MOST_LEAST}
          step={1}
          show={(value) => t('map.entries', { count: value, shown: value })}
          onValue={(least) => onFilter({ ...filter, least })}
          onCommit={(least) => onFilter({ ...filter, least })}
        />
        <fieldset>
          <legend className="mb-1 font-medium text-ui">{t('map.kinds')}</legend>
          {KINDS.map((kind) => (
            <label
              key={kind}
              className="-mx-2 flex min-h-9 cursor-pointer items-center gap-2.5 rounded-lg px-2 text-ui transition-colors hover:bg-hover pointer-coarse:min-h-11"
            >
              <input
                type="checkbox"
                checked={!filter.without.includes(kind)}
                onChange={(event) => turn(kind, event.target.checked)}
                className="size-4.5 shrink-0"
              />
              {t(`map.kind.${kind}.name`)}
            </label>
          ))}
        </fieldset>
        {isFiltered && <Button onClick={() => onFilter(EVERYTHING)}>{t('map.showAll')}</Button>}
      </div>
    </Popover>
  )
}
