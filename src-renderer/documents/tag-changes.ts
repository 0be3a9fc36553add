import { useMemo } from 'react'
import { useClient } from '../backend/backend.tsx'

/** Documents asked for, and changed, in one call. */
const PART = 200

/** Changes of a tag on every document that has it. */
export function useTagChanges(): { replace(tag: string, next: string | null): Promise<void> } {
  const client = useClient()
  return useMemo(
    () => ({
      /** Puts `next`, or nothing, in the place of a tag. What is changed leaves the list that is asked for, so each call asks for its beginning. */
      async replace(tag, next) {
        for (;;) {
          const { items } = await client.documents.list({ tag, limit: PART })
          const ids = items.map(({ id }) => id)
          if (ids.length === 0) return
          await client.documents.setTags({ ids, remove: [tag], ...(next !== null && { add: [next] }) })
        }
      },
    }),
    [client],
  )
}
