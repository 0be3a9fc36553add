import { LvaError } from '../../kernel/index.ts'
import { ABOUT_FILE } from '../formats/markdown.ts'
import { FORMAT } from '../records.ts'
import { readBeginning } from '../sources/text.ts'
import type { Source, SourceFile } from '../sources/types.ts'
import type { ImportKind } from '../types.ts'
import { conversationFiles } from './read-conversations.ts'
import { jsonLinesFile } from './read-json-lines.ts'

const BEGINNING = 256 * 1_024
const NOTION_ID = /(?:^|[ /-])[0-9a-f]{32}(?:_all)?(?:\/|\.md$|\.csv$)/

/**
 * What a source is, by its content.
 * @throws LvaError import-not-understood
 */
export async function detectKind(source: Source): Promise<ImportKind> {
  const { files, marks } = source
  if (marks.has('.obsidian')) return 'obsidian'
  if (marks.has('logseq') && files.some(({ path }) => /(^|\/)(pages|journals)\//.test(path))) return 'logseq'
  if (files.some(({ path }) => /^collection\.anki2(1b?)?$/.test(path))) return 'anki'
  if (files.some(({ path }) => path === `${FORMAT}.jsonl` || path.endsWith(`/${FORMAT}.jsonl`))) return 'json-lines'
  if (files.some(({ path }) => path === ABOUT_FILE || path.endsWith(`/${ABOUT_FILE}`))) return 'markdown'
  const conversations = conversationFiles(source)[0]
  if (conversations) {
    const chat = await chatKind(source, conversations)
    if (chat) return chat
  }
  if (files.length === 1) {
    const only = await kindOfFile(source, files[0] as SourceFile)
    if (only) return only
  }
  if (files.some(({ path }) => NOTION_ID.test(path) || /(^|\/)Export(Block)?-[0-9a-f-]+(-Part-\d+)?\.zip$/.test(path)))
    return 'notion'
  if (files.some(({ path }) => /\.(md|markdown|mdown|txt)$/i.test(path))) return 'markdown'
  throw new LvaError('import-not-understood', 'This is nothing that can be imported.', {
    advice:
      'Known are: exports of this program, Markdown, Obsidian, Logseq, Notion, Anki, ChatGPT, Claude, and bookmarks of browsers.',
  })
}

async function chatKind(source: Source, file: SourceFile): Promise<ImportKind | undefined> {
  const text = await beginningOf(source, file)
  if (!/^\ufeff?\s*\[/.test(text)) return undefined
  const places = { chatgpt: text.indexOf('"mapping"'), claude: text.indexOf('"chat_messages"') }
  if (places.claude !== -1 && (places.chatgpt === -1 || places.claude < places.chatgpt)) return 'claude'
  return places.chatgpt === -1 ? undefined : 'chatgpt'
}

async function kindOfFile(source: Source, file: SourceFile): Promise<ImportKind | undefined> {
  const text = await beginningOf(source, file)
  if (/^\ufeff?\s*<!DOCTYPE NETSCAPE-Bookmark-file-1>/i.test(text)) return 'bookmarks'
  if (text.startsWith('SQLite format 3\u0000')) return 'anki'
  if (/^\{"type":"header","format":"learning-voice-agent"/.test(text) && jsonLinesFile(source)) return 'json-lines'
  return undefined
}

async function beginningOf(source: Source, file: SourceFile): Promise<string> {
  return new TextDecoder().decode(await readBeginning(source, file, BEGINNING))
}
