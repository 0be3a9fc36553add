import { LvaError } from '../../kernel/index.ts'
import type { Transcriber, Transcript } from '../types.ts'
import { type Hear, type Heard, type HearOptions, MOONSHINE_ID, SPEECH_RATE } from './moonshine.ts'
import { halve, type Stretch, speechWindows } from './speech-windows.ts'
import { stopIfAborted } from './stop.ts'
import { cleanSample, emptyAudio } from './wav.ts'

/** Text that the model itself holds for less likely than this (mean natural logarithm of its tokens) is made up. */
const LEAST_CONFIDENCE = -1.5
/** A window in which the model lost its way is cut in two and heard again, unless it is shorter than this, in seconds. */
const SHORTEST_RETRY = 6
/** Below this level (root mean square) a window is made louder, up to it: the model was taught with voices close to the microphone. */
const QUIET_LEVEL = 0.02

/**
 * A transcriber over a model that hears one window at a time. It finds the speech, cuts it at pauses, and puts what was heard together;
 * a signal stops it within one step of the model. The window is all that has to travel to another process.
 * @param id names the model in transcripts
 */
export function createTranscriber(hear: Hear, id: string = MOONSHINE_ID): Transcriber {
  async function hearStretch(samples: Float32Array, stretch: Stretch, options: HearOptions): Promise<HeardSegment[]> {
    stopIfAborted(options.signal)
    const window = samples.slice(Math.round(stretch.start * SPEECH_RATE), Math.round(stretch.end * SPEECH_RATE))
    const heard = await hear(levelled(window), options)
    if (heard.lost && stretch.end - stretch.start >= SHORTEST_RETRY) {
      const segments: HeardSegment[] = []
      for (const half of await halve(window, SPEECH_RATE)) {
        const place = { start: stretch.start + half.start, end: stretch.start + half.end }
        segments.push(...(await hearStretch(samples, place, options)))
      }
      return segments
    }
    return isUnderstood(heard) ? [{ ...stretch, text: heard.text, language: heard.language }] : []
  }

  return {
    id,
    async transcribe(samples, { signal, language } = {}) {
      stopIfAborted(signal)
      if (samples.length === 0) throw emptyAudio()
      const windows = await speechWindows(samples, SPEECH_RATE)
      if (windows.length === 0) throw silentAudio()
      const heard: HeardSegment[] = []
      const options = { ...(signal && { signal }), language }
      for (const window of windows) heard.push(...(await hearStretch(samples, window, options)))
      if (heard.length === 0) throw notUnderstood()
      return {
        text: heard.map((segment) => segment.text).join(' '),
        seconds: samples.length / SPEECH_RATE,
        segments: heard.map(({ start, end, text }) => ({ start, end, text })),
        model: id,
        language: spokenLongest(heard),
      }
    },
  }
}

type HeardSegment = Transcript['segments'][number] & { language: string | null }

/** The language of most of the time. */
function spokenLongest(segments: readonly HeardSegment[]): string | null {
  const seconds = new Map<string | null, number>()
  for (const { start, end, language } of segments) seconds.set(language, (seconds.get(language) ?? 0) + end - start)
  return [...seconds].reduce((most, one) => (one[1] > most[1] ? one : most))[0]
}

function isUnderstood(heard: Heard): boolean {
  return heard.confidence >= LEAST_CONFIDENCE && /[\p{L}\p{N}]/u.test(heard.text)
}

/** The window with every sample a number, and, when it is quiet, louder. */
function levelled(window: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const clean = window.map(cleanSample)
  const level = Math.sqrt(clean.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, clean.length))
  if (level === 0 || level >= QUIET_LEVEL) return clean
  const gain = QUIET_LEVEL / level
  return clean.map((sample) => cleanSample(sample * gain))
}

function silentAudio(): LvaError {
  return new LvaError('audio-silent', 'Nothing was said in this recording, or the microphone did not hear it.', {
    advice: 'Check which microphone is chosen and that it is not muted, then speak again.',
  })
}

function notUnderstood(): LvaError {
  return new LvaError('speech-not-understood', 'There is sound in this recording, but no words could be made out.', {
    advice: 'Speak again, closer to the microphone or where it is quieter, or type instead.',
  })
}
