import type { Closable, LvaError } from '../kernel/index.ts'
import type { WhisperPlace } from './local/whisper.ts'

// ---------------------------------------------------------------------------------------------- embedding

export interface EmbedderInfo {
  /** Stored with each vector, such as `all-MiniLM-L6-v2/fp16/6c65b6a4`: name, weights, first 8 hex digits of the file's SHA-256. */
  readonly id: string
  readonly dimensions: number
  /** Tokens after which a text is cut. */
  readonly maxTokens: number
  /** Languages that it has learned, by their ISO 639-1 codes; left out, all alike. */
  readonly languages?: readonly string[]
}

/** Turns texts into vectors of unit length. */
export interface Embedder {
  readonly info: EmbedderInfo
  /** @returns one vector of `info.dimensions` float32 for each text, in the order of the texts, L2-normalised */
  embed(texts: readonly string[], options?: { signal?: AbortSignal }): Promise<Float32Array[]>
}

// ---------------------------------------------------------------------------------------------- speech

export interface Transcript {
  text: string
  /** Seconds of audio that were heard. */
  seconds: number
  /** Stretches with their place in the audio, in seconds. */
  segments: { start: number; end: number; text: string }[]
  /** Model that heard it, such as `moonshine-tiny/en`. */
  model: string
  /** ISO 639-1 of what was spoken most; null where the model does not say. */
  language: string | null
  /** Why it was not heard by the model that the learner chose; left out where it was. */
  instead?: { chosen: string; error: LvaError }
}

/** Turns speech into text. */
export interface Transcriber {
  readonly id: string
  /**
   * @param samples mono, 16,000 samples a second, in [-1, 1]
   * @throws LvaError audio-empty (no samples), audio-silent (nothing above the noise floor), speech-not-understood (sound without words),
   *   cancelled
   */
  transcribe(samples: Float32Array, options?: TranscribeOptions): Promise<Transcript>
}

export interface ChosenTranscriber extends Transcriber {
  /** What hears a recording that is whole, where that is another one than what hears it while it grows; else undefined. */
  whole(): Promise<Transcriber | undefined>
}

export interface TranscribeOptions {
  signal?: AbortSignal
  /** ISO 639-1 of what is spoken, where it is known; else the model tells, if it can. */
  language?: string | undefined
}

/** What a voice detector remembers of the sound before. Opaque to callers; plain numbers, so that it travels between processes. */
export interface VoiceState {
  memory: Float32Array<ArrayBuffer>
  context: Float32Array<ArrayBuffer>
}

export interface VoiceSense {
  /** For each frame, from 0 to 1. */
  probabilities: number[]
  state: VoiceState
}

/** Tells voice from everything else. */
export interface VoiceDetector {
  readonly id: string
  /** Samples of one frame. */
  readonly frame: number
  /**
   * @param samples whole frames, mono, 16,000 samples a second, in [-1, 1]
   * @param state what the call before gave; null at the beginning
   */
  detect(
    samples: Float32Array<ArrayBuffer>,
    state: VoiceState | null,
    options?: { signal?: AbortSignal },
  ): Promise<VoiceSense>
}

/** Turns text into speech. */
export interface Synthesizer {
  readonly id: string
  /**
   * Any text works; what the voice cannot say is left out. Of a very long text some ten minutes are spoken.
   * @returns mono samples in [-1, 1], none when there is nothing to say, and their rate in samples a second
   * @throws LvaError cancelled
   */
  synthesize(text: string, options?: { signal?: AbortSignal }): Promise<{ samples: Float32Array; sampleRate: number }>
}

/** What the models process offers to the core, whichever process runs it. */
export interface LocalModels extends Closable {
  readonly embedder: Embedder
  readonly transcriber: Transcriber
  /** Hears with a model that was downloaded. */
  downloaded(place: WhisperPlace): Transcriber
  readonly detector: VoiceDetector
  readonly synthesizer: Synthesizer
  status(): LocalModelsStatus
  onStatus(listener: (status: LocalModelsStatus) => void): () => void
}

export interface LocalModelsStatus {
  state: 'stopped' | 'starting' | 'ready' | 'restarting' | 'failed'
  /** Times the process has been replaced after a crash since the core started. */
  crashes: number
  /** Times it has been replaced because of its size. */
  recycles: number
  residentMb: number
  /** Process id while one runs. */
  pid?: number
}

// ---------------------------------------------------------------------------------------------- processes

/** A child process, whichever host runs it (Electron's utilityProcess or Node's child_process). Messages are structured clones. */
export interface ChildHandle {
  readonly pid: number | undefined
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, with the exit code or null after a signal. */
  onExit(listener: (code: number | null) => void): void
  kill(): void
}

export type SpawnModels = () => ChildHandle

/** The child's own end of that line. */
export interface ParentLine {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
}

// ---------------------------------------------------------------------------------------------- language models

export type LanguageProvider = 'anthropic' | 'openai' | 'compatible' | 'offline'

/** A picture that goes along with a message, as a file of its type. */
export interface LanguagePicture {
  mediaType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif'
  bytes: Uint8Array
}

/** A tool that the model may ask for. */
export interface ToolSpecification {
  /** Letters, digits, `_` and `-`, at most 64. */
  name: string
  description: string
  /** JSON Schema of the input, an object. */
  parameters: Record<string, unknown>
}

/** The model asks for a tool. */
export interface ToolCall {
  /** As the provider names it; its result names it again. */
  id: string
  name: string
  /** As the model wrote it, read as JSON: not checked against the tool's schema. Undefined where it was not JSON. */
  input: unknown
}

export interface ToolResult {
  callId: string
  text: string
  isError: boolean
}

/** What a message holds beside its text keeps it from being merged with its neighbours or dropped as blank. */
export interface LanguageMessage {
  role: 'user' | 'assistant'
  text: string
  /** Of the learner's. */
  pictures?: readonly LanguagePicture[]
  /** Of the assistant's: what it asked for after its text. */
  toolCalls?: readonly ToolCall[]
  /** Of the assistant's: the `carried` of the `end` event that these calls came with, handed back unchanged. */
  carried?: unknown
  /** Answers every call of the message before. */
  toolResults?: readonly ToolResult[]
}

/** Where the words of a passage are from. Those of documents and pictures may be of others. */
export type PassageOrigin = 'said' | 'note' | 'document' | 'picture' | 'answer'

/** A passage of the learner's memory that an answer may cite by its number. */
export interface Passage {
  /** 1, 2, 3 ... as the prompt and the answer's `[n]` name it. */
  number: number
  captureId: string
  from: PassageOrigin
  /** What it says, plain text. */
  text: string
  /** Of a document: its title, headings and names of columns around the passage, as ` › ` joins them. No part of what is cited. */
  under?: string
  /** ISO 8601 instant of the capture. */
  when: string
  /** Relevance in [0, 1]. */
  score: number
}

/** How an answer is to help, where the learner wants to find out for themselves. */
export interface Guidance {
  mode: 'ask-first' | 'socratic'
  /** `attempt`: ask for theirs; `hint`: give one; `answer`: tell it. Left out: talk as one does in that mode. */
  step?: 'attempt' | 'hint' | 'answer'
  /** Of a hint: from 1, each helping more than the one before. */
  hint?: number
  /** What they want to find out, in their own words; left out where nothing is open. */
  question?: string
}

export interface LanguageRequest {
  system: string
  /** Oldest first; the last one is the learner's. */
  messages: readonly LanguageMessage[]
  /** Memory that the answer may use. Already rendered into `system` by the agent for remote models; the offline tutor reads it here. */
  passages: readonly Passage[]
  /** Already rendered into `system` for remote models; the offline tutor reads it here. */
  guidance?: Guidance
  /** Words of the learner for a time that no passage is from, such as `last week`; rendered and read as above. */
  emptyTime?: string
  /** Left out or empty: the model can only answer. The offline tutor asks for `calculate` and `date_time` alone. */
  tools?: readonly ToolSpecification[]
  /** `none`: the tools are told only because calls of them stand in the messages; the model must answer. */
  toolChoice?: 'none'
  maxOutputTokens: number
  /** What this call shares with others of its turn. Left out, only the month's budget holds. */
  allowance?: Allowance
  signal?: AbortSignal
}

/** What several calls together may spend. */
export interface Allowance {
  /**
   * Sets aside the most that a call can cost, in millionths of a US dollar.
   * @returns to be called once with what it did cost
   * @throws LvaError turn-budget-reached before anything is sent, when the call could pass what is left
   */
  reserve(mostMicroUsd: number): (usedMicroUsd: number) => void
}

export interface TokenUsage {
  inputTokens: number
  outputTokens: number
  /** US dollars by the price table; null where the table has no such model. */
  costUsd: number | null
}

export type LanguageEvent =
  | { type: 'delta'; text: string }
  /** Whole; all calls of an answer come before its `end`, whose reason is `tools`. */
  | { type: 'tool-call'; call: ToolCall }
  /**
   * The last event of every stream that did not throw. `carried`: what the provider must be given back with its calls, such as signed
   * thoughts; not to be looked into.
   */
  | {
      type: 'end'
      usage: TokenUsage
      model: string
      stopReason: 'end' | 'length' | 'refusal' | 'tools'
      carried?: unknown
    }

/**
 * One conversation model. The acceptance suite (`test/suites/language-model-suite.ts`) says what each must do: stream, cancel at any moment, time
 * out, and turn each provider error into the LvaError of the table in docs/architecture.md.
 */
export interface LanguageModel {
  readonly provider: LanguageProvider
  /** Name of the model as the provider knows it. */
  readonly model: string
  stream(request: LanguageRequest): AsyncIterable<LanguageEvent>
  /** The cheapest call that proves key, address and model. @throws the same errors as `stream` */
  check(signal?: AbortSignal): Promise<void>
}
