import { expect, test } from 'vitest'
import { collapseAlike } from './alike.ts'
import { countTerms, TermIds } from './lexical/term-ids.ts'

test('of texts that say the same in nearly the same words the first stays, with the others', () => {
  const said = 'the weights always sum to one because of the softmax in attention'
  const texts = [
    said,
    'photosystem two splits water into oxygen and protons',
    `${said} layers`,
    'yes it does',
    'yes it does',
  ]
  const ids = new TermIds()
  expect(collapseAlike(texts, (text) => countTerms(text, ids).terms)).toEqual([
    { item: said, alike: [`${said} layers`] },
    { item: texts[1], alike: [] },
    { item: 'yes it does', alike: [] },
    { item: 'yes it does', alike: [] },
  ])
})
