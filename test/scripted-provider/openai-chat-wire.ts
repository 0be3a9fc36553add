import { openaiError, openaiErrorBody } from './openai-errors.ts'
import { list, promptOf, record, sse, type Wire } from './wires.ts'

const FINISH_REASONS = { end: 'stop', length: 'length', refusal: 'content_filter' }

function chunk(model: string, choices: unknown[], usage?: unknown) {
  return { id: 'chatcmpl-scripted', object: 'chat.completion.chunk', created: 0, model, choices, usage: usage ?? null }
}

/** The chat completions API that OpenAI, Ollama, LM Studio and llama.cpp share: POST /v1/chat/completions with `stream: true`. */
export const openaiChatWire: Wire = {
  name: 'openai-chat',
  readPrompt: (body) => promptOf('', list(record(body).messages)),
  opening: (model) => [
    sse(chunk(model, [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }])),
  ],
  text: (piece) => sse(chunk('', [{ index: 0, delta: { content: piece }, finish_reason: null }])),
  closing: (model, ending, usage, { withUsage }) => [
    sse(chunk(model, [{ index: 0, delta: {}, finish_reason: FINISH_REASONS[ending] }])),
    ...(withUsage
      ? [
          sse(
            chunk(model, [], {
              prompt_tokens: usage.inputTokens,
              completion_tokens: usage.outputTokens,
              total_tokens: usage.inputTokens + usage.outputTokens,
            }),
          ),
        ]
      : []),
    sse('[DONE]'),
  ],
  streamError: (failure) => sse({ error: openaiError(failure, 'scripted failure') }),
  errorBody: openaiErrorBody,
}
