import { describe, expect, it } from 'vitest'
import { isFoundIn, plantedSecrets } from '../../../test/made-secrets.ts'
import { seededRandom } from '../../kernel/index.ts'
import { findSecrets } from './find-secrets.ts'
import { hasLuhnSum } from './numbers.ts'
import type { SeenLine } from './types.ts'

const SIGN = 0.01
const HEIGHT = 0.02

/** Lines as they stand on a screen, one below the other. */
function seen(lines: readonly string[]): SeenLine[] {
  return lines.map((text, row) => ({
    text,
    words: Array.from(text.matchAll(/\S+/g), ({ 0: word, index }) => ({
      start: index,
      end: index + word.length,
      box: [0.05 + index * SIGN, 0.1 + row * HEIGHT * 1.6, word.length * SIGN, HEIGHT],
    })),
  }))
}

/** The lines with what was found left out. */
function covered(lines: readonly string[]): string {
  const rest = [...lines]
  for (const { line, start, end } of findSecrets(seen(lines)).toReversed()) {
    rest[line] = `${rest[line]?.slice(0, start)}█${rest[line]?.slice(end)}`
  }
  return rest.join('\n')
}

describe('findSecrets', () => {
  const planted = plantedSecrets(seededRandom(11).fraction)

  it('knows more than fifty kinds and formats', () => {
    expect(new Set(planted.map(({ name }) => name)).size).toBeGreaterThanOrEqual(50)
  })

  it.each(planted)('covers: $name', ({ lines, secrets }) => {
    const text = covered(['Xylem', ...lines, 'Xylem'])
    for (const secret of secrets) expect(isFoundIn(text, secret), text).toBe(false)
    expect(text).toContain('Xylem')
  })

  it('covers them whatever the chance that made them', () => {
    for (let seed = 100; seed < 140; seed++) {
      for (const { name, lines, secrets } of plantedSecrets(seededRandom(seed).fraction)) {
        const text = covered(lines)
        for (const secret of secrets) expect(isFoundIn(text, secret), `${seed} ${name}: ${text}`).toBe(false)
      }
    }
  })

  it('covers a key that was read with gaps', () => {
    expect(covered(['key AKIA4QX7 ZB3WKP2M rest'])).not.toMatch(/ZB3W/)
  })

  it.each([
    ['IBAN DEQ7 5347 8538 3798 9980 95', '8538'],
    ['IBAN DEOQ7 5347 8538 3798 9980 95', '8538'],
    ['mongodb+srv:/ireader:sWJemNoKTrexJsiDPw@cluster0.mongodb.net', 'sWJemNo'],
    ['DATABASE_URL=postgres:/lapp:Blue!4797JsO@db.internal:5432/app', 'Blue'],
    ['CWV: 179', '179'],
  ])('covers what was misread on other screens: %s', (line, secret) => {
    expect(covered([line])).not.toContain(secret)
  })

  it('covers a value on the right of its label, in another column', () => {
    const [label, value] = seen(['Password', 'hunter-2-hunter']) as [SeenLine, SeenLine]
    for (const word of value.words) word.box = [0.5, 0.1, 0.2, HEIGHT]
    expect(findSecrets([label, value])).toEqual([{ kind: 'password', line: 1, start: 0, end: 15 }])
  })

  it.each([
    'Photosynthesis converts light energy into chemical energy.',
    'The password must be changed every year, said the lecturer.',
    'Token: the smallest piece of a text that a model reads',
    'Error code 404 means that the page was not found.',
    'In 1969 the first message went over ARPANET; in 1983 came TCP/IP.',
    'See src-core/capture/documents/remote-reader.ts and https://en.wikipedia.org/wiki/Krebs_cycle',
    'The speed of light is 299 792 458 m/s; Avogadro: 6.02214076e23.',
    'Phone +49 30 901820, room 3.014, 12 December 2026, 14:30',
    'function calculateAverageTemperature(measurements: readonly number[]): number',
    'El examen es el 12 de diciembre y dura noventa minutos.',
    'Das Kennwort der Einheit heißt Energieerhaltung im geschlossenen System.',
    'Students should read chapter seven before the basic course begins.',
  ])('leaves what learners read as it is: %s', (line) => {
    expect(covered([line])).toBe(line)
  })
})

it('tells card numbers by their sum of digits', () => {
  expect(hasLuhnSum('79927398713')).toBe(true)
  expect(hasLuhnSum('79927398710')).toBe(false)
})
