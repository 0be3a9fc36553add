/** The agents that answer. Issue 4 adds analysis, research, vision and synthesis beside the conversation agent. */
export { createTurns, type Turns } from './turns.ts'
export type { AgentServices, TurnEvent, TurnRequest } from './types.ts'
