import type { Frame } from '../src-core/contract/index.ts'
import type { WireError } from '../src-core/kernel/index.ts'
import type { KeyStorage, Secrets } from './secrets/secret-store.ts'

/**
 * What host and core say to each other. The host is a relay: it opens connections for clients, runs the processes for models and documents and keeps
 * the secrets, and understands nothing else.
 */
export type HostToCore =
  /** A client has come. Frames and `close` of that number follow. */
  | { type: 'open'; connection: number }
  | { type: 'frame'; connection: number; frame: Frame }
  | { type: 'close'; connection: number }
  /** The client's side is full; wait for `resume` before the next frame to it. */
  | { type: 'pause'; connection: number }
  | { type: 'resume'; connection: number }
  | { type: 'models-started'; child: number; pid: number | undefined }
  | { type: 'models-message'; child: number; message: unknown }
  | { type: 'models-exit'; child: number; code: number | null }
  | { type: 'secrets'; request: number; kind: KeyStorage; secrets?: Secrets; error?: WireError }
  /** Close everything in order and end. */
  | { type: 'shutdown' }

export type CoreToHost =
  | { type: 'ready' }
  /** Ask for `shutdown` and start the core again. */
  | { type: 'restart' }
  /** The core cannot run and ends; starting it again would not help. */
  | { type: 'fatal'; error: WireError }
  | { type: 'frame'; connection: number; frame: Frame }
  | { type: 'close'; connection: number }
  /** `heapMb` bounds the memory of its JavaScript. */
  | { type: 'models-spawn'; child: number; entry: 'models' | 'documents'; heapMb?: number }
  | { type: 'models-send'; child: number; message: unknown }
  | { type: 'models-kill'; child: number }
  | { type: 'secrets-load'; request: number }
  | { type: 'secrets-save'; request: number; secrets: Secrets }
