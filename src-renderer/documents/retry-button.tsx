import { useMutation } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { useTellFailure } from '../library/history.ts'
import { Button } from '../ui/button.tsx'

/** Reads a document once more. */
export function RetryButton({ document }: { document: LearnerDocument }) {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const retry = useMutation({ mutationFn: () => client.documents.retry({ ids: [document.id] }), onError: tellFailure })
  return (
    <Button disabled={retry.isPending} onClick={() => retry.mutate()}>
      <RotateCcw />
      {t('common.tryAgain')}
    </Button>
  )
}
