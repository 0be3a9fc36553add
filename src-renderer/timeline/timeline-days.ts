import type { Capture, TimelineGap } from '../../src-core/contract/index.ts'
import { localDay } from '../i18n/local-day.ts'

/** What a day of the timeline shows, the newest first: frames side by side, and where some were lost, a gap between. */
export interface TimelineDay {
  /** Local, such as `2026-11-26`. */
  day: string
  parts: ({ kind: 'frames'; frames: Capture[] } | { kind: 'gap'; gap: TimelineGap })[]
}

export function timelineDays(frames: readonly Capture[], gaps: readonly TimelineGap[]): TimelineDay[] {
  const moments = [
    ...frames.map((frame) => ({ at: frame.createdAt, frame, gap: undefined })),
    ...gaps.map((gap) => ({ at: gap.from, frame: undefined, gap })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const days: TimelineDay[] = []
  for (const { at, frame, gap } of moments) {
    const day = localDay(new Date(at))
    let present = days.at(-1)
    if (present?.day !== day) {
      present = { day, parts: [] }
      days.push(present)
    }
    const last = present.parts.at(-1)
    if (gap) present.parts.push({ kind: 'gap', gap })
    else if (frame && last?.kind === 'frames') last.frames.push(frame)
    else if (frame) present.parts.push({ kind: 'frames', frames: [frame] })
  }
  return days
}
