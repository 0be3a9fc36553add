import type { LogLevel, WireError } from '../../kernel/index.ts'
import type { VoiceSense, VoiceState } from '../types.ts'
import type { Heard } from './moonshine.ts'
import type { Sound } from './wav.ts'
import type { WhisperPlace } from './whisper.ts'

/** What the models process can be asked to compute. Each task is small, so that it can be cancelled, repeated and waited for. */
export interface ModelTasks {
  /** Vectors of `MINILM_INFO.dimensions` numbers, one text after the other. */
  embed: { input: string[]; output: Float32Array }
  /** What was said in one window of sound at `SPEECH_RATE`, by the packaged model or a downloaded one, in a language that is told or not. */
  hear: {
    input: { samples: Float32Array<ArrayBuffer>; whisper: WhisperPlace | null; language: string | null }
    output: Heard
  }
  /** Where there is voice in a few frames of sound at `SPEECH_RATE`. */
  detect: { input: { samples: Float32Array<ArrayBuffer>; state: VoiceState | null }; output: VoiceSense }
  /** The sound of one sentence. */
  say: { input: string; output: Sound }
}

export type TaskName = keyof ModelTasks

/** What the process needs to know; the first message it gets. */
export interface ModelsSettings {
  /** Folder for converted models. */
  cacheDir: string
  /** Most texts in one embedding batch. */
  embeddingBatch: number
  /** Threads inside an operator; 0 takes one for each physical core. */
  threads: number
  logLevel: LogLevel
}

/** From the supervisor to the models process. */
export type ModelsMessage =
  | { type: 'configure'; settings: ModelsSettings }
  | { type: 'run'; id: number; task: TaskName; input: ModelTasks[TaskName]['input'] }
  /** Stop that task; it still gets a reply. */
  | { type: 'cancel'; id: number }
  /** Close everything and end. */
  | { type: 'end' }

/** From the models process to the supervisor. `residentMb` is the size of the process after the task, in MB of 10^6 bytes. */
export type ModelsReply =
  | { type: 'ready'; residentMb: number }
  | { type: 'done'; id: number; output: ModelTasks[TaskName]['output']; residentMb: number }
  | { type: 'failed'; id: number; error: WireError; residentMb: number }
