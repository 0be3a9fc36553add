import { CircleCheck, PlugZap } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../backend/failure.ts'
import { Button } from '../ui/button.tsx'
import { FailureNote } from '../ui/failure-note.tsx'

/** A press that asks whether something answers, and what came of it. */
export function ConnectionTest({
  label,
  isPending,
  works,
  failure,
  ...button
}: {
  label: string
  isPending: boolean
  /** That it works, in words; null where it was not tried or does not. */
  works: string | null
  failure: Failure | null
} & Pick<ComponentProps<typeof Button>, 'size' | 'disabled' | 'onClick'>) {
  const { t } = useTranslation()
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button {...button} disabled={button.disabled || isPending}>
          <PlugZap />
          {isPending ? t('settings.models.testing') : label}
        </Button>
        <p role="status" className="text-ui">
          {works !== null && !isPending && (
            <span className="figures inline-flex items-center gap-2 text-accent-strong">
              <CircleCheck aria-hidden className="size-4.5" />
              {works}
            </span>
          )}
        </p>
      </div>
      {failure && !isPending && <FailureNote failure={failure} className="mt-3" />}
    </div>
  )
}
