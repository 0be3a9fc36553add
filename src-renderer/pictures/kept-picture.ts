import { useQuery } from '@tanstack/react-query'
import { useClient } from '../backend/backend.tsx'
import { keys } from '../backend/queries.ts'
import { useObjectAddress } from './object-address.ts'

/** A kept picture as an address for an element of this page. */
export function useKeptPicture(captureId: string, sha256: string) {
  const client = useClient()
  const file = useQuery({
    queryKey: keys.keptPicture(sha256),
    queryFn: ({ signal }) => client.pictures.file({ id: captureId, sha256 }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  return { address: useObjectAddress(file.data), error: file.error }
}
