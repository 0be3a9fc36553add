import { expect, it } from 'vitest'
import { isAsking } from './asking.ts'

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
