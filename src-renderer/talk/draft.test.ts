import { expect, test } from 'vitest'
import { Draft } from './draft.ts'

const sha = 'a'.repeat(64)

test('what is spoken joins what was typed and brings its recording', () => {
  const draft = new Draft()
  draft.write('I think ')
  draft.hear({ text: ' attention is a sum. ', audioSha256: sha })
  expect(draft.present).toEqual({
    text: 'I think attention is a sum.',
    audioSha256: sha,
    source: 'voice',
    pictures: [],
    spoken: 1,
  })
  draft.write('I think attention is a weighted sum.')
  expect(draft.present).toMatchObject({ audioSha256: sha, source: 'voice' })
})

test('an emptied draft forgets the recording', () => {
  const draft = new Draft()
  draft.hear({ text: 'Hm', audioSha256: sha })
  draft.write('  ')
  draft.write('Typed')
  expect(draft.present).toEqual({ text: 'Typed', audioSha256: null, source: 'text', pictures: [], spoken: 1 })
})

test('a recording that is not kept leaves the words', () => {
  const draft = new Draft()
  draft.hear({ text: 'One', audioSha256: null })
  draft.hear({ text: 'Two', audioSha256: null })
  expect(draft.present).toMatchObject({ text: 'One Two', audioSha256: null, source: 'voice' })
  draft.clear()
  expect(draft.present).toMatchObject({ text: '', source: 'text' })
})

test('what could not be sent comes back with its recording', () => {
  const draft = new Draft()
  draft.write('Meanwhile')
  draft.takeBack({ text: 'Spoken before', source: 'voice', audioSha256: sha })
  expect(draft.present).toEqual({
    text: 'Spoken before\nMeanwhile',
    source: 'voice',
    audioSha256: sha,
    pictures: [],
    spoken: 1,
  })
})

test('pictures stay with words that are emptied, can be taken out, and come back with what could not be sent', () => {
  const draft = new Draft()
  const [one, two] = [
    { key: '1', blob: new Blob(['a']) },
    { key: '2', blob: new Blob(['b']) },
  ]
  draft.show([one, two])
  draft.write('Look')
  draft.write('')
  expect(draft.present.pictures).toEqual([one, two])
  draft.takeOut('1')
  expect(draft.present.pictures).toEqual([two])
  draft.takeBack({ text: 'What is this?', source: 'text', audioSha256: null, pictures: [one] })
  expect(draft.present).toMatchObject({ text: 'What is this?', pictures: [one, two] })
  draft.clear()
  expect(draft.present.pictures).toEqual([])
})
