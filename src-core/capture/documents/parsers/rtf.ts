import { assemble } from '../assemble.ts'
import { tooComplex } from '../errors.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { decoderOfCodePage } from './codepage.ts'
import { tableRow } from './table.ts'

/** Rich Text Format 1.9. What is no text (pictures, objects, fields' instructions, headers) is left out; nothing in it runs. */
export const rtfParser: DocumentParser = {
  formats: ['rtf'],
  async parse({ bytes }, { limits, onProgress, signal }) {
    const { title, blocks } = readRtf(bytes, limits.depth, (done) => {
      onProgress(done, bytes.length)
      signal.throwIfAborted()
    })
    return assemble(title || (blocks.find(({ kind }) => kind === 'heading')?.text ?? ''), null, blocks)
  },
}

/** Groups that hold no text of the document. Any group that begins with `\*` is one too, unless it is known here. */
const SKIPPED = new Set(
  `fonttbl colortbl pict object objdata header headerl headerr headerf footer footerl footerr footerf themedata datastore
  latentstyles listtable listoverridetable rsidtbl generator xmlnstbl mmathPr nonshppict bkmkstart bkmkend fldinst filetbl revtbl
  author operator company manager category keywords subject comment doccomm hlinkbase creatim revtim printim buptim pntext listtext
  annotation atnid atnauthor atnref atndate`.split(/\s+/),
)
/** Groups behind `\*` whose text is shown all the same. */
const SHOWN = new Set(['shptxt', 'shpinst', 'pgdsc'])
const SIGNS: Record<string, string> = {
  tab: '\t',
  line: '\n',
  emdash: '—',
  endash: '–',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  '~': '\u00A0',
  _: '\u2011',
}
/** Code pages of the character sets of fonts (RTF 1.9, `\fcharset`). */
const PAGES_OF_CHARSETS: Record<number, number> = {
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
}
/** Tokens between two words of progress. */
const STEP = 100_000
const TOKEN = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\/gy

interface Group {
  isSkipped: boolean
  isHidden: boolean
  /** Signs after a `\u` that stand for it in programs without Unicode. */
  instead: number
  page: number | undefined
  into: 'text' | 'title' | 'fonts' | 'styles'
  begun: boolean
}

interface Paragraph {
  style: number
  outline: number | undefined
  isItem: boolean
  level: number
  inTable: boolean
}

const PLAIN: Paragraph = { style: 0, outline: undefined, isItem: false, level: 0, inTable: false }

/**
 * Headings, paragraphs, list items and tables in order.
 * @param onStep told now and then how many bytes are read; what it throws ends the reading
 * @throws LvaError document-too-complex
 */
export function readRtf(
  bytes: Uint8Array,
  depth: number,
  onStep: (done: number) => void,
): { title: string; blocks: RawBlock[] } {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const blocks: RawBlock[] = []
  const pagesOfFonts = new Map<number, number | undefined>()
  const headings = new Map<number, number>()
  const outer: Group = { isSkipped: false, isHidden: false, instead: 1, page: 1252, into: 'text', begun: true }
  const groups: Group[] = []
  let group = outer
  let paragraph = PLAIN
  let title = ''
  let text = ''
  let cells: string[] = []
  let rows: string[] = []
  let pending: number[] = []
  let toSkip = 0
  let font = 0
  let style = 0
  let styleName = ''

  const flush = () => {
    if (pending.length === 0) return
    const decoded = decoderOfCodePage(group.page).decode(Uint8Array.from(pending))
    pending = []
    write(decoded)
  }
  const write = (given: string) => {
    if (group.isSkipped || group.isHidden) return
    if (group.into === 'title') title += given
    else if (group.into === 'styles') styleName += given
    else if (group.into === 'text') text += given
  }
  const endTable = () => {
    if (rows.length > 0) blocks.push({ kind: 'table', text: rows.join('\n') })
    rows = []
  }
  const endParagraph = () => {
    if (group.into !== 'text' || group.isSkipped) return
    const own = text.replace(/[^\S\n\u00A0]+/gu, ' ').trim()
    text = ''
    if (paragraph.inTable) {
      // Added, not joined: a cell may have millions of paragraphs, and joining would copy all before each.
      const before = cells.pop() ?? ''
      cells.push(before && own ? `${before} ${own}` : before || own)
      return
    }
    endTable()
    if (own === '') return
    const level = headings.get(paragraph.style) ?? paragraph.outline
    if (level !== undefined) blocks.push({ kind: 'heading', level: level + 1, text: own })
    else if (paragraph.isItem) blocks.push({ kind: 'list', level: paragraph.level + 1, text: own })
    else blocks.push({ kind: 'paragraph', text: own })
  }
  const endCell = () => {
    endParagraph()
    cells.push('')
  }
  const endRow = () => {
    // The last cell is closed, so that the one after it is none.
    const row = tableRow(cells.slice(0, -1))
    if (row !== '') rows.push(row)
    cells = []
    text = ''
  }
  const open = () => {
    if (groups.length >= depth * 8) throw tooComplex()
    groups.push(group)
    group = { ...group, begun: false }
  }
  const close = () => {
    if (group.into === 'styles' && styleName !== '') {
      const heading = /^\s*heading ([1-9])\s*;?\s*$/i.exec(styleName)?.[1]
      if (heading) headings.set(style, Number(heading) - 1)
      styleName = ''
    }
    group = groups.pop() ?? outer
  }
  const control = (word: string, number: number | undefined) => {
    const isFirst = !group.begun
    group.begun = true
    if (isFirst && SKIPPED.has(word)) group.isSkipped = word !== 'fonttbl'
    if (isFirst && word === 'fonttbl') group.into = 'fonts'
    if (isFirst && word === 'stylesheet') group.into = 'styles'
    if (isFirst && word === 'info') group.isSkipped = true
    if (isFirst && word === 'title') {
      group.isSkipped = false
      group.into = 'title'
    }
    if (word === 'ansicpg' && number !== undefined) outer.page = group.page = number
    else if (word === 'mac') outer.page = group.page = 10_000
    else if (word === 'uc') group.instead = Math.max(0, Math.min(8, number ?? 1))
    else if (word === 'u' && number !== undefined) {
      write(String.fromCharCode(number & 0xffff))
      toSkip = group.instead
    } else if (word === 'f' && number !== undefined) {
      font = number
      if (group.into !== 'fonts') group.page = pagesOfFonts.get(font) ?? outer.page
    } else if (word === 'fcharset' && group.into === 'fonts') pagesOfFonts.set(font, PAGES_OF_CHARSETS[number ?? 0])
    else if (word === 'plain') {
      group.isHidden = false
      group.page = outer.page
    } else if (word === 'v' || word === 'deleted') group.isHidden = number !== 0
    else if (word === 's') {
      if (group.into === 'styles') style = number ?? 0
      else paragraph = { ...paragraph, style: number ?? 0 }
    } else if (group.into !== 'text' || group.isSkipped) return
    else if (word === 'par' || word === 'sect' || word === 'page') endParagraph()
    else if (word === 'pard') paragraph = PLAIN
    else if (word === 'intbl') paragraph = { ...paragraph, inTable: true }
    else if (word === 'trowd') paragraph = { ...paragraph, inTable: true }
    else if (word === 'cell' || word === 'nestcell') endCell()
    else if (word === 'row' || word === 'nestrow') endRow()
    else if (word === 'outlinelevel' && (number ?? 9) < 9) paragraph = { ...paragraph, outline: number ?? 0 }
    else if (word === 'ls') paragraph = { ...paragraph, isItem: (number ?? 0) > 0 }
    else if (word === 'ilvl') paragraph = { ...paragraph, level: Math.max(0, Math.min(8, number ?? 0)) }
    else write(SIGNS[word] ?? '')
  }

  const tokens = new RegExp(TOKEN)
  let starred = false
  for (let count = 0; tokens.lastIndex < source.length; count += 1) {
    if (count % STEP === 0) onStep(tokens.lastIndex)
    const token = tokens.exec(source)
    if (!token) break
    const [, word, number, hex, sign, brace, letters] = token
    if (hex === undefined) flush()
    if (brace === '{') open()
    else if (brace === '}') close()
    else if (word !== undefined) {
      toSkip = 0
      const value = number === undefined ? undefined : Number(number)
      if (word === 'bin') tokens.lastIndex += Math.max(0, value ?? 0)
      if (starred && !SHOWN.has(word)) group.isSkipped = true
      // Numbers and bullets of a list are written out for programs that do not know lists.
      if ((word === 'listtext' || word === 'pntext') && !group.isSkipped) paragraph = { ...paragraph, isItem: true }
      control(word, value)
    } else if (hex !== undefined) {
      if (toSkip > 0) toSkip -= 1
      else pending.push(Number.parseInt(hex, 16))
    } else if (sign !== undefined) {
      toSkip = 0
      if (sign === '\n' || sign === '\r') endParagraph()
      else if (sign !== '*') write(SIGNS[sign] ?? (/[\\{}]/.test(sign) ? sign : ''))
    } else if (letters !== undefined) {
      group.begun = true
      const shown = letters.slice(toSkip)
      toSkip = Math.max(0, toSkip - letters.length)
      // Programs write bytes beyond ASCII as they are, against the rules.
      write(/[\x80-\xff]/.test(shown) ? decoderOfCodePage(group.page).decode(Buffer.from(shown, 'latin1')) : shown)
    }
    starred = sign === '*'
  }
  flush()
  group = outer
  endParagraph()
  endTable()
  return { title: title.trim(), blocks }
}
