import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectLanguage } from './detect.ts'
import { analyse, soughtTerms } from './terms.ts'

describe('detectLanguage', () => {
  it.each([
    ['How does attention work in transformers?', 'en'],
    ['Ich habe gelernt, dass die Zelle von einer Membran umgeben ist.', 'de'],
    ['¿Cómo funcionan los transformadores y por qué son tan rápidos?', 'es'],
    ['Quels sont les effets du sommeil sur la mémoire ?', 'fr'],
    ['Что такое внимание и как оно работает?', 'ru'],
    ['机器学习的注意力机制', 'zh'],
    ['私は学校に行きます', 'ja'],
    ['การเรียนรู้ของเครื่อง', 'th'],
    ['트랜스포머의 주의 메커니즘', 'ko'],
    ['شكرا جزيلا على المساعدة', 'ar'],
    ['Kot śpi na kanapie, a pies biega po ogrodzie i szczeka na listonosza.', 'und'],
    ['I met Anna in Berlin yesterday', null],
    ['mitosis', null],
    ['12 34', null],
    ['', null],
  ])('of %j is %j', (text, language) => {
    expect(detectLanguage(text)).toBe(language)
  })

  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void analyse(text)))
  })
})

describe('terms', () => {
  const known = new Set(['en', 'de', 'ru'])
  /** Whether a query is looked for in a form that the text has. */
  const meets = (query: string, text: string) => {
    const terms = new Set(analyse(text).terms.split(' '))
    return soughtTerms(query, known).terms.some((term) => terms.has(term))
  }

  it.each([
    ['Zellen', 'Die Zelle ist von einer Membran umgeben und das ist gut so.'],
    ['häuser', 'Das Haus ist nicht groß und die Tür ist zu.'],
    ['нейронная сеть', 'Обучение нейронных сетей — это долгий процесс, и он не всегда сходится.'],
    ['注意力', '机器学习的注意力机制'],
    ['学习', '机器学习'],
    ['学校', '私は学校に行きます'],
    ['เครื่อง', 'การเรียนรู้ของเครื่อง'],
    ['cafe', 'We met in the café.'],
    ['transformer', 'Transformers!'],
  ])('of %j meet those of %j', (query, text) => {
    expect(meets(query, text)).toBe(true)
  })

  it('say a word twice that was said twice, and leave out what says nothing', () => {
    expect(soughtTerms('the cells and the cell', new Set(['en'])).terms).toEqual(['cell', 'cell'])
    expect(soughtTerms('to be or not to be', known).terms).toEqual([])
  })
})
