import { describe, expect, it } from 'vitest'
import { FRAME_SECONDS, type TurnSign, TurnTaking } from './turn-taking.ts'

/** A machine that is given stretches of one probability, and tells its signs with the second at which each came. */
function listen(pause = 0.7) {
  const taking = new TurnTaking({ pause })
  let frames = 0
  const hear = (seconds: number, probability: number) => {
    const signs: (TurnSign['type'] | number)[][] = []
    for (let frame = 0; frame < Math.round(seconds / FRAME_SECONDS); frame++) {
      frames++
      for (const sign of taking.hear(probability))
        signs.push([sign.type, Math.round(frames * FRAME_SECONDS * 100) / 100])
    }
    return signs
  }
  const names = (seconds: number, probability: number) => hear(seconds, probability).map(([name]) => name)
  return { taking, hear, names }
}

const VOICE = 0.95
const SILENCE = 0.02

describe('the turns of a conversation', () => {
  it('begin with two frames of voice, are heard in the first pause, and end after the whole pause', () => {
    const { hear } = listen()
    expect(hear(1, SILENCE)).toEqual([])
    expect(hear(2, VOICE)).toEqual([
      ['onset', 1.06],
      ['speaking', 1.25],
    ])
    const [pausing, ended] = hear(2, SILENCE)
    expect(pausing).toEqual(['pausing', expect.closeTo(2.98 + 0.22, 1)])
    expect(ended).toEqual(['ended', expect.closeTo(2.98 + 0.7, 1)])
  })

  it('say where the voice began and ended', () => {
    const { taking, hear } = listen()
    hear(1, SILENCE)
    const onset = [taking.hear(VOICE), taking.hear(VOICE)].flat()[0]
    expect(onset).toEqual({ type: 'onset', second: 31 * FRAME_SECONDS })
    hear(1, VOICE)
    const signs: TurnSign[] = []
    for (let frame = 0; frame < 60; frame++) signs.push(...taking.hear(SILENCE))
    expect(signs.at(-1)).toEqual({ type: 'ended', second: (31 + 2 + 31) * FRAME_SECONDS })
  })

  it('a click, and a noise shorter than a word, are no turn', () => {
    const { names } = listen()
    expect(names(FRAME_SECONDS, VOICE)).toEqual([])
    expect(names(1, SILENCE)).toEqual([])
    expect(names(0.16, VOICE)).toEqual(['onset'])
    expect(names(1, SILENCE)).toEqual(['noise'])
  })

  it('go on over a breath', () => {
    const { names } = listen()
    expect(names(1, VOICE)).toEqual(['onset', 'speaking'])
    expect(names(0.5, SILENCE)).toEqual(['pausing'])
    expect(names(1, VOICE)).toEqual(['resumed'])
    expect(names(1, SILENCE)).toEqual(['pausing', 'ended'])
  })

  it('wait longer for a sentence that is not finished, and no longer once it is', () => {
    const { taking, names } = listen()
    names(1, VOICE)
    names(0.3, SILENCE)
    taking.understood(false)
    expect(taking.wait).toBeCloseTo(1.75)
    expect(names(1.3, SILENCE)).toEqual([])
    expect(names(0.3, SILENCE)).toEqual(['ended'])
    names(1, VOICE)
    names(0.3, SILENCE)
    taking.understood(true)
    expect(names(0.5, SILENCE)).toEqual(['ended'])
  })

  it('wait at least 1.6 seconds for an unfinished sentence, however short the pause is', () => {
    const { taking, names } = listen(0.4)
    names(1, VOICE)
    names(0.25, SILENCE)
    taking.understood(false)
    expect(taking.wait).toBe(1.6)
  })

  it('end after three minutes, though somebody goes on', () => {
    const { names } = listen()
    expect(names(179, VOICE)).toEqual(['onset', 'speaking'])
    expect(names(2, VOICE)).toContain('ended')
  })
})

describe('over our own voice', () => {
  it('needs a surer voice, and a surer one still after each onset that was ours', () => {
    const { taking, names } = listen()
    taking.setSpoken(true)
    expect(names(0.5, 0.55)).toEqual([])
    expect(names(0.1, 0.65)).toEqual(['onset'])
    expect(names(0.5, SILENCE)).toEqual(['noise'])
    expect(names(0.5, 0.65)).toEqual([])
    expect(names(1, 0.95)).toEqual(['onset', 'speaking'])
    taking.wasOurs()
    expect(taking.phase).toBe('quiet')
  })

  it('takes one clear frame for an onset, and a clearer one still after each onset that was ours', () => {
    const { taking, names } = listen()
    expect(names(FRAME_SECONDS, 0.85)).toEqual([])
    names(1, SILENCE)
    taking.setSpoken(true)
    expect(names(FRAME_SECONDS, 0.75)).toEqual([])
    names(1, SILENCE)
    expect(names(FRAME_SECONDS, 0.85)).toEqual(['onset'])
    expect(names(0.5, SILENCE)).toEqual(['noise'])
    expect(names(FRAME_SECONDS, 0.85)).toEqual([])
    names(1, SILENCE)
    expect(names(FRAME_SECONDS, 0.95)).toEqual(['onset'])
  })

  it('never grows deaf, and hears as before once we are silent', () => {
    const { taking, names } = listen()
    taking.setSpoken(true)
    for (let times = 0; times < 20; times++) taking.wasOurs()
    expect(names(0.1, 0.95)).toEqual(['onset'])
    names(1, SILENCE)
    taking.setSpoken(false)
    expect(names(0.1, 0.55)).toEqual(['onset'])
  })
})
