import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { SummaryOf } from '../../src-core/contract/index.ts'
import { useTalk } from '../talk/talk.tsx'
import { isSameSubject } from './subject.ts'
import { isBeingMade } from './summing-up.ts'

/** The command: begins a summary and shows its place. One that is being made of the same goes on. */
export function useSumUp(): (of: SummaryOf) => void {
  const { summingUp } = useTalk()
  const navigate = useNavigate()
  return useCallback(
    (of) => {
      const { present } = summingUp
      if (!present || !isBeingMade(present) || !isSameSubject(present.of, of)) summingUp.make(of)
      void navigate({ to: '/summary', search: of })
    },
    [summingUp, navigate],
  )
}
