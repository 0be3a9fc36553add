import { assemble } from '../assemble.ts'
import { decodeText } from '../sniff.ts'
import type { DocumentParser, RawBlock } from '../types.ts'

/** Text and Markdown: headings, list items, fenced code and formulas are told by their marks, everything else by empty lines. */
export const plainParser: DocumentParser = {
  formats: ['text', 'markdown'],
  async parse({ bytes, format }) {
    const text = decodeText(bytes)
      .replace(/^\uFEFF/, '')
      .replace(/\r\n?/g, '\n')
    const blocks = format === 'markdown' ? markdownBlocks(text) : textBlocks(text)
    const named =
      format === 'markdown' ? /^title\s*[:=]\s*(["']?)(.+?)\1\s*$/m.exec(frontMatterOf(text))?.[2] : undefined
    const heading = blocks.find(({ kind, level }) => kind === 'heading' && level === 1)?.text
    return assemble(named ?? heading ?? '', null, blocks)
  },
}

function textBlocks(text: string): RawBlock[] {
  return text.split(/\n[^\S\n]*\n+/).map((paragraph) => ({ kind: 'paragraph', text: paragraph.trim() }))
}

export function markdownBlocks(text: string): RawBlock[] {
  const blocks: RawBlock[] = []
  let paragraph: string[] = []
  let code: { fence: string; lines: string[] } | undefined
  const close = () => {
    if (paragraph.length > 0) blocks.push(paragraphBlock(paragraph))
    paragraph = []
  }
  const lines = text
    .slice(frontMatterOf(text).length)
    .replace(/<!--[\s\S]*?-->/g, '')
    .split('\n')
  for (const [index, line] of lines.entries()) {
    if (code) {
      if (line.trim().startsWith(code.fence)) {
        blocks.push({ kind: 'code', text: code.lines.join('\n') })
        code = undefined
      } else code.lines.push(line)
      continue
    }
    const fence = /^ {0,3}(```+|~~~+|\$\$$)/.exec(line)?.[1]
    const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line)
    const isRule = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/.test(line)
    const item = isRule ? null : /^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(.*)$/.exec(line)
    const underline = /^ {0,3}(=+|-+)\s*$/.exec(line)?.[1]
    const last = blocks.at(-1)
    if (fence) {
      close()
      code = { fence, lines: [] }
    } else if (heading) {
      close()
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: withoutMarks(heading[2] ?? '') })
    } else if (underline && paragraph.length === 1 && lines[index - 1]?.trim() !== '') {
      blocks.push({ kind: 'heading', level: underline.startsWith('=') ? 1 : 2, text: withoutMarks(paragraph[0] ?? '') })
      paragraph = []
    } else if (item) {
      close()
      blocks.push({
        kind: 'list',
        level: 1 + Math.floor((item[1] ?? '').replaceAll('\t', '  ').length / 2),
        text: item[2] ?? '',
      })
    } else if (line.trim() === '' || isRule) close()
    else if (last?.kind === 'list' && paragraph.length === 0 && lines[index - 1]?.trim() !== '') {
      last.text += `\n${line.trim()}`
    } else paragraph.push(line.trim())
  }
  if (code) blocks.push({ kind: 'code', text: code.lines.join('\n') })
  close()
  return blocks
}

/** A heading as it is shown: of a link its words, no stars and no backticks. */
function withoutMarks(heading: string): string {
  return heading.replace(/!?\[([^\]]*)\]\([^()]*\)/g, '$1').replace(/(\*{1,3}|`+)(?=\S)([^*`]+?)\1/g, '$2')
}

function paragraphBlock(lines: readonly string[]): RawBlock {
  const isTable = lines.length > 1 && lines.every((line) => line.includes('|'))
  if (!isTable) return { kind: 'paragraph', text: lines.join('\n') }
  return { kind: 'table', text: lines.filter((line) => !/^[\s|:-]+$/.test(line)).join('\n') }
}

function frontMatterOf(text: string): string {
  const [front = ''] = /^(---|\+\+\+)\n(?:[^\n]*\n){0,1000}?\1[^\S\n]*(?:\n|$)/.exec(text) ?? []
  // Between two rules a text may stand as well.
  return /^[\w"'-]+\s*[:=]/m.test(front) ? front : ''
}
