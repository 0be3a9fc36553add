import { expect, it } from 'vitest'
import { replayInTurns, replayTogether } from './editing-traces.ts'

/** The first edits of each trace; `npm run chaos -- --traces` plays all of them. */
const EDITS = 2_000
/** Each edit is stored, sealed and sent by itself, which takes a while on a busy machine. */
const SLOWEST_MS = 900_000

it.each([
  ['of two people at once', replayTogether],
  ['in turns, over the end of the relay', replayInTurns],
])(
  'what people typed is the same on three devices and what they had: %s',
  async (_, replay) => {
    const { edits, expected, texts } = await replay(EDITS)
    expect(edits).toBeGreaterThan(0.9 * EDITS)
    expect(expected.length).toBeGreaterThan(500)
    expect(texts).toEqual([expected, expected, expected])
  },
  SLOWEST_MS,
)
