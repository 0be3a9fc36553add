import { z } from 'zod'
import { OPENAI_VOICES } from '../kernel/index.ts'
import { transcript, wireError } from './schemas.ts'

/** Samples a second of a microphone. */
export const sampleRate = z.number().int().min(8_000).max(192_000)

/** Voices of OpenAI's speech models. */
export const openaiVoice = z.enum(OPENAI_VOICES)

/** What can hear. The packaged one and OpenAI have no files. */
export const recogniser = z.object({
  /** `packaged`, `openai`, or that of a download. */
  id: z.string(),
  name: z.string(),
  /** What its transcripts call it. */
  model: z.string(),
  kind: z.enum(['packaged', 'download', 'openai']),
  licence: z.string(),
  /** ISO 639-1; empty where nearly all are understood. */
  languages: z.array(z.string()),
  /** Where it comes from, or where sound is sent; empty for the packaged one. */
  origin: z.string(),
  /** Of all its files, and of those on the disk. */
  bytes: z.number().int(),
  have: z.number().int(),
  /** `absent`: can be downloaded, or has no key; `paused`: a part of it is there; `ready`: can hear now. */
  state: z.enum(['absent', 'downloading', 'paused', 'ready']),
  /** Why the last download ended. */
  error: wireError.nullable(),
})

/** What goes on in a hands-free conversation (docs/voice.md §1). */
export const handsFreeEvent = z.discriminatedUnion('type', [
  /** Voice, perhaps: what is being spoken pauses now. */
  z.object({ type: z.literal('onset') }),
  /** It was none, or that of the answer: what was being spoken goes on. */
  z.object({ type: z.literal('noise'), ours: z.boolean() }),
  z.object({ type: z.literal('speaking') }),
  /** The words so far, which are the learner's. */
  z.object({ type: z.literal('partial'), text: z.string() }),
  z.object({ type: z.literal('pausing') }),
  /** The sentence is not finished: so much silence ends the turn now. */
  z.object({ type: z.literal('waiting'), seconds: z.number() }),
  z.object({ type: z.literal('ended') }),
  /** `waited`: seconds of silence that ended it. `recogniseMs`: from then until its words were there and its sound was kept. */
  z.object({ type: z.literal('turn'), transcript, waited: z.number(), recogniseMs: z.number() }),
  /** There were no words in it. */
  z.object({ type: z.literal('nothing'), clipped: z.boolean() }),
  /** The words could not be made out for a fault; `again` tries once more. */
  z.object({ type: z.literal('failed'), error: wireError }),
  /** Digital silence for half a minute. */
  z.object({ type: z.literal('muted') }),
])
