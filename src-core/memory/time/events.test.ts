import { describe, expect, it } from 'vitest'
import { dateOf, dateTold, eventsIn, periodBy, type Telling } from './events.ts'

/** A Tuesday. */
const SAID = new Date(2026, 10, 3, 15, 30)
const day = (date: Date | undefined) =>
  date &&
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-')

describe('eventsIn', () => {
  it.each([
    ['what did I learn before the exam?', 'before', 'exam'],
    ['notes since the first statistics exam', 'since', 'first statistics exam'],
    ['what did I say after the lecture on plate tectonics?', 'after', 'lecture on plate tectonics'],
    ['Was lernte ich vor der Statistikprüfung?', 'before', 'Statistikprüfung'],
    ['nach der Vorlesung über Zellen', 'after', 'Vorlesung über Zellen'],
    ['¿Qué dije antes del examen?', 'before', 'examen'],
    ['después de la clase de biología', 'after', 'clase de biología'],
  ])('reads %j', (query, side, name) => {
    const [event] = eventsIn(query)
    expect(event).toMatchObject({ side, name })
    expect(query).toContain(event?.text)
  })

  it.each([
    'what comes after the chain rule?',
    'before, the exam',
    'the exam',
    'nach dem Komma',
    'before breakfast',
    '',
  ])('reads none in %j', (query) => expect(eventsIn(query)).toEqual([]))
})

describe('dateTold', () => {
  it.each([
    ['My exam is on the 12th of December at nine.', '2026-12-12'],
    ['The exam is on January 8.', '2027-01-08'],
    ['It was on October 30th.', '2026-10-30'],
    ['Die Prüfung ist am 4. Februar.', '2027-02-04'],
    ['Die Prüfung ist am 4.2. um acht.', '2027-02-04'],
    ['El examen es el 15 de enero.', '2027-01-15'],
    ['The exam is tomorrow.', '2026-11-04'],
    ['Morgen ist die Prüfung.', '2026-11-04'],
    ['The exam is on Friday.', '2026-11-06'],
    ['The quiz was last Friday.', '2026-10-30'],
    ['In zwei Wochen ist die Prüfung.', '2026-11-17'],
  ])('of %j', (sentence, expected) => expect(day(dateTold(sentence, SAID))).toBe(expected))

  it('is nothing where no day is told', () => {
    expect(dateTold('The exam covers chapters 3 and 4.', SAID)).toBeUndefined()
    expect(dateTold('Es ist heute Morgen, am 31.2., passiert', SAID)).toEqual(new Date(2026, 10, 3))
  })
})

describe('dateOf', () => {
  const telling = (captureId: string, text: string, when = SAID): Telling => ({
    captureId,
    kind: 'capture',
    field: 'userText',
    start: 0,
    end: text.length,
    text,
    when,
  })
  const named = (query: string) => {
    const [event] = eventsIn(query)
    if (!event) throw new Error(`no event in ${query}`)
    return event
  }

  it('takes the passage that speaks of this event, and not of another of its kind', () => {
    const found = dateOf(named('before the statistics exam'), [
      telling('a', 'My chemistry exam is on December 1.'),
      telling('b', 'I worry about the statistics exam.'),
      telling('c', 'Statistics is hard. The statistics exam is on December 12.'),
    ])
    expect([found?.telling.captureId, day(found?.day)]).toEqual(['c', '2026-12-12'])
  })

  it('takes what was told last, and no question', () => {
    const later = telling('b', 'The exam is now on December 14.', new Date(2026, 10, 9))
    const found = dateOf(named('before the exam'), [telling('a', 'The exam is on December 12.'), later])
    expect(day(found?.day)).toBe('2026-12-14')
    expect(dateOf(named('after the lecture'), [telling('a', 'What did I say after the lecture?')])).toBeUndefined()
  })

  it('also reads the event without what follows it', () => {
    expect(eventsIn('what did I say before the exam about cells?').map(({ name }) => name)).toEqual([
      'exam about cells',
      'exam',
    ])
  })

  it('knows a lecture by the day it was told of, and an exam only when it has been', () => {
    const lecture = dateOf(named('after the lecture on cells'), [
      telling('a', 'In the lecture on cells we saw a film.'),
    ])
    expect(day(lecture?.day)).toBe('2026-11-03')
    expect(dateOf(named('before the exam'), [telling('a', 'I am afraid of the exam.')])).toBeUndefined()
    expect(day(dateOf(named('before the exam'), [telling('a', 'The exam was easy.')])?.day)).toBe('2026-11-03')
  })

  it('opens the side that was asked for', () => {
    const at = new Date(2026, 11, 12)
    expect(periodBy(named('before the exam'), at)).toEqual({ text: 'before the exam', to: at })
    expect(periodBy(named('after the exam'), at)).toEqual({ text: 'after the exam', from: new Date(2026, 11, 13) })
  })
})
