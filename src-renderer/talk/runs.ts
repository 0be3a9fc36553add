import type { Answer } from '../../src-core/contract/index.ts'

type Run = Answer['agentsUsed'][number]

/** Narrowest bar that can still be seen, in percent of the whole. */
const LEAST_WIDTH = 1.5

const MISSING = ['late', 'failed', 'refused'] as const

/** Why it gave nothing to the answer; null where it did. One that the learner stopped may have given something. */
export function missingBecause({ outcome }: Run): (typeof MISSING)[number] | null {
  return MISSING.find((one) => one === outcome) ?? null
}

/** Whether it is missing, and the same agent answered after all: by other means, because its model was late. */
export function isStoodInFor(run: Run, runs: readonly Run[]): boolean {
  if (!missingBecause(run)) return false
  return runs.slice(runs.indexOf(run) + 1).some(({ agent, outcome }) => agent === run.agent && outcome === 'done')
}

/** What all agents cost, in US dollars; null where that is not known of one, or there are none. */
export function totalCost(runs: readonly Run[]): number | null {
  if (runs.length === 0) return null
  let total = 0
  for (const { costUsd } of runs) {
    if (typeof costUsd !== 'number') return null
    total += costUsd
  }
  return total
}

/** Milliseconds from the beginning of the turn to the end of its last agent. */
export function lastsMs(runs: readonly Run[]): number {
  return Math.max(0, ...runs.map(({ startedMs = 0, ms }) => startedMs + ms))
}

/** Where the bar of a run begins and how wide it is, in percent of a turn that lasts `whole` milliseconds. */
export function barOf({ startedMs = 0, ms }: Run, whole: number): { x: number; width: number } {
  if (whole <= 0) return { x: 0, width: LEAST_WIDTH }
  const width = Math.max(LEAST_WIDTH, (100 * ms) / whole)
  return { x: Math.min((100 * startedMs) / whole, 100 - width), width }
}

const RECKONS = ['calculate', 'date_time']

/** Whether the calculator or the calendar of this device gave something to an answer. */
export function hasReckoned({ agentsUsed }: Pick<Answer, 'agentsUsed'>): boolean {
  const uses = agentsUsed.flatMap(({ toolUses = [] }) => toolUses)
  return uses.some(({ name, outcome }) => outcome === 'done' && RECKONS.includes(name))
}
