import { useTranslation } from 'react-i18next'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { MissingAttachment } from '../attachments/missing-attachment.tsx'
import { toFailure } from '../backend/failure.ts'
import { FailureNote } from '../ui/failure-note.tsx'
import { useOriginalAddress } from './original.ts'

/** The picture itself; below it stands what was read in it. */
export function Picture({ document }: { document: LearnerDocument }) {
  const { t } = useTranslation()
  const { address, error } = useOriginalAddress(document)
  if (error && toFailure(error).code === 'not-found')
    return <MissingAttachment sha256={document.sha256} gone={t('attachments.gone')} isOpened className="my-4" />
  if (error) return <FailureNote failure={toFailure(error)} className="my-4" />
  return address ? (
    <img src={address} alt={document.title} className="my-4 max-h-[60dvh] max-w-full rounded-lg border border-line" />
  ) : null
}
