import { useEffect } from 'react'
import { useClient, useLineState } from '../backend/backend.tsx'

/** What a browser tells of its connection (Network Information API); much of it is left out on desktops. */
interface Connection extends EventTarget {
  readonly type?: string
  readonly saveData?: boolean
}

/** Whether the network costs by what goes over it; null where the browser does not tell. */
export function isMetered({ type, saveData }: Pick<Connection, 'type' | 'saveData'>): boolean | null {
  if (saveData === true || type === 'cellular') return true
  return type === 'wifi' || type === 'ethernet' ? false : null
}

/** Tells the core what this window knows of its network, and every change of it. */
export function useNetworkReport(): void {
  const client = useClient()
  const line = useLineState()
  useEffect(() => {
    const { connection } = navigator as { connection?: Connection }
    if (line !== 'open' || !connection) return
    // Where the line is lost, the next opening tells it again.
    const tell = () => client.attachments.network({ metered: isMetered(connection) }).catch(() => undefined)
    void tell()
    connection.addEventListener('change', tell)
    return () => connection.removeEventListener('change', tell)
  }, [client, line])
}
