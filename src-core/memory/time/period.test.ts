import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { periodOf } from './period.ts'

/** A Tuesday. */
const NOW = new Date(2026, 10, 3, 15, 30)
const day = (date: Date) =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-')

describe('periodOf', () => {
  it.each([
    ['what did I say yesterday about cells', '2026-11-02', '2026-11-03'],
    ['Was habe ich gestern gelernt?', '2026-11-02', '2026-11-03'],
    ['¿qué dije ayer?', '2026-11-02', '2026-11-03'],
    ['heute', '2026-11-03', '2026-11-04'],
    ['vorgestern', '2026-11-01', '2026-11-02'],
    ['last week', '2026-10-26', '2026-11-02'],
    ['letzte Woche', '2026-10-26', '2026-11-02'],
    ['la semana pasada', '2026-10-26', '2026-11-02'],
    ['this month', '2026-11-01', '2026-12-01'],
    ['letzten Monat', '2026-10-01', '2026-11-01'],
    ['el año pasado', '2025-01-01', '2026-01-01'],
    ['in the last three days', '2026-10-31', '2026-11-04'],
    ['in den letzten 2 Wochen', '2026-10-20', '2026-11-04'],
    ['en los últimos dos meses', '2026-09-03', '2026-11-04'],
    ['two weeks ago', '2026-10-19', '2026-10-26'],
    ['vor drei Tagen', '2026-10-31', '2026-11-01'],
    ['hace un año', '2025-01-01', '2026-01-01'],
    ['what I learned in March', '2026-03-01', '2026-04-01'],
    ['im Dezember', '2025-12-01', '2026-01-01'],
    ['en marzo de 2024', '2024-03-01', '2024-04-01'],
    ['March 5th, 2025', '2025-03-05', '2025-03-06'],
    ['am 5. März', '2026-03-05', '2026-03-06'],
    ['el 24 de diciembre', '2025-12-24', '2025-12-25'],
    ['on 2026-02-28', '2026-02-28', '2026-03-01'],
    ['on Monday', '2026-11-02', '2026-11-03'],
    ['letzten Dienstag', '2026-10-27', '2026-10-28'],
    ['in 2024', '2024-01-01', '2025-01-01'],
    ['the day before yesterday', '2026-11-01', '2026-11-02'],
    ['anteayer', '2026-11-01', '2026-11-02'],
    ['el mes pasado', '2026-10-01', '2026-11-01'],
    ['el pasado mes', '2026-10-01', '2026-11-01'],
    ['last weekend', '2026-10-31', '2026-11-02'],
    ['am Wochenende', '2026-10-31', '2026-11-02'],
    ['el fin de semana pasado', '2026-10-31', '2026-11-02'],
    ['heute', '2026-11-03', '2026-11-04'],
    ['seit zwei Wochen', '2026-10-20', '2026-11-04'],
    ['between Monday and yesterday', '2026-11-02', '2026-11-03'],
    ['von März bis Mai', '2026-03-01', '2026-06-01'],
    ['entre marzo y mayo', '2026-03-01', '2026-06-01'],
  ])('reads %j', (query, from, to) => {
    const period = periodOf(query, NOW)
    expect(period?.from && period.to && [day(period.from), day(period.to)]).toEqual([from, to])
    expect(query).toContain(period?.text)
  })

  it.each([
    ['since Monday', '2026-11-02', undefined],
    ['seit letztem Montag', '2026-11-02', undefined],
    ['desde marzo', '2026-03-01', undefined],
    ['before March', undefined, '2026-03-01'],
    ['vor dem 5. März', undefined, '2026-03-05'],
    ['antes del 5 de marzo', undefined, '2026-03-05'],
    ['after last week', '2026-11-02', undefined],
    ['nach März 2025', '2025-04-01', undefined],
    ['hasta ayer', undefined, '2026-11-03'],
    ['bis gestern', undefined, '2026-11-03'],
    ['since Christmas', '2025-12-24', undefined],
    ['vor Weihnachten', undefined, '2025-12-24'],
    ["since New Year's", '2026-01-01', undefined],
    ['since the 12th of October', '2026-10-12', undefined],
  ])('leaves the other side of %j open', (query, from, to) => {
    const period = periodOf(`cells ${query} and more`, NOW)
    expect([period?.from && day(period.from), period?.to && day(period.to)]).toEqual([from, to])
    expect(period?.text).toBe(query)
  })

  it('knows the night before as a night', () => {
    const period = periodOf('what did I say last night?', NOW)
    expect([period?.from, period?.to]).toEqual([new Date(2026, 10, 2, 18), new Date(2026, 10, 3, 4)])
  })

  it.each([
    'may I ask',
    'march of the penguins',
    'the tagline',
    'holidays',
    'a sunday roast',
    'since cells divide',
    'before the exam',
    'vor drei',
    '',
  ])('reads no time in %j', (query) => {
    expect(periodOf(query, NOW)).toBeUndefined()
  })

  it('takes any text, and what it reads is not empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (query) => {
        const period = periodOf(query, NOW)
        if (period?.from && period.to) expect(period.from < period.to).toBe(true)
      }),
    )
  })
})

describe('periodOf, of words that people also use for a time', () => {
  it.each([
    ['the other week on enzymes', '2026-10-06', '2026-11-04'],
    ['what was I reading a few days ago', '2026-10-28', '2026-11-02'],
    ['vor ein paar Tagen', '2026-10-28', '2026-11-02'],
    ['hace unos días', '2026-10-28', '2026-11-02'],
    ['enzymes, two weeks back', '2026-10-19', '2026-10-26'],
    ['in the last fortnight', '2026-10-20', '2026-11-04'],
    ['en los últimos quince días', '2026-10-19', '2026-11-04'],
    ['durante las dos últimas semanas', '2026-10-20', '2026-11-04'],
    ['the week before last', '2026-10-19', '2026-10-26'],
    ['vorletzte Woche', '2026-10-19', '2026-10-26'],
    ['el mes antepasado', '2026-09-01', '2026-10-01'],
    ['this past Friday', '2026-10-30', '2026-10-31'],
    ['diesen Montag', '2026-11-02', '2026-11-03'],
    ['at the beginning of October', '2026-10-01', '2026-10-12'],
    ['Mitte Oktober', '2026-10-09', '2026-10-22'],
    ['a finales de septiembre', '2026-09-20', '2026-10-01'],
    ['last year in May', '2025-05-01', '2025-06-01'],
    ['im Mai letzten Jahres', '2025-05-01', '2025-06-01'],
    ['en mayo del año pasado', '2025-05-01', '2025-06-01'],
    ['last summer', '2026-06-01', '2026-09-01'],
    ['im Winter 2024', '2024-12-01', '2025-03-01'],
    ['el otoño pasado', '2025-09-01', '2025-12-01'],
    ['in the second half of 2025', '2025-07-01', '2026-01-01'],
    ['in Q3 2025', '2025-07-01', '2025-10-01'],
    ['between 3 and 10 October', '2026-10-03', '2026-10-11'],
    ['vom 3. bis 10. Oktober', '2026-10-03', '2026-10-11'],
    ['del 3 al 10 de octubre', '2026-10-03', '2026-10-11'],
    ['October 3-10', '2026-10-03', '2026-10-11'],
    ['on Oct 3rd', '2026-10-03', '2026-10-04'],
    ['in Sept. 2025', '2025-09-01', '2025-10-01'],
    ['am 12.10. gesagt', '2026-10-12', '2026-10-13'],
    ['notes of 12.10.2026', '2026-10-12', '2026-10-13'],
    ['el 2/11/2026', '2026-11-02', '2026-11-03'],
    ['10/13/2026', '2026-10-13', '2026-10-14'],
    ['this spring on enzymes', '2026-03-01', '2026-06-01'],
    ['in diesem Winter', '2025-12-01', '2026-03-01'],
    ['esta primavera', '2026-03-01', '2026-06-01'],
    ['in Q2 on cells', '2026-04-01', '2026-07-01'],
    ['im Q4', '2026-10-01', '2027-01-01'],
    ['in the third quarter', '2026-07-01', '2026-10-01'],
    ['im zweiten Quartal 2025', '2025-04-01', '2025-07-01'],
    ['en el primer trimestre de 2026', '2026-01-01', '2026-04-01'],
    ['last quarter', '2026-07-01', '2026-10-01'],
    ['im letzten Quartal', '2026-07-01', '2026-10-01'],
    ['in the last quarter of 2024', '2024-10-01', '2025-01-01'],
    ['el trimestre pasado', '2026-07-01', '2026-10-01'],
    ['in diesem Quartal', '2026-10-01', '2027-01-01'],
    ['what I said on the 12th', '2026-10-12', '2026-10-13'],
    ['on the 31st', '2026-10-31', '2026-11-01'],
    ['was ich am 2. sagte', '2026-11-02', '2026-11-03'],
    ['el día 12', '2026-10-12', '2026-10-13'],
    ['the first week of October', '2026-10-01', '2026-10-08'],
    ['in der ersten Novemberwoche', '2026-11-01', '2026-11-08'],
    ['in der letzten Woche im Oktober', '2026-10-25', '2026-11-01'],
    ['en la segunda semana de octubre de 2025', '2025-10-08', '2025-10-15'],
    ['early last week', '2026-10-26', '2026-10-29'],
    ['at the end of last month', '2026-10-19', '2026-11-01'],
    ['Anfang letzter Woche', '2026-10-26', '2026-10-29'],
    ['Mitte letzten Jahres', '2025-04-20', '2025-09-14'],
    ['a finales de la semana pasada', '2026-10-30', '2026-11-02'],
    ['a principios del mes pasado', '2026-10-01', '2026-10-14'],
    ['over Christmas', '2025-12-24', '2025-12-27'],
    ['an Weihnachten', '2025-12-24', '2025-12-27'],
  ])('reads %s', (query, from, to) => {
    const period = periodOf(query, NOW)
    expect([period?.from && day(period.from), period?.to && day(period.to)]).toEqual([from, to])
  })

  it.each([
    ['yesterday evening', [2026, 10, 2, 17], [2026, 10, 3, 4]],
    ['am Montagabend', [2026, 10, 2, 17], [2026, 10, 3, 4]],
    ['el lunes por la tarde', [2026, 10, 2, 12], [2026, 10, 2, 19]],
    ['heute Nachmittag', [2026, 10, 3, 12], [2026, 10, 3, 19]],
    ['within the last 24 hours', [2026, 10, 2, 15, 30], [2026, 10, 3, 15, 30]],
    ['vor drei Stunden', [2026, 10, 3, 11, 30], [2026, 10, 3, 13, 30]],
    ['hace media hora', [2026, 10, 3, 14, 30], [2026, 10, 3, 15, 30]],
    ['an hour and a half ago', [2026, 10, 3, 13, 0], [2026, 10, 3, 15, 0]],
    ['vor anderthalb Stunden', [2026, 10, 3, 13, 0], [2026, 10, 3, 15, 0]],
    ['hace una hora y media', [2026, 10, 3, 13, 0], [2026, 10, 3, 15, 0]],
  ] as const)('reads the hours of %s', (query, [y, m, d, h, min = 0], [y2, m2, d2, h2, min2 = 0]) => {
    const period = periodOf(query, NOW)
    expect([period?.from, period?.to]).toEqual([new Date(y, m, d, h, min), new Date(y2, m2, d2, h2, min2)])
  })

  it.each([
    'the late Roman empire',
    'Q2 about cells',
    'trees in spring',
    'the history of Christmas',
    'the first week of life',
    'on the 40th day',
    'am 12.4 Volt',
    '3/4/2025',
    'chapter 3.4. on cells',
    'el verano en Roma',
    'half of the cells',
  ])('leaves alone what tells no time, or not for certain: %s', (query) => expect(periodOf(query, NOW)).toBeUndefined())
})
