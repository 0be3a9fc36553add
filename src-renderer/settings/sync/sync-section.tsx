import { useTranslation } from 'react-i18next'
import { toFailure } from '../../backend/failure.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Part, Section } from '../section.tsx'
import { AccountForm } from './account-form.tsx'
import { AccountPart } from './account-part.tsx'
import { AttachmentsPart } from './attachments-part.tsx'
import { ConflictsPart } from './conflicts-part.tsx'
import { DevicesPart } from './devices-part.tsx'
import { JoinPart } from './join-part.tsx'
import { StartPart } from './start-part.tsx'
import { StatePart } from './state-part.tsx'
import { useSyncStatus } from './sync-queries.ts'

/** One memory on every device: from the account over the first device to the list of all. */
export function SyncSection() {
  const { t } = useTranslation()
  const { data: status, error } = useSyncStatus()
  if (error) return <FailureNote failure={toFailure(error)} />
  if (!status) return <Waiting />
  const { standing, state, relay, email } = status
  const account = { relay: relay ?? '', email: email ?? '' }
  return (
    <Section title={t('settings.sync.title')} about={t('settings.sync.about')}>
      {standing === 'out' && <StartPart />}
      {standing === 'revoked' && (
        <Part title={t('settings.sync.revoked.title')}>
          <Notice>{t('settings.sync.revoked.more')}</Notice>
          <AccountForm key="revoked" {...account} />
        </Part>
      )}
      {standing === 'signed-out' && (
        <Part title={t('settings.sync.signedOut.title')}>
          <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.sync.signedOut.more')}</p>
          <AccountForm key="signed-out" {...account} isKnown />
        </Part>
      )}
      {standing === 'signed-in' && <JoinPart status={status} />}
      {standing === 'member' && state && <StatePart status={status} state={state} />}
      {(standing === 'member' || status.conflicts > 0) && <ConflictsPart />}
      {standing === 'member' && <AttachmentsPart />}
      {(standing === 'member' || standing === 'signed-out') && <DevicesPart />}
      {standing !== 'out' && standing !== 'revoked' && <AccountPart status={status} />}
    </Section>
  )
}
