/** Every prompt, each in a file that carries its version. A changed prompt is a new file. */
export { conversationPrompt, renderPassage, TOOLS_PROMPT } from './conversation.v3.ts'
export { type InsightTopic, insightPrompt } from './insight.v1.ts'
export { learnerPrompt } from './learner.v1.ts'
export { researchAnswerPrompt } from './research-answer.v1.ts'
export { researchPlanMessage, researchPlanPrompt } from './research-plan.v1.ts'
export { researchServersMessage, researchServersPrompt } from './research-servers.v1.ts'
export { type NumberedFinding, synthesisPrompt } from './synthesis.v1.ts'
export { type VisionTask, visionPrompt } from './vision.v1.ts'
