import type { Agent, AgentHelp, Finding, Task } from '../orchestrator/agent.ts'
import { insight, insightOnDevice } from './insight.ts'
import { joinFindings, joinOnDevice } from './join.ts'

/**
 * Joins what the others found into one addition, with what disagrees, and answers what the learner asks about their own learning over time.
 * Without a model, or where it is late, it quotes and counts.
 */
export const synthesis: Agent = {
  name: 'synthesis',
  kinds: ['complex', 'insight'],
  afterOthers: ['complex'],
  due: 'first-words',
  run: (task, help) => (task.kind === 'insight' ? insight(task, help) : joinFindings(task, help)),
  standIn: (task: Task, help: AgentHelp): Promise<Finding> =>
    task.kind === 'insight' ? insightOnDevice(task, help) : joinOnDevice(task, help),
}
