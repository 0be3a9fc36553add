import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isLvaError, seededRandom } from '../../../kernel/index.ts'
import { SPEECH_RATE, writeWav } from '../../../models/index.ts'
import { sniff } from '../sniff.ts'
import { joinedSamples } from './joined.ts'
import { openSound } from './open-sound.ts'
import { stretchesOf } from './stretches.ts'

const SOUNDS = join(import.meta.dirname, '../../../../test/sounds')
const sound = (name: string) => readFileSync(join(SOUNDS, name))

async function samplesOf(bytes: Uint8Array, pieceSeconds?: number): Promise<Float32Array> {
  const parts: Float32Array[] = []
  for await (const part of stretchesOf(openSound(bytes, pieceSeconds))) parts.push(part)
  return joinedSamples(parts)
}

/** How alike two sounds are, 0 to 1, where one of them may begin up to 50 ms later; and how much later. */
function likeness(one: Float32Array, other: Float32Array) {
  let best = { alike: 0, later: 0 }
  for (let later = -800; later <= 800; later += 2) {
    let [product, ofOne, ofOther] = [0, 1e-9, 1e-9]
    for (let index = 2_000; index < one.length - 2_000; index++) {
      const [a, b] = [one[index] ?? 0, other[index + later] ?? 0]
      product += a * b
      ofOne += a * a
      ofOther += b * b
    }
    const alike = product / Math.sqrt(ofOne * ofOther)
    if (alike > best.alike) best = { alike, later }
  }
  return best
}

// libopus prints a line for each broken packet.
beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue())

const READ = [
  'water.mp3',
  'water.m4a',
  'fragmented.m4a',
  'apple-lossless.m4a',
  'water.aac',
  'vorbis.ogg',
  'opus.ogg',
  'opus.webm',
  'water.flac',
]

/** The state that a file gets. Anything that is not one of ours fails the test. */
async function stateOf(bytes: Uint8Array): Promise<string> {
  try {
    return (await samplesOf(bytes)).length > 0 ? 'ready' : 'empty'
  } catch (error) {
    if (!isLvaError(error) || error.code === 'internal') throw error
    return error.code
  }
}

/** The decoder needs ALSA's library, which a server may lack; Chromium brings it, so that the tests of the built app always hear everything. */
const [describeSound, itSound] = await import('node-web-audio-api').then(
  () => [describe, it] as const,
  () => {
    console.warn('Sound is not decoded here: "apt-get install libasound2" brings what is missing.')
    return [describe.skip, it.skip] as const
  },
)

describeSound.each(READ)('sound of %s', (name) => {
  const bytes = sound(name)

  it('is told by its bytes, under any name', () => {
    for (const given of [name, 'x.txt', 'x.pdf', '']) expect(sniff(bytes, given)).toBe('audio')
  })

  it('is what the voice said, in time', async () => {
    const samples = await samplesOf(bytes)
    expect(samples.length / SPEECH_RATE).toBeGreaterThan(2.15)
    expect(samples.length / SPEECH_RATE).toBeLessThan(2.35)
    expect(openSound(bytes).seconds).toBeGreaterThan(2)
    const { alike, later } = likeness(await samplesOf(sound('water.flac')), samples)
    expect(alike).toBeGreaterThan(0.85)
    // What an encoder of AAC puts in front: 1024 samples.
    expect(Math.abs(later) / SPEECH_RATE).toBeLessThanOrEqual(0.045)
  })

  it('is the same when it is decoded in small pieces', async () => {
    const [whole, pieces] = await Promise.all([samplesOf(bytes), samplesOf(bytes, 0.3)])
    expect(Math.abs(pieces.length - whole.length)).toBeLessThan(100)
    const { alike, later } = likeness(whole, pieces)
    expect(alike).toBeGreaterThan(0.97)
    expect(later).toBe(0)
  })

  it('is heard as far as it goes when it is cut off, or has a state', async () => {
    for (const part of [0.02, 0.1, 0.35, 0.6, 0.9, 0.99]) {
      const state = await stateOf(bytes.subarray(0, Math.floor(bytes.length * part)))
      expect(state, `${part}`).toMatch(/^(?:ready|document-(?:damaged|no-speech|not-supported))$/)
      // The directory of an M4A file may stand at its end.
      if (part > 0.5 && !['water.m4a', 'apple-lossless.m4a'].includes(name)) expect(state, `${part}`).toBe('ready')
    }
  })

  it('has a state when bytes in it are wrong', async () => {
    const random = seededRandom(5)
    for (let round = 0; round < 12; round++) {
      const wrong = Buffer.from(bytes)
      // Half of them in the head.
      for (let count = 0; count < 20; count++) {
        const end = count % 2 === 0 ? Math.min(300, wrong.length) : wrong.length
        wrong[Math.floor(random.fraction() * end)] = Math.floor(random.fraction() * 256)
      }
      expect(await stateOf(wrong)).toMatch(/^(?:ready|document-(?:damaged|no-speech|not-supported))$/)
    }
  })
})

itSound('what is not read is named', async () => {
  const refused = async (bytes: Uint8Array) => samplesOf(bytes)
  const other = sound('apple-lossless.m4a')
  other.write('ac-3', other.indexOf('alac'), 'latin1')
  await expect(refused(other)).rejects.toMatchObject({ code: 'document-not-supported', params: { what: 'ac-3' } })
  const page = (packet: string) =>
    Buffer.concat([Buffer.from('OggS\0\x02'), Buffer.alloc(20), Buffer.from([1, packet.length]), Buffer.from(packet)])
  await expect(refused(page('Speex   1.2'))).rejects.toMatchObject({ code: 'document-not-supported' })
})

itSound('a head without sound has a state', async () => {
  const heads = [
    sound('water.flac').subarray(0, 60),
    sound('vorbis.ogg').subarray(0, 3_000),
    sound('opus.webm').subarray(0, 200),
    sound('fragmented.m4a').subarray(0, 700),
    Buffer.from('ID3\u0004\0\0\0\0\0\0'),
    Buffer.from('ID3\u0004\0\0\u007f\u007f\u007f\u007fshort'),
    Buffer.from('OggS'),
    Buffer.from('\u001aE\u00df\u00a3', 'latin1'),
    Buffer.from('\0\0\0\u0008ftyp'),
    Buffer.from('RIFF\0\0\0\0WAVE'),
    writeWav({ samples: new Float32Array(), sampleRate: 16_000 }),
  ]
  for (const head of heads) {
    expect(await stateOf(head), JSON.stringify(head.toString().slice(0, 8))).toMatch(
      /^document-(?:damaged|no-speech|not-supported)$/,
    )
  }
})

itSound('heads without end have a state', async () => {
  const page = (serial: number) => {
    const bytes = Buffer.alloc(27)
    bytes.write('OggS')
    bytes.writeUInt32LE(serial, 14)
    return bytes
  }
  const element = Buffer.from([0xec, 0x80])
  const box = Buffer.from('\0\0\0\u0008free')
  const many = [
    Buffer.concat(Array.from({ length: 200_000 }, (_, serial) => page(serial))),
    Buffer.concat([Buffer.from('\u001aE\u00df\u00a3\u0080', 'latin1'), ...Array(1_000_000).fill(element)]),
    Buffer.concat([Buffer.from('\0\0\0\u0008ftyp'), ...Array(1_000_000).fill(box)]),
    Buffer.concat([sound('water.flac').subarray(0, 200), Buffer.alloc(8_000_000, 0xff)]),
    Buffer.concat([sound('water.mp3').subarray(0, 420), Buffer.alloc(8_000_000, 0xff)]),
    Buffer.concat(Array(400_000).fill(Buffer.from('ID3\u0004\0\0\0\0\0\0'))),
  ]
  for (const bytes of many) expect(await stateOf(bytes)).toMatch(/^(?:ready|document-(?:damaged|not-supported))$/)
})

itSound('a tag in front is passed over, and frames go on behind what is no frame', async () => {
  const once = sound('water.mp3')
  const tag = Buffer.concat([Buffer.from('ID3\u0004\0\0\0\0\u0001\0'), Buffer.alloc(128, 'a picture')])
  const twice = Buffer.concat([tag, once, Buffer.alloc(700, 'no sound'), once])
  expect(sniff(twice, '')).toBe('audio')
  expect((await samplesOf(twice)).length / SPEECH_RATE).toBeCloseTo(2 * openSound(once).seconds, 0)
})

itSound.each(['vorbis.ogg', 'opus.ogg'])(
  'two recordings in one file are heard one after the other: %s',
  async (name) => {
    const once = await samplesOf(sound(name))
    const twice = await samplesOf(Buffer.concat([sound(name), sound(name)]))
    expect(Math.abs(twice.length - 2 * once.length)).toBeLessThan(10)
    expect(likeness(once, twice.subarray(twice.length - once.length)).alike).toBeGreaterThan(0.99)
    const torn = await samplesOf(Buffer.concat([sound(name), sound(name).subarray(0, 100)]))
    expect(Math.abs(torn.length - once.length)).toBeLessThan(10)
  },
)

it('a long recording comes in stretches that end where it is quiet', async () => {
  // Five minutes of a hum with a pause of half a second every seven seconds.
  const samples = Float32Array.from({ length: 300 * 8_000 }, (_, index) =>
    index % 56_000 < 52_000 ? 0.3 * Math.sin(index / 5) : 0,
  )
  const lengths: number[] = []
  let end = 0
  for await (const stretch of stretchesOf(openSound(writeWav({ samples, sampleRate: 8_000 })))) {
    lengths.push(stretch.length)
    end += stretch.length
    if (end < 300 * SPEECH_RATE) expect((end / SPEECH_RATE) % 7).toBeGreaterThan(6.5)
  }
  expect(end).toBe(300 * SPEECH_RATE)
  expect(lengths.length).toBeGreaterThan(3)
  for (const length of lengths.slice(0, -1)) expect(length / SPEECH_RATE).toBeGreaterThan(60)
})
