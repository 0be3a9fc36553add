/** Who asks the model, told by how the prompts in `src-core/agents/prompts` begin. */
const BEGINNINGS = {
  conversation: /^You are the conversation partner/,
  insight: /^You are the part of Learning Voice Agent that looks back/,
  synthesis: /^You join what several helpers/,
  vision: /^You are the part of Learning Voice Agent that looks at pictures/,
  analysis: /^You read one message of a learner and say what it is/,
  'research-plan': /^You choose what to look up/,
  'research-answer': /^You tell a learner what was found/,
} as const

export type AskingAgent = keyof typeof BEGINNINGS

export const ASKING_AGENTS = Object.keys(BEGINNINGS) as AskingAgent[]

/** Undefined for a prompt of none of them. */
export function askingAgent(prompt: string): AskingAgent | undefined {
  return ASKING_AGENTS.find((agent) => BEGINNINGS[agent].test(prompt))
}
