/** The agents that answer, and the orchestrator that runs them. See docs/agents.md. */
export { FirstWords } from './first-words.ts'
export { createMcpServers, type McpServers, type McpTool, MOST_SERVERS } from './mcp/mcp-servers.ts'
export { serverRows } from './mcp/server-rows.ts'
export type {
  McpConnection,
  McpConnectionInput,
  McpSecrets,
  McpServerView,
  ServerProcess,
  ServerProgram,
  StartServer,
} from './mcp/types.ts'
export { createProposer, type Proposer } from './memories/proposer.ts'
export { type CheckpointRows, checkpointRows } from './orchestrator/checkpoint-rows.ts'
export { createResearchCache, type ResearchCache } from './research/cache.ts'
export { createResearchDesk, type ResearchDesk, type ResearchKeys } from './research/desk.ts'
export type { ReadPage } from './research/sources/given-address.ts'
export type { SourceName } from './research/types.ts'
export { createSummaries, type Summaries, type SummaryEvent, type SummaryOf } from './synthesis/summary.ts'
export { createCardTool } from './tools/create-card.ts'
export { forgetTool } from './tools/forget.ts'
export { rememberTool } from './tools/remember.ts'
export { createTurns, type Turns } from './turns.ts'
export type { AgentServices, TurnEvent, TurnRequest } from './types.ts'
