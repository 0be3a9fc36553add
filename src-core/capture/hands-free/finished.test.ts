import { expect, it } from 'vitest'
import { isFinished } from './finished.ts'

it.each([
  'Plants turn light into sugar.',
  'What is photosynthesis about?',
  'Tell me what it is.',
  'Yes',
  'Tell me about that.',
  'Was ist das?',
  'Was ist das Wichtigste daran?',
  'Das weiß ich nicht.',
  '¿Qué es la fotosíntesis?',
  'No lo sé.',
  '光合作用是什么',
  '42',
  '',
])('can stand as it is: %s', (text) => {
  expect(isFinished(text)).toBe(true)
})

it.each([
  'Plants turn light into sugar because',
  'Plants turn light into sugar because.',
  'I want to know what the',
  'What I mean is, um',
  'Remember that mitochondria,',
  'Well...',
  'And then we went to the –',
  'Ich möchte wissen, ob',
  'Die Pflanze braucht Licht und.',
  'Also ich habe den',
  'Las plantas necesitan luz y',
  'Quiero saber el',
])('asks for more: %s', (text) => {
  expect(isFinished(text)).toBe(false)
})
