import { readdir, readFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import type { CoveredPicture } from '../src-core/capture/pictures/work.ts'
import { workOnPicture } from '../src-core/capture/pictures/work.ts'
import { seededRandom } from '../src-core/kernel/index.ts'
import { isFoundIn } from '../test/made-secrets.ts'
import { bench, rounded } from './harness.ts'
import { secretScreens } from './secret-screens.ts'
import { wordsOf } from './word-errors.ts'
import { wordRecall } from './word-recall.ts'

const USUAL_SEED = 5
const MEASURED = /^8087_054.*\.png$/
const { signal } = new AbortController()
const whole = (text: string) => text.replace(/(\p{L})-\r?\n(?=\p{Ll})/gu, '$1')
const since = (begun: number) => rounded((performance.now() - begun) / 1_000, 1)

await bench({
  name: 'screen',
  about:
    'What is kept of screens: word recall of scanned pages, read and covered as the study timeline does it; and how many planted secrets of many kinds can be found again in the text or the pixels that would be stored.',
  data: 'ocr',
  options: { seed: `the secrets are made from it; ${USUAL_SEED} unless named` },
  async run({ data, options }) {
    const table: {
      screen: string
      words: number
      recall: number | string
      secrets: number
      found: number
      seconds: number
    }[] = []
    const files = await readdir(data)
    for (const page of files.filter((name) => name.endsWith('.png')).sort()) {
      const beside = `${parse(page).name}.txt`
      if (!files.includes(beside)) continue
      const expected = wordsOf(whole(await readFile(join(data, beside), 'utf8')))
      const begun = performance.now()
      const { text } = await covered(await readFile(join(data, page)))
      table.push({
        screen: page,
        words: expected.length,
        recall: rounded(wordRecall(expected, wordsOf(whole(text))), 4),
        secrets: 0,
        found: 0,
        seconds: since(begun),
      })
    }
    const kinds = new Set<string>()
    for (const { look, picture, planted } of secretScreens(seededRandom(Number(options.seed ?? USUAL_SEED)).fraction)) {
      const begun = performance.now()
      const { text, picture: kept } = await covered(picture)
      const pixels = (await readAgain(kept.bytes)) ?? ''
      const secrets = planted.flatMap(({ name, secrets }) => secrets.map((secret) => ({ name, secret })))
      const found = secrets.filter(({ secret }) => isFoundIn(text, secret) || isFoundIn(pixels, secret))
      for (const { name } of secrets) kinds.add(name)
      const names = [...new Set(found.map(({ name }) => name))].join(', ')
      table.push({
        screen: names === '' ? look : `${look}: ${names}`,
        words: 0,
        recall: '',
        secrets: secrets.length,
        found: found.length,
        seconds: since(begun),
      })
    }
    const measured = table.find(({ screen }) => MEASURED.test(screen))
    const figures = {
      ...(measured ? { recall8087: Number(measured.recall) } : {}),
      kinds: kinds.size,
      secrets: table.reduce((sum, { secrets }) => sum + secrets, 0),
      secretsFound: table.reduce((sum, { found }) => sum + found, 0),
    }
    return {
      figures,
      table,
      targets: [
        ...(measured ? [{ figure: 'recall8087', atLeast: 0.93 }] : []),
        { figure: 'kinds', atLeast: 50 },
        { figure: 'secretsFound', atMost: 0 },
      ],
    }
  },
})

async function covered(bytes: Uint8Array): Promise<CoveredPicture> {
  return (await workOnPicture(bytes, { kind: 'cover', language: 'eng' }, signal)) as CoveredPicture
}

async function readAgain(bytes: Uint8Array): Promise<string | undefined> {
  const read = await workOnPicture(bytes, { kind: 'read', language: 'eng' }, signal)
  return 'text' in read ? read.text : undefined
}
