import { expect, it } from 'vitest'
import type { Capture, TimelineGap } from '../../src-core/contract/index.ts'
import { timelineDays } from './timeline-days.ts'

const frame = (createdAt: string) => ({ id: createdAt, createdAt }) as Capture

it('shows days and their frames, the newest first, and gaps where they were', () => {
  const gap: TimelineGap = { from: '2026-11-26T10:05:00', to: '2026-11-26T10:06:00', frames: 7, why: 'missed' }
  const [late, early, before] = ['2026-11-26T10:10:00', '2026-11-26T10:01:00', '2026-11-25T09:00:00'].map(frame) as [
    Capture,
    Capture,
    Capture,
  ]
  expect(timelineDays([late, early, before], [gap])).toEqual([
    {
      day: '2026-11-26',
      parts: [
        { kind: 'frames', frames: [late] },
        { kind: 'gap', gap },
        { kind: 'frames', frames: [early] },
      ],
    },
    { day: '2026-11-25', parts: [{ kind: 'frames', frames: [before] }] },
  ])
})
