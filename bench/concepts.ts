import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readText } from '../src-core/memory/concepts/read.ts'
import { bench, rounded } from './harness.ts'

/** Names in texts of the web that were marked by hand, one word a line with its mark (CoNLL, B- and I-), against what is read as a name. */

interface MarkedSpan {
  start: number
  end: number
}

interface MarkedText {
  text: string
  names: MarkedSpan[]
}

function readMarked(file: string): MarkedText[] {
  return readFileSync(file, 'utf8')
    .split(/\n\s*\n/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      let text = ''
      const names: MarkedSpan[] = []
      for (const line of block.split('\n')) {
        const [word = '', mark = 'O'] = line.trim().split(/\t/)
        if (word === '') continue
        const start = text === '' ? 0 : text.length + 1
        text = text === '' ? word : `${text} ${word}`
        const last = names.at(-1)
        if (mark.startsWith('B-')) names.push({ start, end: text.length })
        else if (mark.startsWith('I-') && last) last.end = text.length
      }
      return { text, names }
    })
}

interface Counts {
  found: number
  marked: number
  exact: number
  /** Marked ones of which some found name or term holds a part. */
  touched: number
  /** Marked ones that are a term or a name, word for word. */
  anyTerm: number
}

function count(texts: readonly MarkedText[]): Counts {
  const counts = { found: 0, marked: 0, exact: 0, touched: 0, anyTerm: 0 }
  for (const { text, names } of texts) {
    const terms = readText(text).terms
    const found = terms.filter(({ type }) => type !== 'term')
    // A text says a name once for what is read, however often it stands there.
    const marked = [...new Map(names.map((name) => [text.slice(name.start, name.end).toLowerCase(), name])).values()]
    const isSame = (name: MarkedSpan) => (term: { surface: string }) =>
      term.surface.toLowerCase() === text.slice(name.start, name.end).toLowerCase()
    counts.found += found.length
    counts.marked += marked.length
    counts.exact += marked.filter((name) => found.some(isSame(name))).length
    counts.anyTerm += marked.filter((name) => terms.some(isSame(name))).length
    counts.touched += marked.filter(({ start, end }) =>
      terms.some((term) => term.start < end && start < term.end),
    ).length
  }
  return counts
}

function figuresOf({ found, marked, exact, touched, anyTerm }: Counts) {
  const precision = exact / Math.max(1, found)
  const recall = exact / Math.max(1, marked)
  return {
    precision: rounded(precision, 3),
    recall: rounded(recall, 3),
    f1: rounded((2 * precision * recall) / Math.max(1e-9, precision + recall), 3),
    asTerm: rounded(anyTerm / Math.max(1, marked), 3),
    touched: rounded(touched / Math.max(1, marked), 3),
  }
}

await bench({
  name: 'concepts',
  about:
    'How many of the names that people marked in texts of the web are read as names, word for word (whatever their type); as a concept of any type; and at least in part.',
  data: 'ner',
  async run({ data }) {
    const halves = ['dev', 'test'].map((half) => ({
      half,
      ...figuresOf(count(readMarked(join(data, `wnut17.${half}.conll`)))),
    }))
    const { half: _, ...figures } = halves[1] ?? { half: '' }
    return { figures, table: halves, targets: [{ figure: 'f1', atLeast: 0.4 }] }
  },
})
