import type { Capture, Session } from '../../vault/index.ts'
import type { Source, SourceFile } from '../sources/types.ts'
import { contentId, fitTitle, problem, splitText } from './items.ts'
import { JsonFault, readJsonArray } from './json-array.ts'
import type { Attachment, ImportItem, ReadContext } from './types.ts'

/** What a user said and what the model made of it. */
export interface Exchange {
  id: string
  at: string | undefined
  said: string
  answer: { text: string; model: string; at: string | undefined } | undefined
  metadata: Record<string, unknown>
  /** Names or beginnings of names of files of the archive. */
  files: string[]
}

export interface Conversation {
  id: string
  title: string
  at: string | undefined
  exchanges: Exchange[]
}

/**
 * Reads the conversations of a chat program: a session each, with one capture for each exchange.
 * @param parse undefined for what is no conversation
 */
export function readConversations(provider: 'chatgpt' | 'claude', parse: (value: unknown) => Conversation | undefined) {
  return async function* ({ source, longestText, now, signal }: ReadContext): AsyncGenerator<ImportItem> {
    for (const file of conversationFiles(source)) {
      let number = 0
      try {
        for await (const value of readJsonArray(source.read(file))) {
          signal.throwIfAborted()
          number += 1
          const place = `${file.path}[${number}]`
          const conversation = parse(value)
          if (conversation) yield* itemsOf(provider, conversation, source, place, longestText, now)
          else yield problem('malformed', place, 'It is no conversation.')
        }
      } catch (error) {
        if (!(error instanceof JsonFault)) throw error
        yield problem(
          error.code,
          file.path,
          `The JSON cannot be read after conversation ${number}; what is before it is whole.`,
        )
      }
    }
  }
}

/** `conversations.json`, or its parts in large exports, or the only file. */
export function conversationFiles(source: Source): SourceFile[] {
  const named = source.files.filter(({ path }) => /(^|\/)conversations(-\d+)?\.json$/.test(path))
  return named.length > 0 ? named : source.files.length === 1 ? [...source.files] : []
}

function* itemsOf(
  provider: string,
  conversation: Conversation,
  source: Source,
  place: string,
  longest: number,
  now: string,
): Generator<ImportItem> {
  const { exchanges, title } = conversation
  if (exchanges.length === 0) return
  const sessionId = `${provider}:${conversation.id}`.slice(0, 512)
  const createdAt = conversation.at ?? exchanges[0]?.at ?? now
  const session: Pick<Session, 'id' | 'title' | 'createdAt'> = {
    id: sessionId,
    title: fitTitle(title) || null,
    createdAt,
  }
  yield { type: 'session', session }
  let last = createdAt
  for (const exchange of exchanges) {
    last = exchange.at ?? last
    const attachments = exchange.files.flatMap((name): Attachment[] => {
      const file = source.files.find(({ path }) => path.slice(path.lastIndexOf('/') + 1).startsWith(name))
      return file ? [{ file, name: file.path }] : []
    })
    const parts = splitText(exchange.said, longest)
    for (const [index, userText] of parts.entries()) {
      const isLast = index === parts.length - 1
      const capture: Capture = {
        id: contentId(provider, conversation.id, exchange.id, ...(index === 0 ? [] : [String(index)])),
        sessionId,
        createdAt: last,
        editedAt: null,
        source: 'import',
        userText,
        answer: isLast && exchange.answer ? answerOf(provider, exchange.answer, last) : null,
        audioSha256: null,
        metadata: { from: provider, ...exchange.metadata },
      }
      yield { type: 'capture', capture, attachments: isLast ? attachments : [], place }
    }
  }
}

function answerOf(provider: string, answer: NonNullable<Exchange['answer']>, said: string): Capture['answer'] {
  return {
    text: answer.text,
    provider,
    model: answer.model,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: null,
    citations: [],
    agentsUsed: [],
    ending: 'complete',
    createdAt: answer.at ?? said,
  }
}

export const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other)
