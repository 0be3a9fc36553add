import type { ImportKind } from '../types.ts'
import { parseChatGpt } from './chatgpt.ts'
import { parseClaude } from './claude.ts'
import { readBookmarks } from './read-bookmarks.ts'
import { readConversations } from './read-conversations.ts'
import { readJsonLines } from './read-json-lines.ts'
import { readMarkdown } from './read-markdown.ts'
import type { ReadFormat } from './types.ts'

/** The reader of each kind of source. Those that need a large library load it themselves. */
export const READERS: Record<ImportKind, ReadFormat> = {
  'json-lines': readJsonLines,
  markdown: readMarkdown('markdown'),
  obsidian: readMarkdown('obsidian'),
  logseq: readMarkdown('logseq'),
  notion: (context) => lazily(import('./read-notion.ts'), ({ readNotion }) => readNotion(context)),
  anki: (context) => lazily(import('./read-anki.ts'), ({ readAnki }) => readAnki(context)),
  chatgpt: readConversations('chatgpt', parseChatGpt),
  claude: readConversations('claude', parseClaude),
  bookmarks: readBookmarks,
}

async function* lazily<M, T>(module: Promise<M>, read: (module: M) => AsyncGenerator<T>): AsyncGenerator<T> {
  yield* read(await module)
}
