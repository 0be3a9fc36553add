import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react'
import type { Citation, Source as Elsewhere, SearchHit } from '../../src-core/contract/index.ts'
import { markedStretch } from '../pictures/cited-place.ts'

/** A place in the learner's memory. */
export type Source = Pick<Citation, 'captureId' | 'kind' | 'field' | 'start' | 'end'> & {
  /** Of pictures: which, and where in it. */
  place?: SearchHit['place'] | undefined
  /** The words there. */
  text?: string | undefined
}

export interface SourceDrawer {
  /** What the drawer shows, or null while it is closed. */
  source: Source | null
  /** What it shows of a place outside the learner's memory. */
  elsewhere: Elsewhere | null
  open(source: Source | Citation | SearchHit): void
  openElsewhere(source: Elsewhere): void
  close(): void
}

const SourceContext = createContext<SourceDrawer>({
  source: null,
  elsewhere: null,
  open: () => undefined,
  openElsewhere: () => undefined,
  close: () => undefined,
})

/** The drawer beside (or, on a phone, over) the place, where a source is read without leaving. */
export function useSource(): SourceDrawer {
  return use(SourceContext)
}

const NONE = { source: null, elsewhere: null }

export function SourceProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Pick<SourceDrawer, 'source' | 'elsewhere'>>(NONE)
  const open = useCallback((to: Source | Citation | SearchHit) => {
    const { captureId, kind, field, start, end, place, text }: Source = to
    const inPicture = field === 'pictureText' && 'chunkId' in to && markedStretch(to)
    setShown({ source: { captureId, kind, field, start, end, place, text, ...inPicture }, elsewhere: null })
  }, [])
  const openElsewhere = useCallback((elsewhere: Elsewhere) => setShown({ source: null, elsewhere }), [])
  const close = useCallback(() => setShown(NONE), [])
  const drawer = useMemo(() => ({ ...shown, open, openElsewhere, close }), [shown, open, openElsewhere, close])
  return <SourceContext value={drawer}>{children}</SourceContext>
}
