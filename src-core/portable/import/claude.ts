import { instantOf } from './items.ts'
import { type Conversation, type Exchange, textOr } from './read-conversations.ts'

/** A conversation of Claude's export: `chat_messages` in their order, of `human` and `assistant`. */
export function parseClaude(value: unknown): Conversation | undefined {
  if (typeof value !== 'object' || value === null || !('chat_messages' in value)) return undefined
  const given = value as Record<string, unknown>
  const messages = Array.isArray(given.chat_messages) ? given.chat_messages : []
  const exchanges: Exchange[] = []
  for (const [index, message] of messages.entries()) {
    if (typeof message !== 'object' || message === null) continue
    const text = messageText(message)
    const at = instantOf(message.created_at)
    if (message.sender === 'human') {
      const attached = attachedTexts(message.attachments)
      if (text.trim() === '' && attached.length === 0) continue
      exchanges.push({
        id: textOr(message.uuid, String(index)),
        at,
        said: text.trim() === '' ? attached.map(({ name }) => `[${name}]`).join(' ') : text,
        answer: undefined,
        metadata: attached.length > 0 ? { attached } : {},
        files: [],
      })
    } else if (message.sender === 'assistant' && text.trim() !== '') {
      const last = exchanges.at(-1)
      // Without a question before it there is nothing that the learner said.
      if (!last) continue
      if (last.answer) last.answer.text += `\n\n${text}`
      else last.answer = { text, model: textOr(given.model, ''), at }
    }
  }
  return { id: textOr(given.uuid, ''), title: textOr(given.name, ''), at: instantOf(given.created_at), exchanges }
}

function messageText(message: Record<string, unknown>): string {
  const parts = Array.isArray(message.content) ? message.content : []
  const texts = parts.filter((part) => part?.type === 'text').map((part) => textOr(part.text, ''))
  const text = texts.filter((part) => part !== '').join('\n\n')
  return text === '' ? textOr(message.text, '') : text
}

/** Texts of files that the user gave along: kept beside what was said, since they are not the learner's words. */
function attachedTexts(value: unknown): { name: string; text: string }[] {
  return (Array.isArray(value) ? value : []).flatMap((file) => {
    const text = textOr(file?.extracted_content, '')
    return text === '' ? [] : [{ name: textOr(file?.file_name, 'file') || 'file', text }]
  })
}
