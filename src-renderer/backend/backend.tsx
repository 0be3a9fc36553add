import { createContext, type ReactNode, use, useSyncExternalStore } from 'react'
import type { Carrier, Client, LineState } from '../../src-core/contract/index.ts'

export interface Backend {
  client: Client
  carrier: Carrier
}

const BackendContext = createContext<Backend | null>(null)

export function BackendProvider({ backend, children }: { backend: Backend; children: ReactNode }) {
  return <BackendContext value={backend}>{children}</BackendContext>
}

function useBackend(): Backend {
  const backend = use(BackendContext)
  if (!backend) throw new Error('useBackend needs a BackendProvider above it')
  return backend
}

/** Every procedure of the core. */
export function useClient(): Client {
  return useBackend().client
}

export function useCarrier(): Carrier {
  return useBackend().carrier
}

/** Whether the core can be reached just now. */
export function useLineState(): LineState {
  const { carrier } = useBackend()
  return useSyncExternalStore(
    (changed) => carrier.onState(changed),
    () => carrier.state,
  )
}
