/** Every prompt, each in a file that carries its version. A changed prompt is a new file. */
export { conversationPrompt } from './conversation.v2.ts'
