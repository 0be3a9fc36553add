import type { DeskReport } from '../../src-core/contract/index.ts'
import type { CoreState } from '../core-host.ts'

export const TRAY_STATES = ['idle', 'listening', 'recording', 'syncing', 'problem'] as const
export type TrayState = (typeof TRAY_STATES)[number]

const RANK = { off: 0, paused: 1, on: 2 } as const

/** All pages as one: what any of them does is being done. Null where none has told yet. */
export function together(reports: readonly DeskReport[]): DeskReport | null {
  const [first, ...others] = reports
  if (!first) return null
  const most = <Key extends 'recording' | 'timeline'>(key: Key, a: DeskReport, b: DeskReport) =>
    RANK[b[key]] > RANK[a[key]] ? b[key] : a[key]
  return others.reduce(
    (all, one) => ({
      language: all.language,
      listening: all.listening || one.listening,
      handsFree: all.handsFree || one.handsFree,
      recording: most('recording', all, one),
      timeline: most('timeline', all, one),
      syncing: all.syncing || one.syncing,
      problem: all.problem || one.problem,
    }),
    first,
  )
}

/** What the tray shows: what sees or hears the learner before anything else. */
export function trayState(report: DeskReport | null, core: CoreState['state']): TrayState {
  if (report?.recording === 'on' || report?.timeline === 'on') return 'recording'
  if (report?.listening || report?.handsFree) return 'listening'
  if (report?.problem || core === 'failed') return 'problem'
  return report?.syncing ? 'syncing' : 'idle'
}
