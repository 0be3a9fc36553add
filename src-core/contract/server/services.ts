import type { McpServers, Proposer, Summaries } from '../../agents/index.ts'
import type { Backups } from '../../backup/index.ts'
import type {
  Documents,
  Forgetting,
  HandsFreeEvent as HandsFreeSign,
  KeptTranscript,
  LongRecordings,
  Pictures,
  Retention,
  StudyTimeline,
  WatchedFolders,
} from '../../capture/index.ts'
import type { NewId } from '../../kernel/index.ts'
import type { Legacy } from '../../legacy/index.ts'
import type { ConceptGraph, IndexProgress, SearchRequest, SearchResult } from '../../memory/index.ts'
import type { LocalModels } from '../../models/index.ts'
import type { Portable } from '../../portable/index.ts'
import type { SyncDevices } from '../../sync/index.ts'
import type { Vault } from '../../vault/index.ts'
import type {
  AppInfo,
  AttachmentChoices,
  AttachmentFetch,
  AttachmentStanding,
  AttachmentStatus,
  Check,
  ConsentDecision,
  DataSize,
  Erasure,
  ItemPlaces,
  KeyedProvider,
  KeyedSource,
  MonthUsage,
  OpenAIVoice,
  ProviderCheck,
  ProviderName,
  ProviderStatus,
  Recogniser,
  ResearchStatus,
  ShownItems,
  SourceCheck,
  SyncConflict,
  SyncState,
  SyncStatus,
  TestedSource,
  TurnEvent,
  TurnRequest,
} from '../shapes.ts'
import type { ClientContext } from './serve-connection.ts'

/** What the router needs from the floors below. The composition (`src-main/core`) puts it together; tests hand in doubles. */
export interface Services {
  readonly vault: Vault
  readonly newId: NewId
  readonly models: Pick<LocalModels, 'status' | 'onStatus'>
  readonly search: (request: SearchRequest) => Promise<SearchResult>
  readonly index: IndexService
  readonly concepts: Omit<ConceptGraph, 'close' | 'wake' | 'refresh'>
  readonly turns: TurnService
  readonly summaries: Pick<Summaries, 'make'>
  readonly recordings: RecordingService
  readonly handsFree: HandsFreeService
  readonly recognisers: RecogniserService
  readonly longRecordings: Pick<LongRecordings, 'start' | 'push' | 'pause' | 'resume' | 'finish'>
  readonly pictures: Pick<Pictures, 'add' | 'inspect' | 'take' | 'file' | 'read' | 'readNew'>
  /** Speaks with the packaged voice, or OpenAI's that is named; answers a WAV file. */
  readonly speak: (text: string, openaiVoice: OpenAIVoice | undefined, signal?: AbortSignal) => Promise<Uint8Array>
  readonly timeline: Omit<StudyTimeline, 'close' | 'idle'>
  readonly retention: Pick<Retention, 'forecast' | 'wouldGo' | 'tidy'>
  readonly forgetting: Pick<Forgetting, 'waiting' | 'list' | 'restore' | 'forgetNow'>
  readonly documents: Documents
  readonly folders: WatchedFolders
  readonly providers: ProviderService
  readonly research: ResearchService
  readonly installation: InstallationService
  readonly legacy: Legacy
  readonly backups: Pick<
    Backups,
    | 'status'
    | 'phrase'
    | 'unlock'
    | 'configure'
    | 'list'
    | 'backUp'
    | 'verify'
    | 'restore'
    | 'present'
    | 'swapIn'
    | 'discard'
    | 'onChange'
  >
  /** Deletes all data, and the backups if asked; the core then starts again. */
  readonly erase: (backups: boolean) => Promise<Erasure>
  readonly portable: Portable
  readonly sync: SyncService
  readonly mcp: Omit<McpServers, 'tools' | 'close'>
  /** Draws statements about the learner from what they said. */
  proposer: Pick<Proposer, 'idle'>
}

export interface IndexService {
  progress(): IndexProgress | Promise<IndexProgress>
  onProgress(listener: (progress: IndexProgress) => void): () => void
  /** Makes chunks and vectors anew from the tables. `onProgress` counts captures and notes. Resolves when all are done. */
  rebuild(onProgress: (done: number, total: number) => void, signal?: AbortSignal): Promise<void>
}

export interface TurnService {
  prepare(): Promise<void>
  send(request: TurnRequest, signal?: AbortSignal): AsyncIterable<TurnEvent>
  retry(captureId: string, provider: ProviderName | undefined, signal?: AbortSignal): AsyncIterable<TurnEvent>
  /** False where the question was no longer open. */
  consent(id: string, decision: ConsentDecision): boolean
}

export interface RecordingService {
  start(sampleRate: number): Promise<string>
  push(recordingId: string, pcm: Uint8Array): Promise<void>
  partials(recordingId: string, signal?: AbortSignal): AsyncIterable<string>
  finish(recordingId: string, signal?: AbortSignal): Promise<KeptTranscript>
  cancel(recordingId: string): Promise<void>
  /** @param wav a whole WAV file */
  transcribe(wav: Uint8Array, signal?: AbortSignal): Promise<KeptTranscript>
  /** A kept recording as a WAV file. */
  read(sha256: string): Promise<Uint8Array>
}

export interface RecogniserService {
  list(): Promise<Recogniser[]>
  download(id: string): Promise<void>
  pause(id: string): Promise<void>
  remove(id: string): Promise<void>
  onChange(listener: () => void): () => void
}

export interface HandsFreeService {
  open(sampleRate: number): Promise<string>
  push(id: string, pcm: Uint8Array): void
  events(id: string, signal?: AbortSignal): AsyncIterable<HandsFreeSign>
  speak(id: string, sentence: string | null): void
  again(id: string): void
  close(id: string): void
}

export interface SyncService
  extends Pick<
    SyncDevices,
    | 'list'
    | 'createAccount'
    | 'signIn'
    | 'signOut'
    | 'leave'
    | 'phrase'
    | 'begin'
    | 'joinByPhrase'
    | 'joinByCode'
    | 'admit'
    | 'answer'
    | 'rename'
    | 'revoke'
  > {
  /** Told of every change; `devices` is false where nothing but the state of sending and fetching has changed. @returns ends it */
  onChange(listener: (devices: boolean) => void): () => void
  status(): Promise<SyncStatus>
  conflicts(): Promise<SyncConflict[]>
  look(items: ShownItems['items']): Promise<ItemPlaces['places']>
  pause(): Promise<void>
  resume(): Promise<void>
  now(signal?: AbortSignal): Promise<SyncState>
  readonly attachments: AttachmentService
}

export interface AttachmentService {
  status(): Promise<AttachmentStatus>
  /** What is left out stays. */
  choose(choices: AttachmentChoices): Promise<void>
  standing(sha256: string): Promise<AttachmentStanding>
  fetch(sha256: string, signal?: AbortSignal): AsyncGenerator<AttachmentFetch>
  /** What a window says of its network; null where its browser does not tell. */
  report(isMetered: boolean | null): void
  /** Called with the SHA-256 of bytes that have come. @returns ends it */
  onArrived(listener: (sha256: string) => void): () => void
}

export interface ProviderService {
  list(): Promise<ProviderStatus[]>
  setKey(provider: KeyedProvider, key: string): Promise<void>
  removeKey(provider: KeyedProvider): Promise<void>
  test(provider: ProviderName, signal?: AbortSignal): Promise<ProviderCheck>
  models(provider: KeyedProvider, signal?: AbortSignal): Promise<string[]>
  usage(): Promise<MonthUsage>
}

export interface ResearchService {
  status(): Promise<ResearchStatus>
  setKey(source: KeyedSource, key: string): Promise<void>
  removeKey(source: KeyedSource): Promise<void>
  test(source: TestedSource, signal?: AbortSignal): Promise<SourceCheck>
  clearCache(): Promise<void>
}

export interface InstallationService {
  info(host: ClientContext['host']): Promise<AppInfo>
  dataSize(): Promise<DataSize>
  doctor(signal?: AbortSignal): Promise<Check[]>
}
