import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { animatedGif, cmykJpeg, plainPicture, pngHeader, withExif } from '../../../test/made-pictures.ts'
import { readPictureHeader } from './header.ts'

describe('readPictureHeader', () => {
  it.each([
    ['PNG', plainPicture('image/png'), 'image/png', 60, 40],
    ['JPEG', plainPicture('image/jpeg'), 'image/jpeg', 60, 40],
    ['WebP', plainPicture('image/webp'), 'image/webp', 60, 40],
    ['GIF', animatedGif(), 'image/gif', 2, 2],
    ['JPEG in four colours', cmykJpeg(), 'image/jpeg', 8, 8],
    ['a PNG that claims to be huge', pngHeader(20_000, 20_000), 'image/png', 20_000, 20_000],
  ])('tells %s by its content', (_, bytes, mediaType, width, height) => {
    expect(readPictureHeader(bytes)).toEqual({ mediaType, width, height, isTurned: false })
  })

  it.each([
    [1, false],
    [3, false],
    [6, true],
    [8, true],
  ])('reads the EXIF orientation %i', (orientation, isTurned) => {
    expect(readPictureHeader(withExif(plainPicture('image/jpeg'), orientation))).toMatchObject({ isTurned })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('GIF as a word and no more')],
    ['a size of nothing', pngHeader(0, 5)],
    ['a JPEG that ends before its size', plainPicture('image/jpeg').subarray(0, 20)],
    ['a film', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
  ])('takes %s for no picture', (_, bytes) => expect(readPictureHeader(bytes)).toBeUndefined())

  it('takes any bytes', () => {
    const beginnings = [plainPicture('image/jpeg'), plainPicture('image/webp'), pngHeader(3, 3), animatedGif()]
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), fc.nat(200), fc.uint8Array({ maxLength: 60 }), (start, cut, rest) => {
        const header = readPictureHeader(Buffer.concat([start.subarray(0, cut), rest]))
        if (header) expect(header.width * header.height).toBeGreaterThan(0)
      }),
    )
  })
})
