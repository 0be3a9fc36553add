import { Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JoinEvent } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { Button } from '../../ui/button.tsx'
import { useCopy } from '../../ui/copy.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { QrCode } from './qr-code.tsx'
import { SafetyNumber } from './safety-number.tsx'
import { useSteps } from './use-steps.ts'

/** The new device: shows a code, then the number that must be equal on both. */
export function JoinByCode({ onCancel }: { onCancel(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const copy = useCopy()
  const toast = useToast()
  const { step, failure, begin } = useSteps<JoinEvent>()
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try shows another code
  useEffect(() => {
    void begin((signal) => client.sync.joinByCode(undefined, { signal }))
  }, [begin, client, tries])
  if (failure) {
    return (
      <FailureNote failure={failure}>
        <Button size="small" onClick={() => setTries(tries + 1)}>
          {t('settings.sync.code.again')}
        </Button>
        <Button size="small" look="quiet" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      </FailureNote>
    )
  }
  if (!step) return <Waiting />
  return (
    <>
      {step.state === 'code' ? (
        <div className="flex flex-col gap-6 sm:flex-row sm:items-center">
          <QrCode text={step.qr} label={t('settings.sync.code.qr')} />
          <div className="min-w-0">
            <ol className="list-decimal space-y-1 pl-5 text-ink-soft text-ui marker:text-ink-quiet">
              <li>{t('settings.sync.code.first')}</li>
              <li>{t('settings.sync.code.second')}</li>
              <li>{t('settings.sync.code.third')}</li>
            </ol>
            <p className="figures mt-4 font-mono font-semibold text-title tracking-wide" data-testid="pairing-code">
              {step.code}
            </p>
            <Button
              size="small"
              look="quiet"
              className="-ml-2.5 mt-1"
              onClick={async () => {
                if (await copy(step.code)) toast({ text: t('common.copied') })
              }}
            >
              <Copy />
              {t('common.copy')}
            </Button>
          </div>
        </div>
      ) : (
        <>
          {step.state === 'compare' && <SafetyNumber number={step.number} />}
          <p role="status" className="max-w-[60ch] text-ink-soft text-ui">
            {t('settings.sync.code.compareHere')}
          </p>
        </>
      )}
      <Button look="quiet" onClick={onCancel}>
        {t('common.cancel')}
      </Button>
    </>
  )
}
