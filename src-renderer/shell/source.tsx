import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react'
import type { Citation, SearchHit } from '../../src-core/contract/index.ts'

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
  open(source: Source | Citation | SearchHit): void
  close(): void
}

const SourceContext = createContext<SourceDrawer>({ source: null, open: () => undefined, close: () => undefined })

/** The drawer beside (or, on a phone, over) the place, where a source is read without leaving. */
export function useSource(): SourceDrawer {
  return use(SourceContext)
}

export function SourceProvider({ children }: { children: ReactNode }) {
  const [source, setSource] = useState<Source | null>(null)
  const open = useCallback(
    ({ captureId, kind, field, start, end, place, text }: Source) =>
      setSource({ captureId, kind, field, start, end, place, text }),
    [],
  )
  const close = useCallback(() => setSource(null), [])
  const drawer = useMemo(() => ({ source, open, close }), [source, open, close])
  return <SourceContext value={drawer}>{children}</SourceContext>
}
