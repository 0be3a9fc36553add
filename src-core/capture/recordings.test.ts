import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { idMaker, LvaError, ManualClock, seededRandom, silentLog } from '../kernel/index.ts'
import { type ChosenTranscriber, readWav, SPEECH_RATE, type Transcriber, writeWav } from '../models/index.ts'
import { Recordings } from './recordings.ts'

const RATE = 8_000

/** Hears one "word" for each second, one segment for every five; counts the seconds that it was given. */
class CountingTranscriber implements ChosenTranscriber {
  readonly id = 'counting'
  ofWhole: Transcriber | undefined
  heardSeconds = 0
  failure: LvaError | undefined

  async whole() {
    return this.ofWhole
  }

  async transcribe(samples: Float32Array) {
    if (this.failure) throw this.failure
    const seconds = samples.length / SPEECH_RATE
    this.heardSeconds += seconds
    if (samples.every((sample) => sample === 0)) throw new LvaError('audio-silent', 'Silence.')
    const segments = []
    for (let start = 0; start < seconds; start += 5) {
      const end = Math.min(start + 5, seconds)
      segments.push({ start, end, text: Array.from({ length: Math.round(end - start) }, () => 'word').join(' ') })
    }
    return {
      text: segments.map((segment) => segment.text).join(' '),
      seconds,
      segments,
      model: this.id,
      language: 'en',
    }
  }
}

/** One second of a loud square wave, 16-bit. */
const second = new Uint8Array(
  Int16Array.from({ length: RATE }, (_, index) => (index % 40 < 20 ? 9_000 : -9_000)).buffer,
)
const silence = new Uint8Array(RATE * 2)

describe('Recordings', () => {
  let clock: ManualClock
  let transcriber: CountingTranscriber
  let kept: Map<string, Uint8Array>
  let keeps: boolean
  let recordings: Recordings
  /** What a decoded file says of its length. */
  let fileSeconds: number

  beforeEach(() => {
    clock = new ManualClock()
    transcriber = new CountingTranscriber()
    kept = new Map()
    keeps = true
    fileSeconds = 2
    recordings = new Recordings({
      blobs: {
        put: async (bytes) => {
          if (!(bytes instanceof Uint8Array)) throw new Error('this test keeps whole recordings')
          const sha256 = createHash('sha256').update(bytes).digest('hex')
          kept.set(sha256, bytes)
          return sha256
        },
        get: async (sha256) => {
          const bytes = kept.get(sha256)
          if (!bytes) throw new LvaError('not-found', 'No such recording.')
          return bytes
        },
      },
      transcriber,
      async decode(file, { onSound }) {
        if (file[0] !== 0x49) throw new LvaError('document-not-supported', 'No sound.')
        await onSound(new Float32Array(SPEECH_RATE).fill(0.2), fileSeconds)
        await onSound(new Float32Array(SPEECH_RATE).fill(0.2), fileSeconds)
      },
      keepsRecordings: async () => keeps,
      maxSeconds: 100,
      clock,
      newId: idMaker(clock, seededRandom(1)),
      log: silentLog,
    })
  })

  async function settle() {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  it('hears everything that was pushed and keeps the sound', async () => {
    const id = await recordings.start(RATE)
    for (let n = 0; n < 7; n++) await recordings.push(id, second)
    const transcript = await recordings.finish(id)
    expect(transcript.text.split(' ')).toHaveLength(7)
    expect(transcript.seconds).toBe(7)
    const wav = await recordings.read(transcript.audioSha256 as string)
    const sound = readWav(wav, { maxSeconds: 100 })
    expect(sound.sampleRate).toBe(SPEECH_RATE)
    expect(sound.samples.length / sound.sampleRate).toBeCloseTo(7, 2)
  })

  it('shows the words while they are spoken', async () => {
    const id = await recordings.start(RATE)
    const seen: string[] = []
    const reading = (async () => {
      for await (const text of recordings.partials(id)) seen.push(text)
    })()
    for (let n = 0; n < 3; n++) {
      await recordings.push(id, second)
      await settle()
    }
    await recordings.finish(id)
    await reading
    expect(seen).toEqual(['word', 'word word', 'word word word'])
  })

  it('hears a long recording in time that grows with its length', async () => {
    const id = await recordings.start(RATE)
    for (let n = 0; n < 60; n++) {
      await recordings.push(id, second)
      await settle()
    }
    const transcript = await recordings.finish(id)
    expect(transcript.text.split(' ')).toHaveLength(60)
    // Hearing all of it again every second would be 1,830 seconds.
    expect(transcriber.heardSeconds).toBeLessThan(60 * 7)
    const starts = transcript.segments.map((segment) => segment.start)
    expect([...starts].sort((a, b) => a - b)).toEqual(starts)
  })

  it('hears a file of any kind that is decoded, and keeps its sound', async () => {
    const transcript = await recordings.transcribe(new TextEncoder().encode('ID3...'))
    expect(transcript).toMatchObject({ text: 'word word', seconds: 2 })
    const sound = readWav(await recordings.read(transcript.audioSha256 as string), { maxSeconds: 100 })
    expect(sound.samples.length).toBe(2 * SPEECH_RATE)
  })

  it('refuses a file that is no sound, or too long, before it is heard', async () => {
    await expect(recordings.transcribe(new TextEncoder().encode('%PDF'))).rejects.toMatchObject({
      code: 'audio-not-audio',
    })
    await expect(recordings.transcribe(new Uint8Array())).rejects.toMatchObject({ code: 'audio-empty' })
    fileSeconds = 1_000
    await expect(recordings.transcribe(new TextEncoder().encode('ID3...'))).rejects.toMatchObject({
      code: 'audio-too-long',
    })
    expect(transcriber.heardSeconds).toBe(0)
    expect(kept.size).toBe(0)
  })

  it('keeps the sound when hearing fails, and says where', async () => {
    transcriber.failure = new LvaError('model-process-down', 'The models have stopped.')
    const id = await recordings.start(RATE)
    await recordings.push(id, second)
    const failure = await recordings.finish(id).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'model-process-down' })
    const sha256 = (failure as LvaError).params.audioSha256 as string
    expect(kept.has(sha256)).toBe(true)
    transcriber.failure = undefined
    const again = await recordings.transcribe(await recordings.read(sha256))
    expect(again).toMatchObject({ text: 'word', audioSha256: sha256 })
  })

  it('keeps nothing when the learner keeps no recordings', async () => {
    keeps = false
    const id = await recordings.start(RATE)
    await recordings.push(id, second)
    expect((await recordings.finish(id)).audioSha256).toBeNull()
    expect(kept.size).toBe(0)
  })

  it('loses nothing when hearing fails and no recordings are kept: it can be finished again', async () => {
    keeps = false
    transcriber.failure = new LvaError('model-process-down', 'The models have stopped.')
    const id = await recordings.start(RATE)
    for (let n = 0; n < 3; n++) await recordings.push(id, second)
    await expect(recordings.finish(id)).rejects.toMatchObject({
      code: 'model-process-down',
      params: { recordingId: id },
    })
    transcriber.failure = undefined
    expect((await recordings.finish(id)).text.split(' ')).toHaveLength(3)
    expect(kept.size).toBe(0)
    await expect(recordings.finish(id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('says that a silent recording was silent', async () => {
    const silent = await recordings.start(RATE)
    await recordings.push(silent, silence)
    await expect(recordings.finish(silent)).rejects.toMatchObject({ code: 'audio-silent' })
  })

  it('refuses what is beyond the limit and still finishes what was before', async () => {
    const id = await recordings.start(RATE)
    for (let n = 0; n < 100; n++) await recordings.push(id, second)
    await expect(recordings.push(id, second)).rejects.toMatchObject({ code: 'audio-too-long' })
    expect((await recordings.finish(id)).seconds).toBe(100)
  })

  it('drops a recording that was abandoned', async () => {
    const id = await recordings.start(RATE)
    clock.advance(120_000)
    await recordings.start(RATE)
    await expect(recordings.push(id, second)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('forgets a cancelled recording', async () => {
    const id = await recordings.start(RATE)
    await recordings.push(id, second)
    await recordings.cancel(id)
    await recordings.cancel(id)
    await expect(recordings.finish(id)).rejects.toMatchObject({ code: 'not-found' })
    expect(kept.size).toBe(0)
  })

  it.each([
    ['no bytes', new Uint8Array(), 'audio-empty'],
    ['other bytes', new TextEncoder().encode('not a recording at all, only text'), 'audio-not-audio'],
    ['a header alone', writeWav({ samples: new Float32Array(), sampleRate: 16_000 }), 'audio-empty'],
    ['too much', writeWav({ samples: new Float32Array(101 * 1_000), sampleRate: 1_000 }), 'audio-too-long'],
  ])('refuses a file with %s', async (_, bytes, code) => {
    await expect(recordings.transcribe(bytes)).rejects.toMatchObject({ code })
    expect(kept.size).toBe(0)
  })

  it('is heard by what hears whole recordings, where one is chosen, and once', async () => {
    const heard: number[] = []
    transcriber.ofWhole = {
      id: 'far',
      async transcribe(samples) {
        heard.push(samples.length / SPEECH_RATE)
        return { text: 'far away', seconds: 3, segments: [], model: 'far', language: 'de' }
      },
    }
    const id = await recordings.start(RATE)
    for (let at = 0; at < 3; at++) await recordings.push(id, second)
    expect(await recordings.finish(id)).toMatchObject({ text: 'far away', model: 'far', language: 'de' })
    expect(heard).toEqual([expect.closeTo(3, 1)])
  })
})
