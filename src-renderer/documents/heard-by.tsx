import { useMutation } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useRecognisers } from '../backend/queries.ts'
import { useFormats } from '../i18n/format.ts'
import { useTellFailure } from '../library/history.ts'
import { Button } from '../ui/button.tsx'
import { useTranscripts } from './queries.ts'

/** Who wrote a recording down and, where it was transcribed again, the transcript of before with the way back to it. */
export function HeardBy({ document }: { document: LearnerDocument }) {
  const { t } = useTranslation()
  const { moment } = useFormats()
  const client = useClient()
  const tellFailure = useTellFailure()
  const recognisers = useRecognisers().data ?? []
  const { present, earlier } = useTranscripts(document).data ?? { present: null, earlier: null }
  const exchange = useMutation({
    mutationFn: () => client.documents.exchangeTranscripts({ id: document.id }),
    onError: tellFailure,
  })
  const nameOf = (heardBy: string | null) =>
    (heardBy ?? '')
      .split(', ')
      .map((model) => recognisers.find((recogniser) => recogniser.model === model)?.name ?? model)
      .join(', ')
  if (!present || (!present.heardBy && !earlier)) return null
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-quiet text-meta">
      {present.heardBy && <p>{t('documents.heardBy', { name: nameOf(present.heardBy) })}</p>}
      {earlier && (
        <>
          <p>
            {earlier.heardBy && earlier.readAt
              ? t('documents.earlierBy', { name: nameOf(earlier.heardBy), moment: moment(earlier.readAt) })
              : t('documents.earlier')}
          </p>
          <Button size="small" disabled={exchange.isPending} onClick={() => exchange.mutate()}>
            <Undo2 />
            {t('documents.putBack')}
          </Button>
        </>
      )}
    </div>
  )
}
