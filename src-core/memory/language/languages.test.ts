import { describe, expect, it } from 'vitest'
import { languageOf, languagesOf } from './languages.ts'
import { analyse, formOf } from './terms.ts'

const LETTERS = {
  latin: 'abcdefghijklmnopqrstuvwxyzäöüßéèêçñıåøőűšžșțğ',
  cyrillic: 'абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґё',
  greek: 'αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ',
  arabic: 'ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءآأ',
  devanagari: 'अआइईउकखगघचजटडतदनपबमयरलवशसहािीुेैोौं्',
} as const

/** Words of one to twelve letters that come in the same order each time. */
function* wordsOfLetters(letters: string, count: number): Generator<string> {
  let seed = 7
  const below = (most: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % most
  }
  for (let made = 0; made < count; made += 1) {
    yield Array.from({ length: 1 + below(12) }, () => letters.charAt(below(letters.length))).join('')
  }
}

describe('stems', () => {
  for (const [script, letters] of Object.entries(LETTERS) as [keyof typeof LETTERS, string][]) {
    for (const language of languagesOf(script)) {
      it(`are found for any word, ${language.code}`, () => {
        for (const word of wordsOfLetters(letters, 4_000)) expect(typeof language.stem(word)).toBe('string')
      })
    }
  }

  it.each([
    ['книга', 'книги'],
    ['градът', 'градове'],
    ['вестник', 'вестници'],
    ['кожух', 'кожуси'],
    ['подлог', 'подлози'],
  ])('are the same in Bulgarian: %s, %s', (one, other) => {
    const bulgarian = languageOf('bg')
    expect(formOf(one, bulgarian)).toBe(formOf(other, bulgarian))
  })

  it('are found for a Russian text that is taken for a Bulgarian one', () => {
    const { terms } = analyse('Чтобы измените размера на прозореца, натиснете клавиша.')
    expect(terms.length).toBeGreaterThan(0)
  })
})
