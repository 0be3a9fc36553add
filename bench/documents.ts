import { readdir, readFile } from 'node:fs/promises'
import { join, parse, sep } from 'node:path'
import { bench, rounded } from './harness.ts'
import { readDocumentFile } from './read-document.ts'
import { wordsOf } from './word-errors.ts'
import { wordRecall } from './word-recall.ts'

/** Files beside `expected_outputs/NAME.md` have that text. */
const EXPECTED = 'expected_outputs'
/** Kinds that are refused with words, and files that have no text: what they are told is right. */
const RIGHT_REFUSALS = ['document-not-supported', 'document-no-text']

await bench({
  name: 'documents',
  about:
    'What is read of every file of a folder: its state, its words, and the part of the expected words that were found where expected_outputs/NAME.md says them.',
  data: 'docs',
  async run({ data }) {
    const files = (await readdir(data, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
    const expectedOf = (path: string) => {
      const { dir, name } = parse(path)
      const beside = join(dir, EXPECTED, `${name}.md`)
      return path.endsWith('.pdf') && files.includes(beside) ? beside : undefined
    }
    const table: {
      file: string
      format: string
      state: string
      words: number
      recall: number | string
      seconds: number
    }[] = []
    for (const path of files.filter((name) => !name.includes(`${sep}${EXPECTED}${sep}`))) {
      const { format, state, text, seconds } = await readDocumentFile(path)
      const beside = expectedOf(path)
      const found = wordsOf(text)
      table.push({
        file: path.slice(data.length + 1),
        format,
        state,
        words: found.length,
        recall: beside ? rounded(wordRecall(wordsOf(await readFile(beside, 'utf8')), found), 4) : '',
        seconds: rounded(seconds, 2),
      })
    }
    const measured = table.flatMap(({ recall }) => (typeof recall === 'number' ? [recall] : []))
    const figures = {
      files: table.length,
      ready: table.filter(({ state }) => state === 'ready').length,
      refused: table.filter(({ state }) => RIGHT_REFUSALS.includes(state)).length,
      faults: table.filter(({ state }) => state !== 'ready' && !RIGHT_REFUSALS.includes(state)).length,
      ...(measured.length > 0 ? { leastRecall: Math.min(...measured) } : {}),
      slowestSeconds: Math.max(...table.map(({ seconds }) => seconds)),
    }
    return {
      figures,
      table,
      targets: [
        { figure: 'faults', atMost: 0 },
        ...(measured.length > 0 ? [{ figure: 'leastRecall', atLeast: 0.95 }] : []),
      ],
    }
  },
})
