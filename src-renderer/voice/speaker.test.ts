import { describe, expect, test } from 'vitest'
import { Speaker, type Utterance, type Voice } from './speaker.ts'

/** A voice whose sentences last until the test ends them. */
function patientVoice() {
  const said: string[] = []
  const prepared: string[] = []
  let finishSentence: (() => void) | undefined
  const voice: Voice = {
    prepare: async (text): Promise<Utterance> => {
      prepared.push(text)
      return {
        play: () =>
          new Promise((resolve) => {
            said.push(text)
            finishSentence = resolve
          }),
        stop: () => finishSentence?.(),
        pause: () => said.push('(pause)'),
        resume: () => said.push('(on)'),
      }
    },
  }
  return { voice, said, prepared, finishSentence: () => finishSentence?.() }
}

const faults: string[] = []
const speakerOf = (voice: Voice) =>
  new Speaker({ chooseVoice: async () => voice, onFault: (failure) => faults.push(failure.code) })

describe('Speaker', () => {
  test('speaks while the answer arrives, and shows which words', async () => {
    const { voice, said, finishSentence } = patientVoice()
    const speaker = speakerOf(voice)
    speaker.begin('c')
    expect(speaker.speaking).toEqual({ captureId: 'c', stretch: null })
    speaker.feed('You said so [1]. And ')
    await expect.poll(() => said).toEqual(['You said so.'])
    expect(speaker.speaking).toEqual({ captureId: 'c', stretch: { start: 0, end: 16 } })
    speaker.feed('then?')
    speaker.end()
    finishSentence()
    await expect.poll(() => said).toEqual(['You said so.', 'And then?'])
    expect(speaker.speaking?.stretch).toEqual({ start: 17, end: 26 })
    finishSentence()
    await expect.poll(() => speaker.speaking).toBe(null)
  })

  test('stops in the middle of a sentence and says nothing more', async () => {
    const { voice, said } = patientVoice()
    const speaker = speakerOf(voice)
    speaker.speak('c', 'One. Two. Three.')
    await expect.poll(() => said).toEqual(['One.'])
    speaker.stop()
    expect(speaker.speaking).toBe(null)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(said).toEqual(['One.'])
  })

  test('pauses in the middle of a sentence, and goes on with it and the next', async () => {
    const { voice, said, finishSentence } = patientVoice()
    const speaker = speakerOf(voice)
    speaker.speak('c', 'One. Two.')
    await expect.poll(() => said).toEqual(['One.'])
    expect(speaker.sentence).toBe('One.')
    speaker.pause()
    speaker.pause()
    expect(said).toEqual(['One.', '(pause)'])
    finishSentence()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(said).toEqual(['One.', '(pause)'])
    speaker.resume()
    await expect.poll(() => said.at(-1)).toBe('Two.')
    finishSentence()
    await expect.poll(() => speaker.speaking).toBe(null)
    expect(speaker.sentence).toBe(null)
  })

  test('an answer that begins while it is paused waits; one that begins after a stop does not', async () => {
    const { voice, said } = patientVoice()
    const speaker = speakerOf(voice)
    speaker.pause()
    speaker.speak('c', 'One.')
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(said).toEqual([])
    speaker.stop()
    speaker.speak('d', 'Two.')
    await expect.poll(() => said).toEqual(['Two.'])
  })

  test('a new answer ends the one before', async () => {
    const { voice, said } = patientVoice()
    const speaker = speakerOf(voice)
    speaker.speak('a', 'Old one. Old two.')
    await expect.poll(() => said).toEqual(['Old one.'])
    speaker.speak('b', 'New.')
    await expect.poll(() => said).toEqual(['Old one.', 'New.'])
    expect(speaker.speaking?.captureId).toBe('b')
  })

  test('prepares the next sentence while one is heard, and no more than that', async () => {
    const { voice, prepared, said } = patientVoice()
    const speaker = speakerOf(voice)
    speaker.speak('c', 'One. Two. Three. Four.')
    await expect.poll(() => said).toEqual(['One.'])
    expect(prepared).toEqual(['One.', 'Two.'])
    speaker.stop()
  })

  test('an answer without words is silent', async () => {
    const { voice, said } = patientVoice()
    const speaker = speakerOf(voice)
    speaker.speak('c', '[1] ... ***')
    await expect.poll(() => speaker.speaking).toBe(null)
    expect(said).toEqual([])
  })

  test('a voice that fails is told once', async () => {
    const speaker = speakerOf({ prepare: () => Promise.reject(new Error('no device')) })
    speaker.speak('c', 'One. Two.')
    await expect.poll(() => faults).toEqual(['internal'])
    expect(speaker.speaking).toBe(null)
  })
})
