import { LvaError } from '../../kernel/index.ts'
import type { Transcriber, Transcript } from '../types.ts'
import { type Hear, type Heard, MOONSHINE_ID, SPEECH_RATE } from './moonshine.ts'
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
 */
export function createTranscriber(hear: Hear): Transcriber {
  async function hearStretch(
    samples: Float32Array,
    stretch: Stretch,
    signal: AbortSignal | undefined,
  ): Promise<Transcript['segments']> {
    stopIfAborted(signal)
    const window = samples.slice(Math.round(stretch.start * SPEECH_RATE), Math.round(stretch.end * SPEECH_RATE))
    const heard = await hear(levelled(window), signal ? { signal } : {})
    if (heard.lost && stretch.end - stretch.start >= SHORTEST_RETRY) {
      const segments: Transcript['segments'] = []
      for (const half of await halve(window, SPEECH_RATE)) {
        const place = { start: stretch.start + half.start, end: stretch.start + half.end }
        segments.push(...(await hearStretch(samples, place, signal)))
      }
      return segments
    }
    return isUnderstood(heard) ? [{ ...stretch, text: heard.text }] : []
  }

  return {
    id: MOONSHINE_ID,
    async transcribe(samples, { signal } = {}) {
      stopIfAborted(signal)
      if (samples.length === 0) throw emptyAudio()
      const windows = await speechWindows(samples, SPEECH_RATE)
      if (windows.length === 0) throw silentAudio()
      const segments: Transcript['segments'] = []
      for (const window of windows) segments.push(...(await hearStretch(samples, window, signal)))
      if (segments.length === 0) throw notUnderstood()
      return {
        text: segments.map((segment) => segment.text).join(' '),
        seconds: samples.length / SPEECH_RATE,
        segments,
        model: MOONSHINE_ID,
      }
    },
  }
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
