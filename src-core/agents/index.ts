/** The agents that answer, and the orchestrator that runs them. See docs/agents.md. */
export { type CheckpointRows, checkpointRows } from './orchestrator/checkpoint-rows.ts'
export { createTurns, type Turns } from './turns.ts'
export type { AgentServices, TurnEvent, TurnRequest } from './types.ts'
