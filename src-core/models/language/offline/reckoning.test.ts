import { describe, expect, it } from 'vitest'
import { calculationIn } from './calculation.ts'
import { calendarWishIn } from './calendar.ts'
import { detectLanguage } from './language.ts'

const TODAY = '2026-11-27'
const calculation = (text: string) => calculationIn(text, detectLanguage(text))
const wish = (text: string) => {
  const found = calendarWishIn(text, detectLanguage(text), TODAY)
  return found && { about: found.about, ...found.input }
}

describe('a calculation is asked for', () => {
  it.each([
    ['What is 17% of 340?', '17% of 340', 'en'],
    ["what's 3,500 divided by 4", '3500 / 4', 'en'],
    ['Calculate (3 + 4.5) * 12', '(3 + 4.5) * 12', 'en'],
    ['How much is 12 times 7, please?', '12 * 7', 'en'],
    ['Please, what is the square root of 144?', '√ 144', 'en'],
    ['What is half of 90?', '50% of 90', 'en'],
    ['what is 5 squared plus 2?', '5 ^2 + 2', 'en'],
    ['What is 12 x 12?', '12 * 12', 'en'],
    ['17*3=', '17*3', 'en'],
    ['Was ist 17 Prozent von 340?', '17% of 340', 'de'],
    ['Wie viel ist 3,5 mal 4?', '3.5 * 4', 'de'],
    ['Wieviel sind 1.200 geteilt durch 5?', '1200 / 5', 'de'],
    ['Rechne 2 hoch 10 aus', '2 ^ 10', 'de'],
    ['Was ist die Wurzel aus 2?', '√ 2', 'de'],
    ['¿Cuánto es el 17% de 340?', '17% of 340', 'es'],
    ['¿Cuánto es 3,5 por 4?', '3.5 * 4', 'es'],
    ['Calcula 100 entre 8', '100 / 8', 'es'],
    ['¿Cuál es la raíz cuadrada de 81?', '√ 81', 'es'],
  ])('%s', (text, expression, language) => {
    expect(calculation(text)).toEqual({ expression, language })
  })

  it.each([
    'What is 5-HT?',
    'What is the 2nd law of thermodynamics?',
    'What is 42?',
    'What happened in 1914-1918?',
    'What is 1914-1918?',
    'What is 24/7?',
    'What is 2026-11-27?',
    'My mark was 17 of 20',
    'What did I say about 3 + 4?',
    'Was ist 1 Mol?',
    'How much is a ticket to Rome?',
    'Was ist das kleine 1x1?',
    '¿Qué es el 15M?',
    '',
  ])('not by: %s', (text) => {
    expect(calculation(text)).toBeUndefined()
  })
})

describe('the calendar is asked', () => {
  it.each([
    ['What day is it in Tokyo?', { about: 'now', zone: 'Asia/Tokyo' }],
    ['what time is it in New York right now', { about: 'now', zone: 'America/New_York' }],
    ['What time is it?', { about: 'now' }],
    ["What's the date today?", { about: 'now' }],
    ['Hey, what time is it in Europe/Berlin?', { about: 'now', zone: 'Europe/Berlin' }],
    ['What day is it tomorrow?', { about: 'day', add: { days: 1 } }],
    ['What day will it be in 3 weeks?', { about: 'day', add: { weeks: 3 } }],
    ['What day of the week is 26 November 2026?', { about: 'day', at: '2026-11-26' }],
    ['What day was July 20, 1969?', { about: 'day', at: '1969-07-20' }],
    ['How many days until Christmas?', { about: 'until', at: TODAY, until: '2026-12-25' }],
    ['How many days are left until January 3?', { about: 'until', at: TODAY, until: '2027-01-03' }],
    ['Wie spät ist es in Tokio?', { about: 'now', zone: 'Asia/Tokyo' }],
    ['Wie viel Uhr ist es jetzt in München?', { about: 'now', zone: 'Europe/Berlin' }],
    ['Welcher Tag ist heute?', { about: 'now' }],
    ['Welches Datum haben wir heute?', { about: 'now' }],
    ['Welcher Wochentag ist der 24.12.2026?', { about: 'day', at: '2026-12-24' }],
    ['Welcher Tag war der 9. November 1989?', { about: 'day', at: '1989-11-09' }],
    ['Welcher Tag ist in 10 Tagen?', { about: 'day', add: { days: 10 } }],
    ['Wie viele Tage sind es noch bis Weihnachten?', { about: 'until', at: TODAY, until: '2026-12-25' }],
    ['¿Qué hora es en Ciudad de México?', { about: 'now', zone: 'America/Mexico_City' }],
    ['¿Qué día es hoy?', { about: 'now' }],
    ['¿A qué día estamos?', { about: 'now' }],
    ['¿Qué día es mañana?', { about: 'day', add: { days: 1 } }],
    ['¿Qué día de la semana fue el 12 de octubre de 1492?', { about: 'day', at: '1492-10-12' }],
    ['¿Cuántos días faltan para Navidad?', { about: 'until', at: TODAY, until: '2026-12-25' }],
  ])('%s', (text, expected) => {
    expect(wish(text)).toEqual(expected)
  })

  it.each([
    'What day is my exam?',
    'What time is it in the story?',
    'What is the date of the French Revolution?',
    'When is Christmas?',
    'What time is the lecture?',
    'How long is it until the exam?',
    'Welcher Tag ist der Geburtstag meiner Mutter?',
    '¿Qué día es el examen?',
    'What day did I learn about cells?',
    '',
  ])('not by: %s', (text) => {
    expect(wish(text)).toBeUndefined()
  })
})
