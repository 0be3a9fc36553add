import type { z } from 'zod'
import type * as at from './attachment-schemas.ts'
import type * as b from './backup-schemas.ts'
import type * as d from './document-schemas.ts'
import type * as g from './graph-schemas.ts'
import type * as legacy from './legacy-schemas.ts'
import type * as m from './mcp-schemas.ts'
import type * as learner from './memory-schemas.ts'
import type * as portable from './portable-schemas.ts'
import type * as r from './research-schemas.ts'
import type * as s from './schemas.ts'
import type * as speech from './speech-schemas.ts'
import type * as y from './sync-schemas.ts'
import type * as t from './timeline-schemas.ts'

export type Capture = z.output<typeof s.capture>
export type Analysis = z.output<typeof s.analysis>
export type Answer = z.output<typeof s.answer>
export type Citation = z.output<typeof s.citation>
export type Addition = z.output<typeof s.addition>
export type Source = z.output<typeof s.source>
export type AgentName = z.output<typeof s.agentName>
export type Picture = z.output<typeof s.picture>
export type CapturePicture = z.output<typeof s.capturePicture>
export type TimelineState = z.output<typeof t.timelineState>
export type TimelineGap = z.output<typeof t.gap>
export type DeletedWaiting = z.output<typeof t.deletedWaiting>
export type RestorableThing = z.output<typeof t.restorableThing>
export type RetentionForecast = z.output<typeof t.retentionForecast>
export type Session = z.output<typeof s.session>
export type Note = z.output<typeof s.note>
export type Settings = z.output<typeof s.settings>
export type SearchRequest = z.input<typeof s.searchRequest>
export type SearchHit = z.output<typeof s.searchHit>
export type SearchResult = z.output<typeof s.searchResult>
export type IndexProgress = z.output<typeof s.indexProgress>
export type ModelsStatus = z.output<typeof s.modelsStatus>
export type TurnRequest = z.input<typeof s.turnRequest>
export type TurnEvent = z.output<typeof s.turnEvent>
export type SummaryOf = z.output<typeof s.summaryRequest>['of']
export type SummaryEvent = z.output<typeof s.summaryEvent>
export type Summary = Extract<SummaryEvent, { type: 'done' }>['summary']
export type Transcript = z.output<typeof s.transcript>
export type OpenAIVoice = z.output<typeof speech.openaiVoice>
export type Recogniser = z.output<typeof speech.recogniser>
export type HandsFreeEvent = z.output<typeof speech.handsFreeEvent>
export type AppInfo = z.output<typeof s.appInfo>
export type AppEvent = z.output<typeof s.appEvent>
export type DataSize = z.output<typeof s.dataSize>
export type RebuildEvent = z.output<typeof s.rebuildEvent>
export type ConsentDecision = z.output<typeof s.consentDecision>
export type ResearchStatus = z.output<typeof r.researchStatus>
export type KeyedSource = z.output<typeof r.keyedSource>
export type TestedSource = z.output<typeof r.testedSource>
export type SourceCheck = z.output<typeof r.sourceCheck>
export type ProviderName = z.output<typeof s.providerName>
export type McpServer = z.output<typeof m.mcpServer>
export type McpTool = z.output<typeof m.mcpTool>
export type McpConnectionInput = z.input<typeof m.mcpConnectionInput>
export type KeyedProvider = z.output<typeof s.keyedProvider>
export type ProviderStatus = z.output<typeof s.providerStatus>
export type ProviderCheck = z.output<typeof s.providerCheck>
export type MonthUsage = z.output<typeof s.monthUsage>
export type LearnerDocument = z.output<typeof d.document>
export type DocumentFilter = z.input<typeof d.documentFilter>
export type DocumentPlace = z.output<typeof d.documentPlace>
export type DocumentBlock = z.output<typeof d.documentBlock>
export type DocumentText = z.output<typeof d.documentText>
export type DocumentTextRequest = z.input<typeof d.documentTextRequest>
export type AddedDocument = z.output<typeof d.addedDocument>
export type DocumentCollection = z.output<typeof d.collection>
export type TagCount = z.output<typeof d.tagCount>
export type DocumentQueue = z.output<typeof d.documentQueue>
export type DocumentEvent = z.output<typeof d.documentEvent>
export type RefusedFile = z.output<typeof d.refusedFile>
export type WatchedFolder = z.output<typeof d.watchedFolder>
export type Memory = z.output<typeof learner.memory>
export type StatementKind = Memory['kind']
export type Card = z.output<typeof learner.card>
export type Check = z.output<typeof s.check>

export type V1Place = z.output<typeof legacy.v1Place>
export type V1Flag = z.output<typeof legacy.v1Flag>
export type V1Difference = z.output<typeof legacy.v1Difference>
export type V1Event =
  | z.output<typeof legacy.v1Inspecting>
  | z.output<typeof legacy.v1Importing>
  | z.output<typeof legacy.v1Verifying>
  | z.output<typeof legacy.v1RollingBack>
export type V1Progress = Extract<V1Event, { type: 'progress' }>
export type V1Inspection = Extract<z.output<typeof legacy.v1Inspecting>, { type: 'done' }>['report']
export type V1ImportReport = Extract<z.output<typeof legacy.v1Importing>, { type: 'done' }>['report']
export type V1VerifyReport = Extract<z.output<typeof legacy.v1Verifying>, { type: 'done' }>['report']
export type V1RollbackReport = Extract<z.output<typeof legacy.v1RollingBack>, { type: 'done' }>['report']
export type V1ImportRecord = z.output<typeof legacy.importRecord>
export type BackupStatus = z.output<typeof b.backupStatus>
export type BackupEntry = z.output<typeof b.backupEntry>
export type BackupProgress = z.output<typeof b.backupProgress>
export type BackupSettings = z.input<typeof b.backupSettings>
export type BackupEvent = z.output<typeof b.backupEvent>
export type RestoreEvent = z.output<typeof b.restoreEvent>
export type NewPhrase = z.output<typeof b.newPhrase>
export type Erasure = z.output<typeof b.erasure>
export type ExportFormat = z.output<typeof portable.exportFormat>
export type ExportFilter = z.output<typeof portable.exportFilter>
export type ImportKind = z.output<typeof portable.importKind>
export type ImportReport = z.output<typeof portable.importReport>
export type ImportReceipt = z.output<typeof portable.importReceipt>
export type ProblemCode = z.output<typeof portable.problemCode>
export type Concept = z.output<typeof g.concept>
export type ConceptNeighbour = z.output<typeof g.neighbour>
export type ConceptRelation = z.output<typeof g.relation>
export type ConceptMap = z.output<typeof g.conceptMap>
export type ConceptTimeline = z.output<typeof g.timeline>
export type Passage = z.output<typeof g.passage>
export type RelationKind = z.output<typeof g.linkKind>
export type AttachmentStatus = z.output<typeof at.attachmentStatus>
export type AttachmentChoices = z.output<typeof at.attachmentChoices>
export type AttachmentStanding = z.output<typeof at.attachmentStanding>
export type AttachmentFetch = z.output<typeof at.attachmentFetch>
export type AttachmentKind = z.output<typeof at.attachmentKind>
export type AttachmentPolicy = z.output<typeof at.attachmentPolicy>
export type UnmeteredOnly = z.output<typeof at.unmeteredOnly>
export type SyncStatus = z.output<typeof y.syncStatus>
export type SyncState = z.output<typeof y.syncState>
export type SyncAccount = z.output<typeof y.syncAccount>
export type ItemPlaces = z.output<typeof y.itemPlaces>
export type ShownItems = z.output<typeof y.shownItems>
export type SyncConflict = z.output<typeof y.conflict>
export type SyncDevice = z.output<typeof y.syncDevice>
export type JoinEvent = z.output<typeof y.joinEvent>
export type AdmitEvent = z.output<typeof y.admitEvent>
