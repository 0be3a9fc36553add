import type { Closable, ErrorCode, ErrorParams, PictureLanguage } from '../kernel/index.ts'
import type { ConceptCorrections, LinkKind } from './concept-maps.ts'

export type CaptureSource = 'text' | 'voice' | 'import' | 'cli' | 'screen'

/** One exchange: what the learner said and, once it is complete, what the agent answered. Instants are ISO 8601 in UTC. */
export interface Capture {
  id: string
  sessionId: string
  createdAt: string
  /** When the learner last edited what was said, or null. */
  editedAt: string | null
  source: CaptureSource
  userText: string
  /** Null until answered, and where the call failed. */
  answer: Answer | null
  /** SHA-256 (64 hex digits) of the recording, or null. */
  audioSha256: string | null
  metadata: Record<string, unknown>
  /** Absent where there are none. */
  pictures?: CapturePicture[]
}

export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const
export type PictureType = (typeof PICTURE_TYPES)[number]

/** A picture that came with what was said. Its bytes are the blob `sha256`. */
export interface CapturePicture {
  sha256: string
  mediaType: PictureType
  /** Pixels, turned as the file says that it is looked at. */
  width: number
  height: number
  /** What was read in it on the device; absent until then. */
  reading?: PictureReading
  /** What a language model said of it; absent where none did. */
  description?: PictureDescription
}

/** Writing in a picture. `text.slice(block.start, block.end)` is a block's text; places have the page 1. */
export interface PictureReading {
  /** Empty where nothing can be read. */
  text: string
  blocks: DocumentBlock[]
  /** Language in which it was read, ISO 639-3. */
  language: string
  at: string
}

export interface PictureDescription {
  text: string
  model: string
  at: string
}

export interface Answer {
  text: string
  provider: string
  model: string
  inputTokens: number
  outputTokens: number
  /** US dollars; null where the price is not known. */
  costUsd: number | null
  citations: Citation[]
  /** Agents that really ran. */
  agentsUsed: AgentRun[]
  /** `stopped`: the learner stopped it; `length`: the token limit did. */
  ending: 'complete' | 'stopped' | 'length'
  createdAt: string
  /** Answers from before there were several agents have none of these. */
  kind?: TurnKind
  sources?: Source[]
  additions?: Addition[]
  /** Questions that the learner may ask next. */
  followUps?: string[]
  /** What tools made for the learner in this turn, in their order. */
  made?: Made[]
  /** How the learner wanted to be answered; absent where they wanted the answer. */
  mode?: TalkMode
  /** Where *ask before tell* stands after this answer; of Socratic talk, `answer` where the learner wanted to be told. */
  step?: TalkStep
  /** Of a hint: which one, from 1. */
  hint?: number
  /** Ids of the memories of the learner that the model was given. */
  memories?: string[]
  /** What the analysis agent read in what the learner said. */
  analysis?: Analysis
}

/** What a learner does with what they say: the five of the first version, and what tools are for. */
export const INTENTS = [
  'question',
  'statement',
  'reflection',
  'listing',
  'end_conversation',
  'calculation',
  'datetime_query',
  'store_memory',
] as const
export type Intent = (typeof INTENTS)[number]

/** How the learner feels about what they talk of. */
export const SENTIMENTS = ['negative', 'neutral', 'positive'] as const
/** How hard what was said is to follow for somebody new to it. */
export const DIFFICULTIES = ['easy', 'medium', 'hard'] as const
export const ENTITY_KINDS = ['person', 'place', 'organisation', 'name', 'date', 'number', 'money', 'link'] as const

export interface Entity {
  kind: (typeof ENTITY_KINDS)[number]
  text: string
}

/** What was read in one thing that the learner said ([agents.md](../../docs/agents.md) §4). All texts stand in it, word for word. */
export interface Analysis {
  by: 'device' | 'model'
  intent: Intent
  sentiment: (typeof SENTIMENTS)[number]
  /** Null where too little was said to tell. */
  difficulty: (typeof DIFFICULTIES)[number] | null
  /** What it is about, the most important first. */
  concepts: string[]
  entities: Entity[]
  keywords: string[]
  /** What the learner says that they do not know yet; what they ask is a question, and answered. */
  openQuestions: string[]
}

/** `answer` at once; `ask-first`: the learner tries, then hints, then the answer; `socratic`: questions that lead there. */
export const TALK_MODES = ['answer', 'ask-first', 'socratic'] as const
export type TalkMode = (typeof TALK_MODES)[number]

export const TALK_STEPS = ['attempt', 'hint', 'answer'] as const
export type TalkStep = (typeof TALK_STEPS)[number]

/** Something of the learner's that a tool made because they asked for it. */
export interface Made {
  /** `forgotten`: a memory was forgotten. */
  kind: 'note' | 'memory' | 'card' | 'forgotten'
  id: string
  /** Its beginning, to know it by; '' of what was forgotten. */
  text: string
}

export type AgentName = 'conversation' | 'analysis' | 'research' | 'vision' | 'synthesis'

export type TurnKind = 'simple' | 'complex' | 'visual' | 'insight'

/** What one agent did in a turn. Answers from before there were several agents have `agent` and `ms` alone. */
export interface AgentRun {
  agent: string
  ms: number
  /** Milliseconds after the turn began. */
  startedMs?: number
  /** `late`: its deadline passed; `refused`: the budget or the learner did not let it. */
  outcome?: 'done' | 'late' | 'failed' | 'refused' | 'stopped'
  /** Null where it asked no language model. */
  model?: string | null
  inputTokens?: number
  outputTokens?: number
  /** US dollars; null where the price is not known. */
  costUsd?: number | null
  /** Names of the tools that it ran, in order. */
  tools?: string[]
  /** What came of each of them, in the same order; older answers have the names alone. */
  toolUses?: ToolRun[]
  /** Whom it asked beyond this device, and with which words, in order. */
  asked?: Asked[]
  /** Code of what failed. */
  error?: ErrorCode
}

/** What came of one use of a tool. */
export interface ToolRun {
  name: string
  outcome: 'done' | 'failed'
  /** A short line for the learner, such as "= 42"; '' where there is none. */
  about: string
}

/** A question that an agent put to somebody beyond this device, or wanted to. */
export interface Asked {
  /** A host, or the name of a server. */
  to: string
  /** Word for word what was sent, or would have been. */
  sends: string
  /** `kept`: answered from what had been fetched before, and nothing was sent; `refused`: the learner did not let it; `late`: nothing came in time. */
  outcome: 'answered' | 'kept' | 'refused' | 'late' | 'failed'
  /** Code of what failed. */
  error?: ErrorCode
}

/** Something outside the learner's memory that an answer names as `[number]`; numbers go on after those of the citations. */
export interface Source {
  number: number
  kind: 'web' | 'wikipedia' | 'arxiv' | 'address' | 'mcp'
  title: string
  /** Null for a tool that has no address. */
  url: string | null
  /** Word for word. */
  quote: string
  /** When it was fetched. */
  at: string
}

/** What an agent found after the first words, shown below them. */
export interface Addition {
  agent: AgentName
  text: string
  createdAt: string
}

/** A place in the learner's memory that an answer names as `[number]`. */
export interface Citation {
  number: number
  captureId: string
  kind: 'capture' | 'note' | 'document'
  /** `pictureText`: that of `pictureText()` in kernel/picture-text.ts. */
  field: 'userText' | 'agentText' | 'noteText' | 'documentText' | 'pictureText'
  /** UTF-16 code units within the field; end exclusive. */
  start: number
  end: number
  text: string
  when: string
  /** Of pictures: which, and where in it. */
  place?: DocumentPlace
}

export interface Session {
  id: string
  /** Title that the learner gave, or null. */
  title: string | null
  createdAt: string
  /** Instant of the newest capture; that of creation when it has none. */
  lastAt: string
  captureCount: number
  /** The beginning of the first capture, at most 120 characters; where it is cut, after a word and with an ellipsis. */
  preview: string
}

export interface Note {
  id: string
  title: string
  body: string
  createdAt: string
  updatedAt: string
  /** What an import knew beside the text: tags, attachments, cards with their reviews. Absent where there is none. */
  metadata?: Record<string, unknown>
}

export type StatementKind = 'fact' | 'preference' | 'goal'

/** A short statement about the learner (docs/agents.md §4). Instants are ISO 8601 in UTC. */
export interface Memory {
  id: string
  text: string
  kind: StatementKind
  /** `proposed`: drawn from what the learner said, and waits for their word. */
  state: 'proposed' | 'accepted'
  /** What it says, where only one such thing is true at a time, such as `home`; null elsewhere. */
  about: string | null
  /** Null where the learner wrote it themselves. */
  receipt: MemoryReceipt | null
  validFrom: string
  /** Since when it is no longer so, or null. */
  validTo: string | null
  createdAt: string
  updatedAt: string
}

/** Where the learner said it. */
export interface MemoryReceipt {
  captureId: string
  /** The learner's words; empty where the capture no longer says them. */
  quote: string
  /** UTF-16 code units of the capture's text as it is now; end exclusive. */
  start: number
  end: number
  /** Whether the capture still says so: false once it was deleted, or edited into something else. */
  holds: boolean
}

/** Where something is said: the span of a capture's present text. */
export interface SpokenSpan {
  captureId: string
  start: number
  end: number
}

/** Ids of which a new record takes the first that none ever had; left out, or where all are taken, it has an id of its own. */
export type NewIds = readonly string[]

export interface NewMemory {
  text: string
  kind: StatementKind
  about?: string | null
  receipt?: SpokenSpan | null
}

/** A statement that comes from elsewhere, with its own id and instants. */
export interface BroughtMemory extends Pick<Memory, 'id' | 'text' | 'kind' | 'about' | 'validFrom' | 'createdAt'> {
  receipt: SpokenSpan | null
}

export interface MemoryFilter {
  state?: Memory['state']
  kinds?: StatementKind[]
  /** Only what is so at this instant. */
  validAt?: string
  /** Words in the text. */
  query?: string
}

/** A question and an answer. */
export interface Card {
  id: string
  front: string
  back: string
  /** `candidate` until the learner keeps it. */
  state: 'candidate' | 'kept'
  source: CardSource | null
  createdAt: string
  updatedAt: string
}

/** The place that a card comes from, as a citation names it, or a memory of the learner. */
export interface CardPlace extends Omit<Citation, 'number' | 'kind' | 'field'> {
  /** Of `kind` `memory`, `captureId` is the memory's. */
  kind: Citation['kind'] | 'memory'
  field: Citation['field'] | 'memoryText'
}

export interface CardSource extends CardPlace {
  /** False where that place is gone; its words are then left out. */
  holds: boolean
}

export interface NewCard {
  front: string
  back: string
  source?: CardPlace | null
}

export interface CardFilter {
  state?: Card['state']
  query?: string
}

/** Preferences that travel with the learner. */
export interface Settings {
  theme: 'system' | 'light' | 'dark'
  /** Language of the screens; `system` follows the machine. */
  language: 'system' | 'en' | 'de' | 'es'
  welcomed: boolean
  speakAnswers: boolean
  /** Name of a system voice; empty takes the system's default, `packaged` the program's own. */
  voice: string
  /** Speech rate, 0.5 to 2. */
  voiceRate: number
  /** Language of the voice that is taken where none is named, such as `de`; empty follows the screens. */
  voiceLanguage: string
  /** Whether recordings are kept beside their transcript. */
  keepRecordings: boolean
  /** Silence that ends a turn of a hands-free conversation, in seconds, 0.3 to 3. */
  turnPause: number
  /** Who hears: `packaged`, the id of a recogniser that was downloaded, or `openai`. Where it is not there, the packaged one hears. */
  recogniser: string
  /** ISO 639-1 of what the learner speaks; empty lets the recogniser tell. */
  spokenLanguage: string
  /** Whether the language model reads captures and notes for concepts, which sends them to its provider. */
  conceptsByModel: boolean
  /** Language of the writing in pictures and scanned pages, ISO 639-3; `configured` takes that of the configuration. */
  pictureLanguage: 'configured' | PictureLanguage
  /** How a new session is answered. */
  talkMode: TalkMode
  /** Whether a question that touches a goal of the learner's is asked back first, where they chose no other way. */
  askAboutGoals: boolean
  provider: 'auto' | 'anthropic' | 'openai' | 'compatible' | 'offline'
  anthropicModel: string
  openaiModel: string
  compatibleUrl: string
  compatibleModel: string
  /** US dollars a month; null takes the configured one. */
  monthlyBudgetUsd: number | null
  /** Whether answers may be looked up beyond this device, and whether each question is shown first. */
  research: 'off' | 'ask' | 'on'
  researchWikipedia: boolean
  researchArxiv: boolean
  /** Web addresses in the learner's own words. */
  researchAddresses: boolean
  /** Who searches the web. */
  researchWeb: 'none' | 'searxng' | 'json' | 'tavily' | 'brave'
  /** Of a SearXNG, or of an endpoint that answers JSON: there `{query}` stands for the question. */
  researchWebUrl: string
  /** Where the list of results is in the JSON of that endpoint, such as `data.items`; empty for `results`. */
  researchWebResults: string
  /** Frames of the study timeline are forgotten after so many days, and the oldest beyond so many MB; null takes what is configured. */
  timelineDays: number | null
  timelineMb: number | null
  /** While a window with such words in its title is on the screen, no frame is taken. */
  timelineExcluded: string[]
  /** Recordings, and pictures that came with captures, go after so many days; their text stays. Null keeps them. */
  recordingDays: number | null
  /** Days that the sound of a long recording is kept; null keeps it. Its transcript stays. */
  longRecordingDays: number | null
  pictureDays: number | null
  /** Whom research may ask without asking the learner first: names of sources, and origins of the learner's own servers. */
  researchAllowed: string[]
}

/** Private windows of browsers, and programs that keep passwords, as their titles say. */
const USUALLY_EXCLUDED = [
  'Private Browsing',
  'Privater Modus',
  'Navegación privada',
  'InPrivate',
  'Incognito',
  'Inkognito',
  'Incógnito',
  'KeePass',
  '1Password',
  'Bitwarden',
  'LastPass',
  'Keychain Access',
  'Schlüsselbundverwaltung',
]

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  language: 'system',
  welcomed: false,
  speakAnswers: true,
  voice: '',
  voiceRate: 1,
  voiceLanguage: '',
  keepRecordings: true,
  turnPause: 0.7,
  recogniser: 'packaged',
  spokenLanguage: '',
  conceptsByModel: false,
  pictureLanguage: 'configured',
  talkMode: 'answer',
  askAboutGoals: true,
  provider: 'auto',
  anthropicModel: '',
  openaiModel: '',
  compatibleUrl: '',
  compatibleModel: '',
  monthlyBudgetUsd: null,
  research: 'off',
  researchWikipedia: true,
  researchArxiv: true,
  researchAddresses: true,
  researchWeb: 'none',
  researchWebUrl: '',
  researchWebResults: '',
  researchAllowed: [],
  timelineDays: null,
  timelineMb: null,
  timelineExcluded: [...USUALLY_EXCLUDED],
  recordingDays: null,
  longRecordingDays: null,
  pictureDays: null,
}

/** What a change touched; sent to listeners after its transaction has committed. */
export interface VaultChange {
  captures: string[]
  sessions: string[]
  notes: string[]
  documents: string[]
  /** Collections of documents were made, renamed or deleted. */
  collections: boolean
  settings: boolean
  /** There where the learner's corrections of concepts changed. */
  concepts?: true
  /** Ids; there where some changed. */
  memories?: string[]
  cards?: string[]
  /** There where conflicts came or went. */
  conflicts?: true
}

/** What was overwritten, or deleted, by a device that had not seen it. */
export type ConflictWhat =
  | 'captureText'
  | 'captureAnswer'
  | 'sessionTitle'
  | 'noteTitle'
  | 'documentTitle'
  | 'collectionName'
  | 'concept'
  | 'setting'
  | 'memory'
  | 'card'
  | 'captureDeleted'
  | 'noteDeleted'
  | 'documentDeleted'
  | 'collectionDeleted'

export interface ConflictSide {
  /** Its words, or what it is where it has none; null for nothing. */
  value: string | number | boolean | null
  /** Id of the device that wrote it, and when it did; null where that is not known. */
  device: string | null
  at: string | null
}

/** Two devices changed one thing without knowing of each other (docs/vault.md §6). */
export interface Conflict {
  /** The document, and the conflict in it. */
  doc: string
  id: string
  what: ConflictWhat
  /** Id of the record. */
  subject: string
  /** Where a record has several: `front`, a preference, the kind of a correction. */
  field: string
  /** What was overwritten; of something that is deleted, what it says. */
  lost: ConflictSide
  /** What stands now. */
  kept: ConflictSide
  noticedAt: string
}

/** From where a document came. */
export interface DocumentOrigin {
  /** `folder`: a file of a watched folder. */
  kind: 'file' | 'folder' | 'address' | 'text'
  /** Name of the file, or the beginning of the text. */
  name: string
  /** Web address, or path of the file where it is known; null otherwise. */
  address: string | null
  at: string
}

/** What the library says of a document, without what was read of it here. */
export type DocumentEntry = Omit<LibraryDocument, 'state' | 'error' | 'pages' | 'characters'>

export type DocumentState = 'waiting' | 'reading' | 'ready' | 'failed' | 'cancelled'

export interface DocumentFilter {
  collectionId?: string
  tag?: string
  states?: DocumentState[]
  formats?: string[]
  /** Words in the title. */
  title?: string
}

/** The sound of a recording that was let go after the days that Settings say; its transcript is a document of format `vtt`. */
export interface GoneSound {
  sha256: string
  /** Bytes. */
  size: number
  /** When it went. */
  at: string
  /** After how many days. */
  days: number
}

/** A document of the learner. Its text is derived from its bytes, the blob `sha256` (docs/documents.md). */
export interface LibraryDocument {
  id: string
  /** The name that the learner gave, else that of the file. */
  title: string
  sha256: string
  /** What it is by its content, such as `pdf`. */
  format: string
  /** Bytes. */
  size: number
  origins: DocumentOrigin[]
  tags: string[]
  /** Ids. */
  collections: string[]
  createdAt: string
  /** When the present version of a file that changes came. */
  updatedAt: string
  /** Since when the file is gone from its watched folder, or null. */
  missingAt: string | null
  /** Of a transcript: the recording that it stands for, whose sound went (docs/documents.md §6). */
  sound: GoneSound | null
  /** The sound of this recording stays, whatever Settings say. */
  keepsSound: boolean
  state: DocumentState
  /** Why it could not be read. */
  error: { code: ErrorCode; params: ErrorParams } | null
  /** Pages, slides, sheets or chapters; null where there are none, or it is not read. */
  pages: number | null
  /** Of the text. */
  characters: number
}

/** Where something stands in a document. Numbers count from 1; a kind of document has those that make sense for it. */
export interface DocumentPlace {
  page?: number
  /** The last page, where what stands here runs over the end of `page`. */
  endPage?: number
  /** Of `page`: left, top, width, height, as parts of its width and height, from its upper left corner. */
  box?: [number, number, number, number]
  slide?: number
  /** Of the pictures of a capture, which; `box` is of it. */
  picture?: number
  sheet?: string
  /** First row of a sheet or table of values. */
  row?: number
  chapter?: number
  /** Of a sound. */
  second?: number
  endSecond?: number
}

/** One line of a page: place in the document's text, page, and box as in `DocumentPlace`. */
export type DocumentLine = [
  start: number,
  end: number,
  page: number,
  left: number,
  top: number,
  width: number,
  height: number,
]

/** A piece of a document's structure. */
export interface DocumentBlock {
  kind: 'heading' | 'paragraph' | 'list' | 'table' | 'code'
  /** Of headings, from 1; of list items their depth, from 1. */
  level?: number
  /** Place in the document's text: UTF-16 code units, end exclusive. */
  start: number
  end: number
  place: DocumentPlace | null
  lines?: DocumentLine[]
}

export interface Collection {
  id: string
  name: string
  createdAt: string
  /** Live documents in it. */
  documents: number
}

export interface DocumentVersion {
  sha256: string
  format: string
  size: number
}

export interface Page<T> {
  items: T[]
  /** Cursor of the next page, or null at the end. */
  next: string | null
}

export interface CaptureFilter {
  sessionId?: string
  /** ISO 8601 instants; `from` inclusive, `to` exclusive. */
  from?: string
  to?: string
  source?: CaptureSource
  /** `newest` first by default. */
  order?: 'newest' | 'oldest'
}

/** A capture that comes from elsewhere, with its own id and instant. */
export interface ImportedCapture {
  /** 1 to 128 UTF-16 code units. */
  id: string
  sessionId: string
  createdAt: string
  /** May be blank. */
  userText: string
  answer: Answer | null
  metadata: Record<string, unknown>
}

/** What the documents hold of a capture, whether it is deleted or not. */
export interface ImportedRecord {
  id: string
  /** As it was written first, with the present answer; null where the record cannot be read. */
  capture: Capture | null
  /** The learner has edited what was said. */
  edited: boolean
  state: 'live' | 'deleted'
  /** The import whose rollback deleted it, or null. */
  withdrawnBy: string | null
}

/** A document that comes from elsewhere with its own id; its bytes are in the blobs already. */
export interface DeliveredDocument extends Omit<DocumentEntry, 'collections' | 'missingAt' | 'sound' | 'keepsSound'> {
  sound?: GoneSound | undefined
  keepsSound?: boolean | undefined
  collections: Omit<Collection, 'documents'>[]
}

/** What one transaction of a delivery brings. Sessions come with or before their first capture. */
export interface DeliveryBatch {
  sessions: Pick<Session, 'id' | 'title' | 'createdAt'>[]
  captures: Capture[]
  notes: Note[]
  documents: DeliveredDocument[]
}

/** What a roll back left, because the learner has changed it since. */
export interface KeptItem {
  kind: 'capture' | 'note' | 'document'
  id: string
  /** Its title, or how it begins. */
  words: string
}

/** What became of the items of a batch, or of a whole delivery. */
export interface DeliveryCounts {
  sessions: number
  captures: number
  notes: number
  documents: number
  /** Captures, notes and documents that the vault had already; they stay as they are. */
  present: number
  /** Captures, notes and documents that the learner deleted; they stay deleted. */
  deleted: number
}

/** A delivery as it is remembered, so that it can be taken back. */
export interface DeliveryReceipt {
  id: string
  /** What was read, such as `obsidian`, and its name. */
  kind: string
  name: string
  /** Instants; `finishedAt` is null where it was cut off, `rolledBackAt` unless it was taken back. */
  at: string
  finishedAt: string | null
  rolledBackAt: string | null
  counts: DeliveryCounts
}

export interface Deliveries {
  /**
   * Begins a delivery, or goes on with one that was cut off: the newest of this kind, name and size in bytes that was neither finished nor
   * taken back. @returns its id
   */
  begin(about: { kind: string; name: string; bytes: number }): Promise<string>
  /**
   * Stores a batch in one transaction, together with the record of what it brought. Ids that the vault knows are left as they are; those
   * that a roll back took away come back.
   * @throws LvaError bad-input, text-too-long: nothing of the batch is stored then
   */
  add(id: string, batch: DeliveryBatch): Promise<DeliveryCounts>
  /** Takes these corrections of concepts where the learner has made none. @returns how many were taken */
  addCorrections(id: string, corrections: ConceptCorrections): Promise<number>
  /** Takes these preferences where the learner has not chosen. @returns the keys that were taken */
  addSettings(id: string, settings: Partial<Settings>): Promise<string[]>
  finish(id: string): Promise<DeliveryReceipt>
  /** The newest first. */
  list(): Promise<DeliveryReceipt[]>
  /** Which of these live here, and which were deleted by the learner. Nothing is changed. */
  known(ids: {
    sessions: readonly string[]
    captures: readonly string[]
    notes: readonly string[]
    documents: readonly Pick<LibraryDocument, 'id' | 'sha256'>[]
  }): Promise<{ sessions: Set<string>; present: Set<string>; deleted: Set<string> }>
  /**
   * Takes away what the delivery brought and the learner has not changed since. `onProgress` counts batches. Can be cut off and called again.
   * @returns how many captures, notes and documents went, how many stay because they were changed, and the first hundred of those
   * @throws LvaError not-found
   */
  rollBack(
    id: string,
    onProgress?: (done: number, total: number) => void,
    signal?: AbortSignal,
  ): Promise<{ removed: number; kept: number; keptItems: KeptItem[] }>
}

/** Something that was deleted, and is in its document until it is forgotten. */
export interface DeletedThing {
  /** `session`: its title, while the session is deleted. */
  kind: 'capture' | 'session' | 'note' | 'document' | 'collection'
  id: string
  /** Document that holds it. */
  doc: string
  /** When it was deleted, by the clock of the device on which it was. */
  at: string
  /** The first of its words. */
  words: string
  /** Of a capture or session. */
  sessionId: string | null
  /** The session with which a capture was deleted as a whole. */
  deletedWith: string | null
  /** Who deleted it did not know an edit of it, or the deletion is a conflict that the learner has not settled. */
  isContested: boolean
  /** SHA-256 of what it names. */
  blobs: string[]
}

/** The learner's data. Reads come from tables, writes go through Yjs documents; both in one transaction. */
export interface Vault extends Closable {
  readonly id: string
  readonly captures: {
    /** Stores what the learner said. Starts the session when it does not exist yet. Resolves once it is durable. */
    add(input: {
      sessionId: string
      source: CaptureSource
      userText: string
      audioSha256?: string | null
      metadata?: Record<string, unknown>
      /** Beside pictures the text may be empty. */
      pictures?: readonly Omit<CapturePicture, 'reading' | 'description'>[]
    }): Promise<Capture>
    /** Sets or replaces the agent's answer. */
    answer(id: string, answer: Answer): Promise<Capture>
    /** Sets or replaces what is known of one of its pictures. @throws LvaError not-found, also where it has no such picture */
    setPicture(
      id: string,
      sha256: string,
      known: { reading: PictureReading } | { description: PictureDescription },
    ): Promise<Capture>
    /** @throws LvaError not-found, text-empty, text-too-long */
    edit(id: string, patch: { userText: string }): Promise<Capture>
    delete(ids: readonly string[]): Promise<void>
    /** Takes a delete back. */
    restore(ids: readonly string[]): Promise<void>
    /** @throws LvaError not-found */
    get(id: string): Promise<Capture>
    list(filter: CaptureFilter, page: { cursor?: string | null; limit: number }): Promise<Page<Capture>>
    /** How many `list` has in all its pages. */
    count(filter: CaptureFilter): Promise<number>
  }
  /** Frames of the study timeline (docs/screen.md §3). None of it is a step that undo takes back. */
  readonly screens: {
    /** Stores a frame with what was read in it, covered already. */
    add(frame: {
      picture: Omit<CapturePicture, 'reading' | 'description'>
      reading: PictureReading
      /** What was on the screen, as the system says; null where it does not. */
      app: string | null
      at: string
    }): Promise<Capture>
    /** Frames and their pictures from one instant to another, which is left out. The oldest first. */
    between(from: string, to: string): Promise<{ id: string; sha256: string }[]>
    /**
     * Forgets frames for good: no row, no stored update holds anything of them. Their blobs are the caller's. Ids that are no frames are left out.
     * @returns how many there were
     */
    forget(ids: readonly string[]): Promise<number>
  }
  /** What devices overwrote that had not seen it, until the learner has chosen. */
  readonly conflicts: {
    /** The newest first; the same list on every device that has the same documents. */
    list(): Promise<Conflict[]>
    count(): Promise<number>
    /**
     * Puts the other value in the place of what stands, or lets it be; a step that undo takes back.
     * @throws LvaError not-found
     */
    settle(doc: string, id: string, choice: 'restore' | 'keep'): Promise<void>
  }
  /** What was deleted stays in the documents until it is forgotten (docs/vault.md §7). */
  readonly forgetting: {
    /** What can still be restored. What an import brought and its roll back took away is not among it. */
    deleted(): Promise<DeletedThing[]>
    /**
     * Forgets for good what of the deleted is due: documents, rows, earlier updates and steps of undo hold nothing of it any more. What it leaves
     * elsewhere is queued as jobs `forget` in the same transactions, as it is where another device forgot.
     * @param along of what was made of it, proposals go too, or also what the learner kept
     * @returns what was due
     */
    forget(isDue: (thing: DeletedThing) => boolean, along: 'proposals' | 'everything'): Promise<DeletedThing[]>
    /**
     * Takes out of answers what they quote of these captures, notes and documents, and forgets the statements and cards that were made of them: those
     * that the learner kept only of the ones in `withKept`.
     * @param captures those of them from which statements may have been proposed, and withdrawn since: captures that are no frames
     */
    forgetMadeOf(
      gone: ReadonlySet<string>,
      withKept: ReadonlySet<string>,
      captures: ReadonlySet<string>,
    ): Promise<{ memories: number; cards: number }>
    /** Called after anything was forgotten: of this, frames, statements, cards, here or on another device. @returns ends it */
    onForgotten(listener: () => void): () => void
  }
  /** Captures brought from elsewhere, many at a time. None of it is a step that undo takes back. */
  readonly imports: {
    /**
     * Stores captures of source `import` in one change. Ids that are known are left as they are, unless a rollback took them away: those come back.
     * @throws LvaError bad-input, text-too-long; nothing is stored then
     */
    add(items: readonly ImportedCapture[]): Promise<{ added: number; known: number }>
    /** Takes captures away, so that `add` brings them back. @returns how many lived */
    withdraw(ids: readonly string[], by: string): Promise<number>
    /** Those of the captures that the documents know. */
    records(ids: readonly string[]): Promise<ImportedRecord[]>
  }
  readonly sessions: {
    get(id: string): Promise<Session>
    list(page: { cursor?: string | null; limit: number }): Promise<Page<Session>>
    rename(id: string, title: string | null): Promise<Session>
    /** Deletes the session and its captures; `restore` brings back the session and the captures that went with it. */
    delete(id: string): Promise<void>
    restore(id: string): Promise<void>
  }
  readonly notes: {
    /** @param ids see `NewIds` */
    create(input: { title: string; body: string }, ids?: NewIds): Promise<Note>
    /** Text changes are merged character by character with what other devices typed. */
    edit(id: string, patch: { title?: string; body?: string }): Promise<Note>
    delete(id: string): Promise<void>
    restore(id: string): Promise<void>
    get(id: string): Promise<Note>
    /** Those of the notes that there are. */
    getMany(ids: readonly string[]): Promise<Note[]>
    list(page: { cursor?: string | null; limit: number }): Promise<Page<Note>>
    count(): Promise<number>
  }
  readonly library: {
    /**
     * Adds documents, all in one transaction. Where a live document has the same bytes, it gains the origin, tags and collections, and no
     * second one is made.
     */
    add(
      documents: readonly (DocumentVersion & {
        title: string
        origin: Omit<DocumentOrigin, 'at'>
        tags?: readonly string[]
        collections?: readonly string[]
      })[],
    ): Promise<{ id: string; isNew: boolean }[]>
    /** Gives a document other bytes: its file has changed. @throws LvaError not-found */
    setVersion(id: string, version: DocumentVersion): Promise<void>
    /** Marks documents whose file has gone from its folder, or is there again. Ids that are not there are left out. */
    setMissing(ids: readonly string[], isMissing: boolean): Promise<void>
    /**
     * Puts the transcripts of recordings in the place of their sound (docs/documents.md §6). Left out is what meanwhile is deleted, has other
     * bytes, or is kept.
     * @returns ids of those of which the sound went
     */
    letSoundsGo(
      sounds: readonly { id: string; sha256: string; days: number; transcript: DocumentVersion }[],
    ): Promise<string[]>
    /** Makes the sound that went the present version again, of those whose learner keeps it. */
    putSoundsBack(ids: readonly string[]): Promise<void>
    /** Whether the sound of a recording stays whatever Settings say. @throws LvaError not-found */
    keepSound(id: string, keeps: boolean): Promise<void>
    /** @throws LvaError not-found, text-too-long */
    rename(id: string, title: string): Promise<void>
    setTags(ids: readonly string[], change: { add?: readonly string[]; remove?: readonly string[] }): Promise<void>
    /** @throws LvaError not-found for a collection that is not there */
    setCollections(
      ids: readonly string[],
      change: { add?: readonly string[]; remove?: readonly string[] },
    ): Promise<void>
    delete(ids: readonly string[]): Promise<void>
    restore(ids: readonly string[]): Promise<void>
    /** @throws LvaError not-found */
    get(id: string): Promise<LibraryDocument>
    /** Those of them that there are. */
    getMany(ids: readonly string[]): Promise<LibraryDocument[]>
    /** The newest first. */
    list(filter: DocumentFilter, page: { cursor?: string | null; limit: number }): Promise<Page<LibraryDocument>>
    listTags(): Promise<{ tag: string; documents: number }[]>
    createCollection(name: string): Promise<Collection>
    renameCollection(id: string, name: string): Promise<Collection>
    /** The documents stay. */
    deleteCollection(id: string): Promise<void>
    restoreCollection(id: string): Promise<void>
    listCollections(): Promise<Collection[]>
  }
  readonly settings: {
    get(): Promise<Settings>
    set(patch: Partial<Settings>): Promise<Settings>
  }
  /** What comes from elsewhere with ids and instants of its own (docs/export.md §7). No step that `undo` takes back. */
  readonly deliveries: Deliveries
  /** The learner's corrections of concepts (docs/graph.md §2). Ids are those of terms and concepts; what they stand for is memory's. */
  readonly concepts: {
    corrections(): Promise<ConceptCorrections>
    /** Null takes the learner's name away again. @throws LvaError bad-input */
    rename(id: string, name: string | null): Promise<void>
    /** Gives terms to a concept, as one step. @throws LvaError bad-input */
    assign(termIds: readonly string[], conceptId: string): Promise<void>
    hide(id: string, hidden: boolean): Promise<void>
    /** Whether two concepts are connected so: true, false, or null for what the texts say. @throws LvaError bad-input */
    link(fromId: string, toId: string, kind: LinkKind, linked: boolean | null): Promise<void>
  }
  /** Statements about the learner (docs/agents.md §4). */
  readonly memories: {
    /**
     * Keeps statements that were drawn from captures until the learner decides. Left out: what is known or waits already, what was
     * forgotten, and what its capture does not say. No step that `undo` takes back.
     */
    propose(statements: readonly (NewMemory & { receipt: SpokenSpan })[]): Promise<Memory[]>
    /** Keeps statements that come from elsewhere as proposals, but for what is known, waits or was forgotten. No step. @returns how many */
    bring(memories: readonly BroughtMemory[]): Promise<number>
    /**
     * Keeps what the learner wrote, or asked to be kept, as accepted. What it says anew ends what was so before. Where it is known, that
     * one is answered.
     * @throws LvaError text-empty, text-too-long, bad-input
     */
    add(memory: NewMemory, ids?: NewIds): Promise<Memory>
    /** What they say anew ends what was so before. @throws LvaError not-found; nothing is changed then */
    accept(ids: readonly string[]): Promise<Memory[]>
    /** @throws LvaError not-found, text-empty, text-too-long, bad-input */
    edit(id: string, patch: { text?: string; kind?: StatementKind; validTo?: string | null }): Promise<Memory>
    /**
     * Takes memories away for good, with the cards that rest on them: their words leave the tables, the documents and what is stored of
     * these. `undo` and `bringBack` bring them back for ten minutes, from this process alone.
     * @param by names the words in which the learner asked for it
     * @throws LvaError not-found; nothing is changed then
     */
    forget(ids: readonly string[], by?: string): Promise<{ memories: number; cards: number }>
    /** Takes back the step in which this one was forgotten, whatever was done since. @returns false when that time is over */
    bringBack(id: string): Promise<boolean>
    /** Ids of what was forgotten `by` these words, and was not brought back. */
    forgottenBy(by: string): Promise<string[]>
    /** What `forget` would take along. @throws LvaError not-found */
    restingCards(ids: readonly string[]): Promise<Card[]>
    /** Takes away the proposals of these captures that they no longer show. No step. @returns how many went */
    withdrawUnheld(captureIds: readonly string[]): Promise<number>
    /** @throws LvaError not-found */
    get(id: string): Promise<Memory>
    /** Those of the memories that there are. */
    getMany(ids: readonly string[]): Promise<Memory[]>
    /** The newest first. Proposals that their capture no longer shows are left out. */
    list(filter: MemoryFilter, page: { cursor?: string | null; limit: number }): Promise<Page<Memory>>
    counts(): Promise<{ proposed: number; accepted: number }>
  }
  /** Questions with answers, and the places that they come from. */
  readonly cards: {
    /** Keeps candidates. The same question with the same answer is kept once. No step. @throws LvaError text-empty, text-too-long */
    propose(cards: readonly NewCard[]): Promise<Card[]>
    /** Like `propose` for one card that the learner asked for, as a step that can be taken back. */
    add(card: NewCard, ids?: NewIds): Promise<Card>
    /** @throws LvaError not-found; nothing is changed then */
    keep(ids: readonly string[]): Promise<Card[]>
    /** @throws LvaError not-found, text-empty, text-too-long */
    edit(id: string, patch: { front?: string; back?: string }): Promise<Card>
    /** For good, as memories are forgotten. @throws LvaError not-found; nothing is changed then */
    delete(ids: readonly string[]): Promise<void>
    /** @throws LvaError not-found */
    get(id: string): Promise<Card>
    /** Those of the cards that there are. */
    getMany(ids: readonly string[]): Promise<Card[]>
    /** The newest first. */
    list(filter: CardFilter, page: { cursor?: string | null; limit: number }): Promise<Page<Card>>
    counts(): Promise<{ candidates: number; kept: number }>
  }
  /** Takes the learner's last change back (edit, delete, rename ...); null when there is none. */
  undo(): Promise<VaultChange | null>
  redo(): Promise<VaultChange | null>
  onChange(listener: (change: VaultChange) => void): () => void
  /** Recreates every table from the documents and queues all derived work. `onProgress` counts documents. */
  rebuild(onProgress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<void>
}
