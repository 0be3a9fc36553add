import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { seededRandom } from '../src-core/kernel/index.ts'
import { pcm16, SPEECH_RATE } from '../src-core/models/index.ts'
import { spoken } from './spoken.ts'
import { allRead, openWholeProgram } from './whole-program.ts'

/**
 * A recorder that was forgotten: an hour of a room in which one sentence is said and some keys are typed, through the whole program with its real
 * recogniser, faster than real time. The clock of a recording is its sound.
 */
const HOUR = 3_600
/** Where the sentence begins, in seconds. */
const SAID_AT = 1_800
const SAID = 'Plants turn light into sugar, water and carbon dioxide into air.'
/** Where somebody types, and how often a key clicks. */
const TYPED_AT = 600
const CLICKS = 40
/** A part has 20 minutes, and what follows until it is quiet. */
const LONGEST_PART_BYTES = 2 * SPEECH_RATE * (20 * 60 + 30)

/** Sound is pushed in stretches of so many seconds; the window sends more of them, and shorter ones. */
const PIECE = 4
const random = seededRandom(1)
/** A minute of a quiet room, and so much that each stretch may begin at another place of it. */
const ROOM = Float32Array.from({ length: (60 + PIECE) * SPEECH_RATE }, () => 0.002 * (random.fraction() - 0.5))

/** @param second where the stretch begins */
function room(second: number): Float32Array {
  const from = (second * 7_919) % (60 * SPEECH_RATE)
  const heard = ROOM.slice(from, from + PIECE * SPEECH_RATE)
  if (second < TYPED_AT || second >= TYPED_AT + CLICKS / 2) return heard
  // Clicks of five milliseconds, twice a second.
  for (let at = 0.2; at < PIECE; at += 0.5) {
    for (let n = 0; n < SPEECH_RATE / 200; n++)
      heard[Math.round(at * SPEECH_RATE) + n] = 0.4 * (random.fraction() - 0.5)
  }
  return heard
}

it('an hour of silence makes no words, and takes no more room than its sound', async () => {
  const sentence = await spoken(SAID)
  const program = await openWholeProgram({})
  try {
    const { client, dataDir } = program
    const { id } = await client.longRecordings.start({ sampleRate: SPEECH_RATE })
    let most = 0
    for (let second = 0; second < HOUR; second += PIECE) {
      const heard = room(second)
      const from = (second - SAID_AT) * SPEECH_RATE
      if (from >= 0) for (let n = 0; n < heard.length; n++) heard[n] = (heard[n] ?? 0) + (sentence[from + n] ?? 0)
      await client.longRecordings.push({ id, pcm: new Blob([new Uint8Array(pcm16(heard))]) })
      if (second % 60 === 0) most = Math.max(most, bytesIn(join(dataDir, 'recording')))
    }
    const { documentIds } = await client.longRecordings.finish({ id })
    await allRead(client)
    // The part that is recorded, and the one before it while it becomes a document.
    expect(most).toBeLessThan(2 * LONGEST_PART_BYTES)
    expect(bytesIn(join(dataDir, 'recording'))).toBe(0)

    const documents = await Promise.all(documentIds.map((document) => client.documents.get({ id: document })))
    const seconds = documents.map(({ size }) => (size - 44) / 2 / SPEECH_RATE)
    expect(seconds.reduce((sum, part) => sum + part, 0)).toBeCloseTo(HOUR, 1)
    expect(documents.map(({ state, error }) => error?.code ?? state)).toEqual([
      'document-no-speech',
      'ready',
      'document-no-speech',
    ])
    const { blocks } = await client.documents.text({ id: documentIds[1] ?? '', limit: 100 })
    const begins = SAID_AT - (seconds[0] ?? 0)
    for (const { place } of blocks) {
      expect(place?.second).toBeGreaterThan(begins - 1)
      expect(place?.endSecond).toBeLessThan(begins + sentence.length / SPEECH_RATE + 1)
    }
    expect(blocks.map(({ text }) => text).join(' ')).toMatch(/light.*sugar/i)
  } finally {
    await program.close()
  }
}, 600_000)

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}
