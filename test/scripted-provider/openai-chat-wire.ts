import { openaiError, openaiErrorBody } from './openai-errors.ts'
import { contentText, halves, list, names, parts, pictureOf, promptOf, record, sse, type Wire } from './wires.ts'

const FINISH_REASONS = { end: 'stop', length: 'length', refusal: 'content_filter', tools: 'tool_calls' }

function chunk(model: string, choices: unknown[], usage?: unknown) {
  return { id: 'chatcmpl-scripted', object: 'chat.completion.chunk', created: 0, model, choices, usage: usage ?? null }
}

/** The chat completions API that OpenAI, Ollama, LM Studio and llama.cpp share: POST /v1/chat/completions with `stream: true`. */
export const openaiChatWire: Wire = {
  name: 'openai-chat',
  readPrompt: (body) => promptOf('', list(record(body).messages)),
  readTools: (body) => {
    const messages = list(record(body).messages)
    const last = messages.findLastIndex(({ role }) => role === 'user')
    return {
      offered: names(record(body).tools, (tool) => record(tool.function).name),
      results: messages
        .slice(last + 1)
        .filter(({ role }) => role === 'tool')
        .map(({ content }) => contentText(content)),
      // This API hands no thoughts out.
      carried: true,
    }
  },
  readPictures: (body) =>
    list(record(body).messages)
      .flatMap(({ content }) => parts(content))
      .flatMap(({ image_url: image }) => pictureOf(record(image).url)),
  calls: (calls) =>
    calls.flatMap(({ name, json, id, index: numbered }, at) => {
      const index = numbered ?? at
      const piece = (fields: object) =>
        sse(chunk('', [{ index: 0, delta: { tool_calls: [{ index, ...fields }] }, finish_reason: null }]))
      const own = id ?? `call_scripted_${at + 1}`
      return [
        piece({ ...(own !== '' && { id: own }), type: 'function', function: { name, arguments: '' } }),
        ...halves(json).map((half) => piece({ function: { arguments: half } })),
      ]
    }),
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
