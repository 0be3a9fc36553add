import { quietestSecond, resampled, SPEECH_RATE } from '../../../models/index.ts'
import { joinedSamples } from './joined.ts'
import type { OpenedSound } from './types.ts'

/** A stretch that is heard at once has at least so many seconds, and ends at the quietest place of those that may follow. */
const LEAST_SECONDS = 60
const MAY_FOLLOW_SECONDS = 20

/** Sound at the rate of the speech model, in stretches of about a minute that end where it is quiet. The last one may be short. */
export async function* stretchesOf({ pieces, sampleRate }: OpenedSound): AsyncGenerator<Float32Array<ArrayBuffer>> {
  const most = LEAST_SECONDS + MAY_FOLLOW_SECONDS
  let held: Float32Array<ArrayBuffer>[] = []
  let count = 0
  for await (const piece of resampled(pieces(), sampleRate, SPEECH_RATE)) {
    held.push(piece)
    count += piece.length
    while (count >= most * SPEECH_RATE) {
      const all = joinedSamples(held)
      const tail = all.subarray(LEAST_SECONDS * SPEECH_RATE, most * SPEECH_RATE)
      const cut = Math.round((LEAST_SECONDS + (await quietestSecond(tail, SPEECH_RATE))) * SPEECH_RATE)
      yield all.slice(0, cut)
      held = [all.slice(cut)]
      count -= cut
    }
  }
  if (count > 0) yield joinedSamples(held)
}
