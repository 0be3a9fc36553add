import type { AgentName, TurnKind } from '../../vault/index.ts'
import type { Agent } from './agent.ts'

/** Agents of which each runs only where those before it have no answer. */
export type Chain = AgentName[]

/** Who runs when in a turn. */
export interface Plan {
  /** Chains that run beside one another, at once. */
  first: Chain[]
  /** What runs over their findings, beside one another. */
  afterwards: Chain[]
  /** What nobody waits for. */
  background: AgentName[]
}

/** @param agents those that take part in this turn */
export function planOf(kind: TurnKind, agents: readonly Agent[]): Plan {
  const isPart = (name: AgentName | undefined) => agents.some((agent) => agent.name === name)
  const isLater = ({ afterOthers }: Agent) => afterOthers?.includes(kind) === true
  const isBackground = ({ inBackground }: Agent) => inBackground?.includes(kind) === true
  const replaces = ({ insteadOf }: Agent) => (isPart(insteadOf?.[kind]) ? insteadOf?.[kind] : undefined)
  const chainFrom = (agent: Agent): Chain => [
    agent.name,
    ...agents.filter((other) => replaces(other) === agent.name).flatMap(chainFrom),
  ]
  const heads = agents.filter((agent) => !isBackground(agent) && replaces(agent) === undefined)
  return {
    first: heads.filter((agent) => !isLater(agent)).map(chainFrom),
    afterwards: heads.filter(isLater).map(chainFrom),
    background: agents.filter(isBackground).map(({ name }) => name),
  }
}
