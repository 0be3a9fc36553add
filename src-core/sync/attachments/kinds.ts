import type { ErrorCode, ErrorParams } from '../../kernel/index.ts'

/** What the blobs of a vault are; frames are those of the study timeline. */
export const ATTACHMENT_KINDS = ['recordings', 'pictures', 'documents', 'frames'] as const
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number]

/** Whether they travel (docs/protocol.md §7): never keeps those of this device on it. */
export const ATTACHMENT_POLICIES = ['always', 'on-demand', 'never'] as const
export type AttachmentPolicy = (typeof ATTACHMENT_POLICIES)[number]
export type AttachmentPolicies = Record<AttachmentKind, AttachmentPolicy>

/** Documents are read on every device, so each needs their bytes; frames are many, and seen where they were taken. */
export const USUAL_POLICIES: AttachmentPolicies = {
  recordings: 'on-demand',
  pictures: 'always',
  documents: 'always',
  frames: 'never',
}

/** What waits while the network costs. */
export const UNMETERED_ONLY = ['nothing', 'attachments', 'everything'] as const
export type UnmeteredOnly = (typeof UNMETERED_ONLY)[number]

/** So many items of so many bytes, as far as their sizes are known. */
export interface Amount {
  items: number
  bytes: number
}

/** What a learner is told of one kind. */
export interface AttachmentsOfKind {
  kind: AttachmentKind
  here: Amount
  /** At the relay, and not on this device. */
  elsewhere: Amount
  toSend: Amount
  toFetch: Amount
}

export interface AttachmentsState {
  kinds: readonly AttachmentsOfKind[]
  /** What moves just now; bytes are sealed ones. */
  moving: { way: 'send' | 'fetch'; done: number; total: number } | null
  /** Sealed bytes since the program began. */
  sentBytes: number
  receivedBytes: number
  problem: { code: ErrorCode; params: ErrorParams } | null
}

/** How it is with one attachment on this device. */
export interface AttachmentStanding {
  /** `expected`: the vault names it and no device has sent it so far. `unknown`: nothing here names it, or this device is not synced. */
  state: 'here' | 'at-relay' | 'expected' | 'unknown'
  /** Null where it is not known. */
  bytes: number | null
}

/** What is told while one attachment is fetched. `asked`: the relay has it not, and these devices have not answered yet. */
export type FetchEvent =
  | { state: 'coming'; done: number; total: number }
  | { state: 'asked'; devices: { id: string; name: string | null }[] }
  | { state: 'here' }
