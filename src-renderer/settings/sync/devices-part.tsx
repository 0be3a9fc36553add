import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../backend/failure.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Part } from '../section.tsx'
import { AddDevice } from './add-device.tsx'
import { DeviceRow } from './device-row.tsx'
import { useSyncDevices } from './sync-queries.ts'

/** Who has the vault: each with its name and state, and the way to add one more. */
export function DevicesPart() {
  const { t } = useTranslation()
  const devices = useSyncDevices()
  const [isAdding, setAdding] = useState(false)
  const members = devices.data?.filter(({ state }) => state !== 'revoked') ?? []
  const past = devices.data?.filter(({ state }) => state === 'revoked') ?? []
  return (
    <Part title={t('settings.sync.devices.title')}>
      {devices.error ? (
        <FailureNote failure={toFailure(devices.error)} />
      ) : !devices.data ? (
        <Waiting />
      ) : (
        <>
          <ul
            aria-label={t('settings.sync.devices.title')}
            className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
          >
            {members.map((device) => (
              <DeviceRow key={device.id} device={device} />
            ))}
          </ul>
          {members.length === 1 && !isAdding && (
            <p className="max-w-[60ch] text-ink-soft text-ui">{t('settings.sync.devices.onlyThis')}</p>
          )}
        </>
      )}
      {isAdding ? (
        <AddDevice onDone={() => setAdding(false)} />
      ) : (
        <Button onClick={() => setAdding(true)}>
          <Plus />
          {t('settings.sync.add.title')}
        </Button>
      )}
      {past.length > 0 && (
        <details className="text-ui">
          <summary className="w-fit cursor-pointer rounded text-ink-soft hover:text-ink">
            {t('settings.sync.devices.past', { count: past.length })}
          </summary>
          <ul
            aria-label={t('settings.sync.devices.past', { count: past.length })}
            className="mt-3 divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
          >
            {past.map((device) => (
              <DeviceRow key={device.id} device={device} />
            ))}
          </ul>
        </details>
      )}
    </Part>
  )
}
