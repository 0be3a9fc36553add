import { describe, expect, it } from 'vitest'
import { pictureText, placeInPictures } from './picture-text.ts'

type Box = [number, number, number, number]

/** A block of one line each, of which the boxes are told. */
const reading = (...read: [text: string, box: Box][]) => {
  let text = ''
  const lines = read.map(([words, box]): [number, number, number, ...Box] => {
    const start = text === '' ? 0 : text.length + 1
    text = text === '' ? words : `${text}\n${words}`
    return [start, text.length, 1, ...box]
  })
  return { text, blocks: [{ start: 0, end: text.length, place: { page: 1 }, lines }] }
}
const pictures = [
  { reading: reading(['First words', [0.1, 0.2, 0.3, 0.1]], ['Second line.', [0.2, 0.4, 0.3, 0.1]]) },
  {},
  { reading: reading(['Third words', [0.1, 0.2, 0.3, 0.1]]), description: { text: 'A diagram of a cell.' } },
]

describe('pictureText', () => {
  it('joins what is known of each picture, and says where each part stands', () => {
    const { text, blocks } = pictureText(pictures)
    expect(text).toBe('First words\nSecond line.\n\nThird words\n\nA diagram of a cell.')
    expect(blocks.map(({ start, end, place }) => [text.slice(start, end), place])).toEqual([
      ['First words\nSecond line.', { picture: 1 }],
      ['Third words', { picture: 3 }],
      ['A diagram of a cell.', { picture: 3 }],
    ])
    expect(blocks[1]?.lines).toEqual([[26, 37, 3, 0.1, 0.2, 0.3, 0.1]])
    expect(pictures[2]?.reading?.blocks[0]?.lines).toEqual([[0, 11, 1, 0.1, 0.2, 0.3, 0.1]])
  })
})

describe('placeInPictures', () => {
  const { text, blocks } = pictureText(pictures)
  const placeOf = (words: string) => {
    const start = text.indexOf(words)
    return placeInPictures(blocks, { start, end: start + words.length })
  }

  it('is the box of the line that is touched, or around several', () => {
    expect(placeOf('Second line.')).toEqual({ picture: 1, box: [0.2, 0.4, 0.3, 0.1] })
    expect(placeOf('words\nSecond')).toEqual({ picture: 1, box: [0.1, 0.2, 0.4, 0.3] })
    expect(placeOf('Third')).toEqual({ picture: 3, box: [0.1, 0.2, 0.3, 0.1] })
  })

  it('is the box of the block where no lines were told', () => {
    const block = { start: 0, end: 5, place: { box: [0.5, 0.5, 0.2, 0.2] as Box } }
    const other = pictureText([{ reading: { text: 'Words', blocks: [block] } }])
    expect(placeInPictures(other.blocks, { start: 1, end: 2 })).toEqual({ picture: 1, box: [0.5, 0.5, 0.2, 0.2] })
  })

  it('has no box where a model said it, and is nowhere between', () => {
    expect(placeOf('A diagram')).toEqual({ picture: 3 })
    expect(placeInPictures(blocks, { start: 24, end: 26 })).toBeUndefined()
  })
})
