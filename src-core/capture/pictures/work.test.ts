import { loadImage } from '@napi-rs/canvas'
import { describe, expect, it } from 'vitest'
import { animatedGif, cmykJpeg, plainPicture, screenWith, withExif } from '../../../test/made-pictures.ts'
import { type CoveredPicture, workOnPicture } from './work.ts'

const signal = new AbortController().signal
const check = (bytes: Uint8Array) => workOnPicture(bytes, { kind: 'check' }, signal)
const show = (bytes: Uint8Array, longestSide = 1_568) => workOnPicture(bytes, { kind: 'show', longestSide }, signal)

describe('workOnPicture', () => {
  it.each([
    ['PNG', plainPicture('image/png'), 60, 40],
    ['WebP', plainPicture('image/webp'), 60, 40],
    ['JPEG', plainPicture('image/jpeg'), 60, 40],
    ['one that lies on its side', withExif(plainPicture('image/jpeg'), 6), 40, 60],
    ['JPEG in four colours', cmykJpeg(), 8, 8],
    ['one with two frames', animatedGif(), 2, 2],
    ['one pixel', plainPicture('image/png', 1, 1), 1, 1],
  ])('decodes %s', async (_, bytes, width, height) => {
    expect(await check(bytes)).toEqual({ width, height })
  })

  it('shows the first of several frames', async () => {
    const shown = (await show(animatedGif())) as { bytes: Uint8Array; mediaType: string }
    expect(shown.mediaType).toBe('image/png')
    const { createCanvas } = await import('@napi-rs/canvas')
    const context = createCanvas(2, 2).getContext('2d')
    context.drawImage(await loadImage(Buffer.from(shown.bytes)), 0, 0)
    expect([...context.getImageData(0, 0, 1, 1).data]).toEqual([0, 0, 0, 255])
  })

  it('shows what is large scaled down, upright, and without its place', async () => {
    const photograph = withExif(plainPicture('image/jpeg', 400, 200), 6)
    expect(photograph.toString('latin1')).toContain('GPSLatitude')
    const { bytes, mediaType } = (await show(photograph, 100)) as { bytes: Uint8Array; mediaType: string }
    expect(mediaType).toBe('image/jpeg')
    const image = await loadImage(Buffer.from(bytes))
    expect([image.width, image.height]).toEqual([50, 100])
    const written = Buffer.from(bytes).toString('latin1')
    expect(written).not.toContain('Exif')
    expect(written).not.toContain('GPSLatitude')
  })

  it('reads a screen, its headings and where they stand', async () => {
    const picture = screenWith(['Photosystem II splits water.', 'The oxygen comes from there.'], {
      heading: 'Photosynthesis',
    })
    const read = (await workOnPicture(picture, { kind: 'read', language: 'eng' }, signal)) as Awaited<
      ReturnType<typeof workOnPicture>
    > & { text: string; blocks: { kind: string; start: number; end: number; place: { box?: number[] } }[] }
    const words = read.blocks.map(({ kind, start, end }) => [kind, read.text.slice(start, end).replace(/\s+/g, ' ')])
    expect(words[0]).toEqual(['heading', 'Photosynthesis'])
    expect(
      words
        .slice(1)
        .map(([, text]) => text)
        .join(' '),
    ).toBe('Photosystem II splits water. The oxygen comes from there.')
    const [left = 0, top = 0] = read.blocks[0]?.place.box ?? []
    expect(left).toBeCloseTo(40 / 900, 1)
    expect(top).toBeGreaterThan(0.05)
    expect(top).toBeLessThan(0.3)
  })

  it('covers a password in the pixels and in the text, and says where', async () => {
    const picture = screenWith(['Photosystem II splits water.', 'Password: Otter$4711xyz'])
    const work = { kind: 'cover', language: 'eng' } as const
    const covered = (await workOnPicture(picture, work, signal)) as CoveredPicture
    expect(covered.text).toContain('Photosystem II splits water.')
    expect(covered.text).not.toContain('4711')
    expect(covered.found.map(({ kind }) => kind)).toEqual(['password'])
    const read = await workOnPicture(covered.picture.bytes, { kind: 'read', language: 'eng' }, signal)
    expect(JSON.stringify(read)).not.toMatch(/Otter|4711/)
    const seen = await workOnPicture(picture, { kind: 'inspect', language: 'eng' }, signal)
    expect(seen).toEqual({ found: covered.found })
  })

  it('reads screens that stand side by side as finely as one of them, and tells that it comes on', async () => {
    const { createCanvas } = await import('@napi-rs/canvas')
    const canvas = createCanvas(9_000, 420)
    const context = canvas.getContext('2d')
    context.fillStyle = '#fff'
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.fillStyle = '#222'
    context.font = '17px sans-serif'
    context.fillText('Photosystem II splits water, and that is where oxygen comes from.', 60, 100)
    context.fillText('Password: Otter$4711xyz', 8_000, 300)
    let steps = 0
    const work = { kind: 'inspect', language: 'eng' } as const
    const { found } = (await workOnPicture(canvas.toBuffer('image/png'), work, signal, () => steps++)) as {
      found: { kind: string; box: number[] }[]
    }
    expect(found.map(({ kind }) => kind)).toEqual(['password'])
    const [left = 0, top = 0, width = 0, height = 0] = found[0]?.box ?? []
    expect(left * 9_000).toBeGreaterThan(8_000)
    expect((left + width) * 9_000).toBeLessThan(8_400)
    expect(top * 420).toBeLessThan(300)
    expect((top + height) * 420).toBeGreaterThan(295)
    expect(steps).toBeGreaterThan(0)
  })

  it('finds no words in a picture that has none', async () => {
    expect(await workOnPicture(plainPicture('image/png', 300, 200), { kind: 'read', language: 'eng' }, signal)).toEqual(
      {
        text: '',
        blocks: [],
      },
    )
  })
})
