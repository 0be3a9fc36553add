import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SyncStatus } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { Part } from '../section.tsx'
import { useSyncWork } from './sync-queries.ts'

/** Who is signed in where, and the two ways out. */
export function AccountPart({ status: { email, relay, standing, keyStorage } }: { status: SyncStatus }) {
  const { t } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  const signOut = useSyncWork((client) => client.sync.signOut())
  const leave = useSyncWork((client) => client.sync.leave())
  const failed = signOut.error ?? leave.error
  return (
    <Part title={t('settings.sync.account.title')}>
      <p className="max-w-[60ch] text-ink-soft text-ui [overflow-wrap:anywhere]">
        {t('settings.sync.account.signedIn', { email, relay })}
      </p>
      <p className="max-w-[60ch] text-ink-quiet text-meta">{t(`settings.sync.account.keptIn.${keyStorage}`)}</p>
      {failed && <FailureNote failure={toFailure(failed)} />}
      <div className="flex flex-wrap gap-2">
        {standing !== 'signed-out' && (
          <Button disabled={signOut.isPending} onClick={() => signOut.mutate()}>
            {t('settings.sync.account.signOut')}
          </Button>
        )}
        {standing !== 'signed-in' && (
          <Button look="danger" disabled={leave.isPending} onClick={() => setAsking(true)}>
            {t('settings.sync.account.leave')}
          </Button>
        )}
      </div>
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title={t('settings.sync.account.leaveTitle')}
        description={t('settings.sync.account.leaveMore')}
        yes={t('settings.sync.account.leave')}
        onYes={() => leave.mutate()}
      />
    </Part>
  )
}
