import { useMutation, useQuery } from '@tanstack/react-query'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { useClient } from '../backend/backend.tsx'
import { keys } from '../backend/queries.ts'
import { useTellFailure } from '../library/history.ts'
import { useObjectAddress } from '../pictures/object-address.ts'
import { saveFile } from '../ui/save-file.ts'

/** The bytes of a document as an address for an element of this page, while that element is there. */
export function useOriginalAddress({ id, sha256 }: LearnerDocument) {
  const client = useClient()
  const original = useQuery({
    queryKey: keys.original(sha256),
    queryFn: ({ signal }) => client.documents.file({ id }, { signal }),
    gcTime: 0,
  })
  return { address: useObjectAddress(original.data), error: original.error }
}

/** Saves the file as it was given, under the name that it had. */
export function useSaveOriginal({ id, title, origins, sound }: LearnerDocument) {
  const client = useClient()
  const tellFailure = useTellFailure()
  return useMutation({
    mutationFn: () => client.documents.file({ id }),
    onSuccess: (blob) => {
      const name = origins.find(({ kind }) => kind === 'file' || kind === 'folder')?.name || title
      // The name that it had was that of the sound.
      saveFile(blob, sound ? `${name.replace(/\.[^.]{1,9}$/, '')}.vtt` : name)
    },
    onError: tellFailure,
  })
}
