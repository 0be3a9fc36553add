import type { Clock, Log, LvaError, NewId } from '../../kernel/index.ts'
import type { ChosenTranscriber, VoiceDetector } from '../../models/index.ts'
import type { BlobStore } from '../../store/index.ts'
import type { KeptTranscript } from '../recordings.ts'

export interface HandsFreeServices {
  detector: VoiceDetector
  transcriber: ChosenTranscriber
  blobs: Pick<BlobStore, 'put'>
  /** Whether the learner keeps recordings beside their transcript. */
  keepsRecordings(): Promise<boolean>
  /** Silence that ends a turn, in seconds. */
  pause(): Promise<number>
  clock: Clock
  newId: NewId
  log: Log
}

/** What goes on in a hands-free conversation, as the screen needs to know it. */
export type HandsFreeEvent =
  /** Voice, perhaps: what is being spoken to the learner pauses now. */
  | { type: 'onset' }
  /** It was none, or our own: what was being spoken goes on. */
  | { type: 'noise'; ours: boolean }
  /** Somebody speaks. */
  | { type: 'speaking' }
  /** The words so far. They are not ours: what was being spoken has ended. */
  | { type: 'partial'; text: string }
  | { type: 'pausing' }
  /** The sentence is not finished: the turn ends only after so much silence. */
  | { type: 'waiting'; seconds: number }
  /** The turn is over; its words follow. */
  | { type: 'ended' }
  /** `waited`: seconds of silence that ended it. `recogniseMs`: from then until the words were there and the sound was kept. */
  | { type: 'turn'; transcript: KeptTranscript; waited: number; recogniseMs: number }
  /** The turn had no words in it. */
  | { type: 'nothing'; clipped: boolean }
  /** The words could not be made out for a fault; `again` tries once more. */
  | { type: 'failed'; error: LvaError }
  /** Nothing but digital silence for a while. */
  | { type: 'muted' }
