import { useEffect, useState } from 'react'
import { useClient } from '../backend/backend.tsx'
import { bakedStill } from './baked.ts'
import type { StillEdit } from './still-edit.ts'

export type Inspection = 'looking' | 'looked' | 'failed' | 'skipped'

/** Nothing cut out, nothing covered. */
const WHOLE = { cut: null, covers: [] }

/** Has the device look for keys, card numbers and passwords in the still, and covers what it finds. */
export function useInspection(still: ImageBitmap, edit: StillEdit): { inspection: Inspection; skip(): void } {
  const client = useClient()
  const [inspection, setInspection] = useState<Inspection>('looking')
  useEffect(() => {
    const stop = new AbortController()
    const look = async () => {
      const { found } = await client.pictures.inspect(
        { picture: await bakedStill(still, WHOLE) },
        { signal: stop.signal },
      )
      if (stop.signal.aborted) return
      edit.propose(found.map(({ kind, box }) => ({ kind, part: box })))
      setInspection((now) => (now === 'looking' ? 'looked' : now))
    }
    look().catch(() => {
      if (!stop.signal.aborted) setInspection((now) => (now === 'looking' ? 'failed' : now))
    })
    return () => stop.abort()
  }, [client, still, edit])
  return { inspection, skip: () => setInspection('skipped') }
}
