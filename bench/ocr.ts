import { readdir, readFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { bench, rounded } from './harness.ts'
import { readDocumentFile } from './read-document.ts'
import { readPictureFile, readScreenWith } from './read-picture.ts'
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
    'How much of scanned pages is read: word recall (a fraction) against the text file of the same name beside each picture or PDF; as documents, as pictures that come with a message, and drawn as on a screen, in letters of 14 pixels.',
  data: 'ocr',
  async run({ data }) {
    const files = (await readdir(data)).sort()
    const table: {
      page: string
      state: string
      words: number
      recall: number | string
      asPrinted: number | string
      asPicture: number | string
      onScreen: number | string
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
        asPicture: expected === undefined ? '' : await pictureRecall(join(data, page), expected),
        onScreen: expected === undefined || /\.tiff?$/i.test(page) ? '' : await screenRecall(expected),
        seconds: rounded(seconds, 1),
      })
    }
    const known = table.filter((row) => typeof row.recall === 'number')
    const sum = (of: (row: (typeof table)[number]) => number, rows = known) =>
      rows.reduce((all, row) => all + of(row), 0)
    const shown = known.filter(({ asPicture }) => typeof asPicture === 'number')
    const measured = table.find(({ page }) => page === MEASURED)
    const figures = {
      pages: table.length,
      recall: rounded(sum((row) => Number(row.recall) * row.words) / sum((row) => row.words), 4),
      ...(measured ? { recall8087: Number(measured.recall), recall8087AsPrinted: Number(measured.asPrinted) } : {}),
      ...(measured ? { recall8087AsPicture: Number(measured.asPicture) } : {}),
      ...(shown.length > 0
        ? {
            screenRecall: rounded(
              sum((row) => Number(row.onScreen) * row.words, shown) / sum((row) => row.words, shown),
              4,
            ),
          }
        : {}),
      secondsPerPage: rounded(sum((row) => row.seconds, table) / table.length, 2),
    }
    const targets = [
      ...(measured
        ? [
            { figure: 'recall8087', atLeast: 0.93 },
            { figure: 'recall8087AsPicture', atLeast: 0.93 },
          ]
        : []),
      ...(shown.length > 0 ? [{ figure: 'screenRecall', atLeast: 0.93 }] : []),
    ]
    return { figures, table, targets }
  },
})

/** Of the kinds that come with a message; an empty text for any other. */
async function pictureRecall(path: string, expected: string): Promise<number | string> {
  const text = await readPictureFile(path)
  return text === undefined ? '' : rounded(wordRecall(wordsOf(whole(expected)), wordsOf(whole(text))), 4)
}

async function screenRecall(expected: string): Promise<number> {
  const lines = whole(expected).split(/\r?\n/)
  return rounded(wordRecall(wordsOf(lines.join('\n')), wordsOf(await readScreenWith(lines))), 4)
}
