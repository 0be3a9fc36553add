import { QueryClient } from '@tanstack/react-query'

/**
 * The cache of what the core answered. `app.events` says what changed, so nothing is asked for twice; the network state of the
 * machine means nothing here, because the core is on it.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        refetchOnWindowFocus: false,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}
