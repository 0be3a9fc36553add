import type { AgentRun, ToolRun } from '../../vault/index.ts'
import type { ToolEvent } from '../types.ts'

/** Which tools an agent ran, and what came of each, from their events. One that was not let run is none of them. */
export function toolRecord(): { hear(event: ToolEvent): void; uses(): Pick<AgentRun, 'tools' | 'toolUses'> } {
  const uses: (Pick<ToolEvent, 'name' | 'state' | 'about'> & { ends: boolean })[] = []
  return {
    hear({ name, state, about }) {
      if (state === 'running') return void uses.push({ name, state, about, ends: false })
      // Of two uses of one tool beside one another, which of them ended is not told.
      const open = uses.find((use) => use.name === name && !use.ends)
      if (open) Object.assign(open, { state, about, ends: true })
    },
    uses() {
      if (uses.length === 0) return {}
      const toolUses = uses.map(({ name, state, about }): ToolRun => {
        return { name, outcome: state === 'done' ? 'done' : 'failed', about }
      })
      return { tools: uses.map(({ name }) => name), toolUses }
    },
  }
}
