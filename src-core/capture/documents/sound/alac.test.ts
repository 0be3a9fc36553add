import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { decodeAlac, decodeAlacFrame, readAlacConfig } from './alac.ts'
import { openMp4 } from './mp4.ts'
import { openSound } from './open-sound.ts'

const sound = (name: string) => readFileSync(join(import.meta.dirname, '../../../../test/sounds', name))

function opened(name: string) {
  const bytes = sound(name)
  const cookie = bytes.lastIndexOf('alac') + 8
  const config = readAlacConfig(bytes.subarray(cookie, cookie + 24))
  const frames = openMp4(bytes).sound.frames.map(({ start, end }) => bytes.subarray(start, end))
  return { config, frames }
}

const framed = (frames: readonly Buffer[]) =>
  Buffer.concat(
    frames.flatMap((frame) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(frame.length)
      return [length, frame]
    }),
  )

/** A file with room for more at the end of a box, and where what is in that box begins. */
function widened(bytes: Buffer, path: readonly string[], more: number): [Buffer, number] {
  const copy = Buffer.from(bytes)
  let body = 0
  let end = 0
  for (const type of path) {
    const at = copy.indexOf(type, body, 'latin1') - 4
    body = at + 8
    end = at + copy.readUInt32BE(at)
    copy.writeUInt32BE(end - at + more, at)
  }
  return [Buffer.concat([copy.subarray(0, end), Buffer.alloc(more), copy.subarray(end)]), body]
}

describe('Apple Lossless', () => {
  // SHA-256 of what ffmpeg 5.1 decodes: "ffmpeg -i NAME -f s32le -".
  it.each([
    ['apple-lossless.m4a', 1, 16, '843dffc8f4bc9cfe1083f378a68a56ff98106ec4f5c6770052c36bb258f3b2de'],
    ['alac-stereo.m4a', 2, 16, '9f22ba399b7756a3e458d9f6453947225e892ae992ac1adc867fe9fc26155515'],
    ['alac-24-bit.m4a', 2, 24, 'e749563c3c207f91901591263acd702ea7f3addda3cf109e898041b9fe9240bd'],
  ])('is what it was, to the last bit: %s', (name, channels, depth, sha256) => {
    const { config, frames } = opened(name)
    expect(config).toMatchObject({ channels, depth })
    const hash = createHash('sha256')
    for (const frame of frames) {
      const decoded = decodeAlacFrame(frame, config)
      expect(decoded).toHaveLength(channels)
      const length = decoded[0]?.length ?? 0
      const together = new Int32Array(length * channels)
      for (const [place, channel] of decoded.entries()) {
        for (const [index, sample] of channel.entries()) together[index * channels + place] = sample << (32 - depth)
      }
      hash.update(new Uint8Array(together.buffer))
    }
    expect(hash.digest('hex')).toBe(sha256)
  })

  it('is decoded piece by piece without anything from outside, as the mean of its channels', async () => {
    const whole = await piecesOf('alac-stereo.m4a', 60)
    expect(whole.map(({ length }) => length)).toEqual([30_870])
    const parts = await piecesOf('alac-stereo.m4a', 0.2)
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.flatMap((part) => [...part])).toEqual([...(whole[0] ?? [])])
    const { config, frames } = opened('alac-stereo.m4a')
    const [left, right] = decodeAlacFrame(frames[2] as Buffer, config)
    const mean = ((left?.[100] ?? 0) + (right?.[100] ?? 0)) / 2 ** 16
    expect(whole[0]?.[2 * 4_096 + 100]).toBeCloseTo(mean, 6)
  })

  it('is silent where a frame is broken, and damaged where all are', () => {
    const { config, frames } = opened('alac-stereo.m4a')
    const broken = frames.map((frame, index) => (index === 1 ? Buffer.alloc(frame.length, 0xff) : frame))
    const decoded = decodeAlac(framed(broken), config)
    expect(decoded).toHaveLength(30_870)
    expect(decoded.subarray(4_096, 8_192).every((sample) => sample === 0)).toBe(true)
    expect(decoded.subarray(8_192, 12_288).some((sample) => sample !== 0)).toBe(true)
    const none = framed(frames.map((frame) => frame.subarray(0, 9)))
    expect(() => decodeAlac(none, config)).toThrow(expect.objectContaining({ code: 'document-damaged' }))
  })

  it('ends, whatever its bits are', () => {
    const random = seededRandom(11)
    for (const name of ['apple-lossless.m4a', 'alac-24-bit.m4a']) {
      const { config, frames } = opened(name)
      for (let round = 0; round < 60; round += 1) {
        const wrong = Buffer.from(frames[round % frames.length] as Buffer)
        for (let count = 0; count < 8; count += 1) {
          const end = count % 2 === 0 ? 40 : wrong.length
          wrong[Math.floor(random.fraction() * end)] = Math.floor(random.fraction() * 256)
        }
        try {
          for (const channel of decodeAlacFrame(wrong, config)) expect(channel.length).toBeLessThanOrEqual(4_096)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }
    }
  })

  it('refuses a file whose frames lie in the same bytes, which would unfold to many times its size', () => {
    const [more, eight] = [999, 8]
    const path = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stco']
    const [bytes, chunks] = widened(sound('alac-stereo.m4a'), path, 4 * more)
    // A thousand chunks that begin where the first does, each of the eight frames of the file, all of a size.
    const first = bytes.readUInt32BE(chunks + 8)
    bytes.writeUInt32BE(1 + more, chunks + 4)
    for (let chunk = 0; chunk <= more; chunk += 1) bytes.writeUInt32BE(first, chunks + 8 + 4 * chunk)
    const sizes = bytes.indexOf('stsz') + 4
    const frame = Math.floor((bytes.length - first) / eight)
    bytes.writeUInt32BE(frame, sizes + 4)
    bytes.writeUInt32BE(eight, sizes + 8)
    expect(openMp4(bytes).sound.frames).toHaveLength(eight)
    bytes.writeUInt32BE(eight * (1 + more), sizes + 8)
    expect(() => openSound(bytes)).toThrow(expect.objectContaining({ code: 'document-damaged' }))
  })

  it('says of a header that is none of its kind what is wrong', () => {
    const cookie = (change: (bytes: Buffer) => void) => {
      const bytes = sound('apple-lossless.m4a')
      const at = bytes.lastIndexOf('alac') + 8
      const own = Buffer.from(bytes.subarray(at, at + 24))
      change(own)
      return () => readAlacConfig(own)
    }
    const damaged = expect.objectContaining({ code: 'document-damaged' })
    expect(cookie((bytes) => bytes.writeUInt32BE(2 ** 31, 0))).toThrow(damaged)
    expect(cookie((bytes) => bytes.writeUInt8(17, 5))).toThrow(damaged)
    expect(cookie((bytes) => bytes.writeUInt8(0, 9))).toThrow(damaged)
    for (const rate of [0, 999, 768_001, 2 ** 32 - 1])
      expect(cookie((bytes) => bytes.writeUInt32BE(rate, 20))).toThrow(damaged)
    expect(cookie((bytes) => bytes.writeUInt32BE(384_000, 20))()).toMatchObject({ sampleRate: 384_000 })
    expect(() => readAlacConfig(Buffer.alloc(23))).toThrow(damaged)
    expect(cookie((bytes) => bytes.writeUInt8(1, 4))).toThrow(
      expect.objectContaining({ code: 'document-not-supported' }),
    )
  })
})

async function piecesOf(name: string, pieceSeconds: number): Promise<Float32Array[]> {
  const pieces: Float32Array[] = []
  for await (const piece of openSound(sound(name), pieceSeconds).pieces()) pieces.push(piece)
  return pieces
}
