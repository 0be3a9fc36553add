import { expect, it } from 'vitest'
import { isAsking, isTelling } from './asking.ts'

it.each([
  ['what did I say last week', true],
  ['I wonder: is it so?', true],
  ['Was habe ich gestern gelernt', true],
  ['¿Qué dije ayer', true],
  ['remind me of last week', true],
  ['Today I understood how cells divide.', false],
  ['Gestern habe ich viel gelernt.', false],
  ['Wasser kocht bei 100 Grad.', false],
  ['', false],
])('%j: %s', (text, expected) => expect(isAsking(text)).toBe(expected))

it.each([
  ['I should review the passive voice next week.', true],
  ["Hash tables came up again, so I'll practise them on Friday.", true],
  ['attention comes before memory, and now it makes sense', true],
  ['Das Passiv sitzt noch nicht, ich wiederhole es am Donnerstag.', true],
  ['Debería repasar las fracciones la semana que viene.', true],
  ['Fractions went badly, so ten a day from now on.', true],
  ['What should I review next week?', false],
  ['I wonder what I should review.', false],
  ["I'd like an overview of my week.", false],
  ['Ich möchte wissen, was ich üben soll.', false],
  ['Quiero saber qué repasar.', false],
  ['Sum up the last few days for me.', false],
  ['Prove that there are infinitely many primes.', false],
  ['Compare mitosis and meiosis. I keep mixing them up.', false],
  ['Sag mir, was ich vor Montag wiederholen sollte.', false],
])('%j only tells: %s', (text, expected) => expect(isTelling(text)).toBe(expected))
