import { readdir, readFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { bench, rounded } from './harness.ts'
import { readDocumentFile } from './read-document.ts'
import { wordsOf } from './word-errors.ts'
import { wordRecall } from './word-recall.ts'

/** The page for which a target was set. */
const MEASURED = '8087_054.3B.png'
/** Words that the end of a line cuts are whole on both sides. `asPrinted` takes the halves for words, as the text beside has them. */
const whole = (text: string) => text.replace(/(\p{L})-\r?\n(?=\p{Ll})/gu, '$1')
const PAGES = /\.(?:png|jpe?g|tiff?|bmp|gif|webp|pdf)$/i

await bench({
  name: 'ocr',
  about:
    'How much of scanned pages is read: word recall (a fraction) against the text file of the same name beside each picture or PDF.',
  data: 'ocr',
  async run({ data }) {
    const files = (await readdir(data)).sort()
    const table: {
      page: string
      state: string
      words: number
      recall: number | string
      asPrinted: number | string
      seconds: number
    }[] = []
    for (const page of files.filter((name) => PAGES.test(name))) {
      const { state, text, seconds } = await readDocumentFile(join(data, page))
      const beside = `${parse(page).name}.txt`
      const expected = files.includes(beside) ? await readFile(join(data, beside), 'utf8') : undefined
      const found = wordsOf(whole(text))
      table.push({
        page,
        state,
        words: wordsOf(whole(expected ?? text)).length,
        recall: expected === undefined ? 'no text beside' : rounded(wordRecall(wordsOf(whole(expected)), found), 4),
        asPrinted: expected === undefined ? '' : rounded(wordRecall(wordsOf(expected), wordsOf(text)), 4),
        seconds: rounded(seconds, 1),
      })
    }
    const known = table.filter((row) => typeof row.recall === 'number')
    const sum = (of: (row: (typeof table)[number]) => number, rows = known) =>
      rows.reduce((all, row) => all + of(row), 0)
    const measured = table.find(({ page }) => page === MEASURED)
    const figures = {
      pages: table.length,
      recall: rounded(sum((row) => Number(row.recall) * row.words) / sum((row) => row.words), 4),
      ...(measured ? { recall8087: Number(measured.recall), recall8087AsPrinted: Number(measured.asPrinted) } : {}),
      secondsPerPage: rounded(sum((row) => row.seconds, table) / table.length, 2),
    }
    return { figures, table, targets: measured ? [{ figure: 'recall8087', atLeast: 0.93 }] : [] }
  },
})
