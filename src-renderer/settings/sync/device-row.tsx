import { Laptop, MonitorX, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SyncDevice } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { useFormats } from '../../i18n/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { RenameField } from '../../ui/rename-field.tsx'
import { useToast } from '../../ui/toasts.tsx'
import { useSyncWork } from './sync-queries.ts'

const LONGEST_NAME = 60
const KINDS = ['linux', 'macos', 'windows'] as const

/** One device: what it is called, when it was here, and what can be done about it. */
export function DeviceRow({ device }: { device: SyncDevice }) {
  const { t } = useTranslation()
  const toast = useToast()
  const [isNaming, setNaming] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const { id, isThis, state } = device
  const name = device.name ?? t('settings.sync.devices.unnamed')
  const rename = useSyncWork(({ sync }, next: string) => sync.rename({ id, name: next }))
  const revoke = useSyncWork(({ sync }) => sync.revoke({ id }))
  const failed = rename.error ?? revoke.error
  const isMember = state === 'active' || state === 'half-revoked'
  const save = (next: string) => {
    if (next === '') return
    rename.mutate(next, {
      onSuccess: () =>
        toast({
          text: t('settings.sync.devices.renamed', { name: next }),
          ...(device.name !== null && {
            action: {
              label: t('history.undo.action'),
              run: () => rename.mutate(device.name ?? next),
            },
          }),
        }),
    })
  }
  return (
    <li className="px-4 py-3">
      <div className="flex items-center gap-3">
        <span className="shrink-0 text-ink-quiet [&_svg]:size-5">
          {state === 'revoked' ? <MonitorX aria-hidden /> : <Laptop aria-hidden />}
        </span>
        <div className="min-w-0 flex-1">
          {isNaming ? (
            <RenameField
              label={t('settings.sync.devices.name')}
              name={device.name ?? ''}
              maxLength={LONGEST_NAME}
              onSave={save}
              onEnd={() => setNaming(false)}
            />
          ) : (
            <p className="font-medium text-ui [overflow-wrap:anywhere]">
              {name}
              {isThis && (
                <span className="ml-2 rounded-full bg-accent-soft px-2 py-0.5 font-medium text-accent-strong text-meta">
                  {t('settings.sync.devices.this')}
                </span>
              )}
            </p>
          )}
          <p className="text-ink-quiet text-meta">
            <Word device={device} />
          </p>
        </div>
        {isMember && !isNaming && (
          <IconButton
            size="small"
            label={t('settings.sync.devices.renameNamed', { name })}
            onClick={() => setNaming(true)}
          >
            <Pencil />
          </IconButton>
        )}
        {!isThis && state !== 'revoked' && (
          <IconButton
            size="small"
            label={t('settings.sync.devices.revokeNamed', { name })}
            disabled={revoke.isPending}
            onClick={() => setAsking(true)}
          >
            <Trash2 />
          </IconButton>
        )}
      </div>
      {failed && <FailureNote failure={toFailure(failed)} className="mt-3" />}
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title={t('settings.sync.devices.revokeTitle', { name })}
        description={t('settings.sync.devices.revokeMore')}
        yes={t('settings.sync.devices.revoke')}
        onYes={() => revoke.mutate()}
      />
    </li>
  )
}

/** What it is, and when it was here. */
function Word({ device: { kind, state, since, lastSeenAt, isThis } }: { device: SyncDevice }) {
  const { t } = useTranslation()
  const format = useFormats()
  const known = KINDS.find((one) => one === kind)
  const what = t(`settings.sync.devices.kind.${known ?? 'other'}`)
  if (state === 'revoked' || state === 'half-revoked' || state === 'signed-in')
    return `${what} · ${t(`settings.sync.devices.state.${state}`)}`
  if (isThis || lastSeenAt === null) return `${what} · ${t('settings.sync.devices.since', { day: format.day(since) })}`
  return `${what} · ${t('settings.sync.devices.seen', { moment: format.moment(lastSeenAt) })}`
}
