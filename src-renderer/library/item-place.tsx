import { useQuery } from '@tanstack/react-query'
import { Cloud, Eye, Laptop, MonitorSmartphone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ShownItems } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { keys } from '../backend/queries.ts'

/** An open note says that it is, and asks who else has it open, after so long. Milliseconds. */
const LOOK_AGAIN_MS = 10_000

/** Where the newest change of something has come: this device, the relay, other devices. Nothing where nothing is synced. */
export function ItemPlace({ kind, id }: ShownItems['items'][number]) {
  const { t } = useTranslation()
  const client = useClient()
  const { data } = useQuery({
    // Asked for again whenever the state of sync changes.
    queryKey: [...keys.syncStatus, 'place', kind, id],
    queryFn: async ({ signal }) => {
      const { places } = await client.sync.look({ items: [{ kind, id }] }, { signal })
      return places?.[0] ?? null
    },
    refetchInterval: ({ state }) => (kind === 'note' && state.data ? LOOK_AGAIN_MS : false),
  })
  if (!data) return null
  const { state, devices, openOn } = data
  const Sign = state === 'here' ? Laptop : devices > 1 ? MonitorSmartphone : Cloud
  const words =
    state === 'sent' && devices > 1
      ? t('settings.sync.place.devices', { count: devices })
      : t(`settings.sync.place.${state}`)
  return (
    <span className="flex flex-wrap items-center gap-x-2.5">
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <Sign aria-hidden className="size-3.5 shrink-0" />
        {words}
      </span>
      {openOn.length > 0 && (
        <span role="status" className="inline-flex items-center gap-1.5">
          <Eye aria-hidden className="size-3.5 shrink-0" />
          {t('settings.sync.place.open', { devices: openOn })}
        </span>
      )}
    </span>
  )
}
