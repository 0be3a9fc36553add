import type { AgentServices } from '../types.ts'
import { calculateTool } from './calculate.ts'
import { createCardTool } from './create-card.ts'
import { createNoteTool } from './create-note.ts'
import { dateTimeTool } from './date-time.ts'
import { forgetTool } from './forget.ts'
import { memorySearchTool } from './memory-search.ts'
import { rememberTool } from './remember.ts'
import type { Tool } from './tool.ts'

/** What the offline tutor can use: what answers from this device alone. */
export function deviceTools({ clock }: Pick<AgentServices, 'clock'>): Tool[] {
  return [calculateTool, dateTimeTool({ clock })] as Tool[]
}

/** What the conversation agent can do beside talking. */
export function conversationTools(
  { vault, search, clock }: AgentServices,
  scope: { ownWordsOnly: boolean; exclude: readonly string[] },
): Tool[] {
  return [
    calculateTool,
    dateTimeTool({ clock }),
    memorySearchTool({ search, ...scope }),
    rememberTool(vault),
    forgetTool(vault),
    createNoteTool(vault),
    createCardTool(vault),
  ] as Tool[]
}
