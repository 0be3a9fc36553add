import { expect, test } from 'vitest'
import type { Utterance, Voice } from './speaker.ts'
import { withStandIn } from './voices.ts'

const nothing: Utterance = {
  play: async () => undefined,
  stop: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
}

function voiceOf(name: string, spoken: string[], fails: () => boolean): Voice {
  return {
    async prepare(text) {
      if (fails()) throw Object.assign(new Error(), { code: 'network-down', advice: '', params: {} })
      spoken.push(`${name}: ${text}`)
      return nothing
    },
  }
}

test('when a voice fails, another speaks from that sentence on, and it is said once', async () => {
  const spoken: string[] = []
  const faults: string[] = []
  let isDown = false
  const voice = withStandIn(
    voiceOf('far', spoken, () => isDown),
    async () => voiceOf('near', spoken, () => false),
    ({ code }) => faults.push(code),
  )
  await voice.prepare('One.')
  isDown = true
  await Promise.all([voice.prepare('Two.'), voice.prepare('Three.')])
  isDown = false
  await voice.prepare('Four.')
  expect(spoken).toEqual(['far: One.', 'near: Two.', 'near: Three.', 'near: Four.'])
  expect(faults).toEqual(['network-down'])
})
