import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'

/**
 * The tables of one vault, the same on a device and on a server. All but `doc_updates`, `jobs`, `spending` and those that say so are shadows of the Yjs
 * documents and can be rebuilt from them. Deleted things have no row: the tombstone is in the document.
 */

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** The truth: every Yjs update, in the order of `seq` within a document. Compaction merges old rows of a document into one. */
export const docUpdates = pgTable(
  'doc_updates',
  {
    vaultId: text('vault_id').notNull(),
    doc: text('doc').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    update: bytea('update').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.doc, table.seq] })],
)

/**
 * Which document holds which record of a journal, deleted ones too: the vault's index into its own documents, and what each journal
 * contributes to a session (docs/vault.md §5).
 */
export const docRecords = pgTable(
  'doc_records',
  {
    vaultId: text('vault_id').notNull(),
    /** `capture` or `session`. */
    kind: text('kind').notNull(),
    id: text('id').notNull(),
    doc: text('doc').notNull(),
    /** A valid record that this document does not say is deleted. */
    live: boolean('live').notNull(),
    /** Of sessions: from the record, and from the title that was set in this document. */
    createdAt: instant('created_at'),
    title: text('title'),
    titledAt: instant('titled_at'),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.kind, table.id, table.doc] })],
)

export const sessions = pgTable(
  'sessions',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    /** Journal document that holds the session. */
    doc: text('doc').notNull(),
    /** Title that the learner gave, or null: screens then show the first words. */
    title: text('title'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.id] }),
    index('sessions_created').on(table.vaultId, table.createdAt),
  ],
)

/** One row is one exchange: what the learner said and, once it is complete, what the agent answered. */
export const captures = pgTable(
  'captures',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    sessionId: text('session_id').notNull(),
    doc: text('doc').notNull(),
    createdAt: instant('created_at').notNull(),
    /** When the learner last edited it, or null. */
    editedAt: instant('edited_at'),
    source: text('source').notNull(),
    userText: text('user_text').notNull(),
    agentText: text('agent_text'),
    /** Provider and model that answered, tokens, cost, citations, agents that ran; null until answered. */
    answer: jsonb('answer'),
    /** SHA-256 of the recording, or null. */
    audioSha256: text('audio_sha256'),
    metadata: jsonb('metadata').notNull(),
    /** Pictures that came with it, with what was read in them; null where there are none. */
    pictures: jsonb('pictures'),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.id] }),
    index('captures_created').on(table.vaultId, table.createdAt, table.id),
    index('captures_session').on(table.vaultId, table.sessionId, table.createdAt, table.id),
  ],
)

export const notes = pgTable(
  'notes',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    title: text('title').notNull(),
    body: text('body').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** What an import knew beside the text: tags, attachments, cards with their reviews. */
    metadata: jsonb('metadata').notNull().default({}),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.id] }),
    index('notes_updated').on(table.vaultId, table.updatedAt),
  ],
)

/** Preferences that travel with the learner. */
export const settings = pgTable(
  'settings',
  {
    vaultId: text('vault_id').notNull(),
    key: text('key').notNull(),
    value: jsonb('value').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.key] })],
)

/** Documents of the learner, as the vault's document `library` says (docs/documents.md). */
export const documents = pgTable(
  'documents',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    title: text('title').notNull(),
    /** Of the present version: blob, its kind by content, bytes. */
    sha256: text('sha256').notNull(),
    format: text('format').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    /** From where it came; several when the same bytes came again. */
    origins: jsonb('origins').notNull(),
    /** Ids of collections, sorted. */
    collections: jsonb('collections').notNull(),
    /** Sorted. */
    tags: jsonb('tags').notNull(),
    createdAt: instant('created_at').notNull(),
    /** When the present version came. */
    updatedAt: instant('updated_at').notNull(),
    /** Since when the file is gone from its watched folder, or null. */
    missingAt: instant('missing_at'),
    /** Of a transcript in the place of a recording: the sound that went (docs/documents.md §6), or null. */
    sound: jsonb('sound'),
    /** The sound is kept whatever Settings say. */
    keepsSound: boolean('keeps_sound').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.id] }),
    index('documents_created').on(table.vaultId, table.createdAt, table.id),
    index('documents_sha256').on(table.vaultId, table.sha256),
  ],
)

/** What was read out of each document on this device; derived from its blob. */
export const documentTexts = pgTable(
  'document_texts',
  {
    vaultId: text('vault_id').notNull(),
    documentId: text('document_id').notNull(),
    /** Of the bytes that are to be read, or were. */
    sha256: text('sha256').notNull(),
    /** waiting, reading, ready, failed or cancelled. */
    state: text('state').notNull(),
    errorCode: text('error_code'),
    errorParams: jsonb('error_params'),
    /** Pages, slides, sheets or chapters; null where the kind has none. */
    pages: integer('pages'),
    /** Title that the document itself has, or empty. */
    ownTitle: text('own_title').notNull().default(''),
    text: text('text').notNull().default(''),
    /** Array of blocks with their places in `text` (src-core/capture/documents/types.ts). */
    blocks: jsonb('blocks').notNull().default([]),
    readAt: instant('read_at'),
    /** Of the bytes that `text` is of; null before anything was read. */
    textSha256: text('text_sha256'),
    /** The recogniser that is to hear a recording next; null for the one of Settings. */
    recogniser: text('recogniser'),
    /** Of a recording: the models that heard it, as their transcripts name them. */
    heardBy: text('heard_by'),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.documentId] })],
)

/** The transcript of a recording before it was transcribed again. */
export const earlierTranscripts = pgTable(
  'earlier_transcripts',
  {
    vaultId: text('vault_id').notNull(),
    documentId: text('document_id').notNull(),
    /** Of the bytes that it is of. */
    sha256: text('sha256').notNull(),
    heardBy: text('heard_by'),
    text: text('text').notNull(),
    blocks: jsonb('blocks').notNull(),
    readAt: instant('read_at'),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.documentId] })],
)

export const collections = pgTable(
  'collections',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.id] })],
)

/** Folders of this machine whose files become documents; local to the device like `spending`, kept by a rebuild. */
export const watchedFolders = pgTable(
  'watched_folders',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    path: text('path').notNull(),
    collectionId: text('collection_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.id] })],
)

/** Files that were seen in watched folders, so that only what changed is read again. */
export const watchedFiles = pgTable(
  'watched_files',
  {
    vaultId: text('vault_id').notNull(),
    folderId: text('folder_id').notNull(),
    /** Relative to the folder, with slashes. */
    path: text('path').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    /** Milliseconds since 1970, as the file system gives them. */
    modifiedMs: bigint('modified_ms', { mode: 'number' }).notNull(),
    /** Null where the file could not be taken; `error_code` says why. */
    documentId: text('document_id'),
    errorCode: text('error_code'),
    /** Not found at the last look. */
    missing: boolean('missing').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.folderId, table.path] }),
    index('watched_files_document').on(table.vaultId, table.documentId),
  ],
)

/** What search sees. Derived from captures, notes and documents. */
export const chunks = pgTable(
  'chunks',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    /** Capture, note or document that holds the text. */
    captureId: text('capture_id').notNull(),
    kind: text('kind').notNull(),
    field: text('field').notNull(),
    ordinal: integer('ordinal').notNull(),
    /** UTF-16 code units within the field; end exclusive. */
    start: integer('start').notNull(),
    end: integer('end').notNull(),
    text: text('text').notNull(),
    sessionId: text('session_id'),
    source: text('source').notNull(),
    createdAt: instant('created_at').notNull(),
    /** ISO 639-1 code of the language, or null where the text does not say. */
    language: text('language'),
    /** What the lexical index knows of the text: its words' stems (docs/memory.md §4). Null until it is made, as after an upgrade. */
    terms: text('terms'),
    /** Of documents: titles of the sections around it, outermost first. */
    heading: jsonb('heading').notNull().default([]),
    /** Of documents: page and box, slide, sheet, chapter or seconds; null elsewhere. */
    place: jsonb('place'),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.id] }),
    index('chunks_capture').on(table.vaultId, table.captureId),
    index('chunks_created').on(table.vaultId, table.createdAt),
  ],
)

/** What the learner corrected about concepts: keys of the document `library` as they are (docs/graph.md §2). */
export const conceptCorrections = pgTable(
  'concept_corrections',
  {
    vaultId: text('vault_id').notNull(),
    /** Map of the document. */
    part: text('part').notNull(),
    key: text('key').notNull(),
    value: jsonb('value').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.part, table.key] })],
)

/** Which captures and notes were read for concepts, and by which extractor: another one reads them again. */
export const conceptSources = pgTable(
  'concept_sources',
  {
    vaultId: text('vault_id').notNull(),
    kind: text('kind').notNull(),
    captureId: text('capture_id').notNull(),
    extractor: text('extractor').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.kind, table.captureId] })],
)

/** Terms that a capture or note mentions, each with its first place there. Derived from the texts. */
export const captureConcepts = pgTable(
  'capture_concepts',
  {
    vaultId: text('vault_id').notNull(),
    /** `capture` or `note`, and its id. */
    kind: text('kind').notNull(),
    captureId: text('capture_id').notNull(),
    /** Hash of the term's normal form: all spellings of one term share it. */
    termId: text('term_id').notNull(),
    /** Concept that the term belongs to: its own, or the one that it was merged into. */
    conceptId: text('concept_id').notNull(),
    normal: text('normal').notNull(),
    /** As it stands in the text. */
    surface: text('surface').notNull(),
    /** `term`, `name` or `short` (an abbreviation). */
    type: text('type').notNull(),
    field: text('field').notNull(),
    /** UTF-16 code units within the field; end exclusive. */
    start: integer('start').notNull(),
    end: integer('end').notNull(),
    count: integer('count').notNull(),
    /** How much the text is about it, in (0, 1]. */
    weight: real('weight').notNull(),
    /** What the text says that it is, or null. */
    definition: text('definition'),
    sessionId: text('session_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.kind, table.captureId, table.termId] }),
    index('capture_concepts_concept').on(table.vaultId, table.conceptId, table.createdAt),
    index('capture_concepts_term').on(table.vaultId, table.termId),
  ],
)

/** Sentences that say how two terms are connected. Derived from the texts. */
export const captureRelations = pgTable(
  'capture_relations',
  {
    vaultId: text('vault_id').notNull(),
    kind: text('kind').notNull(),
    captureId: text('capture_id').notNull(),
    fromTerm: text('from_term').notNull(),
    toTerm: text('to_term').notNull(),
    /** A kind of `concept_relations`, or `abbreviation`: `from_term` is short for `to_term`. */
    relation: text('relation').notNull(),
    field: text('field').notNull(),
    /** The sentence: UTF-16 code units within the field; end exclusive. */
    start: integer('start').notNull(),
    end: integer('end').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.vaultId, table.kind, table.captureId, table.fromTerm, table.toTerm, table.relation],
    }),
  ],
)

/** What the learner's memory is about. Folded from `capture_concepts` and the corrections. */
export const concepts = pgTable(
  'concepts',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    hidden: boolean('hidden').notNull(),
    definition: text('definition'),
    /** Terms that belong to it: `[{ id, text, count }]`, the most frequent first. */
    variants: jsonb('variants').notNull(),
    mentions: integer('mentions').notNull(),
    captures: integer('captures').notNull(),
    /** Relations with other concepts that are not hidden. */
    links: integer('links').notNull(),
    weight: real('weight').notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.id] }),
    index('concepts_weight').on(table.vaultId, table.weight),
  ],
)

/** How concepts are connected. Folded from `capture_relations`, from terms that stand together, and from the corrections. */
export const conceptRelations = pgTable(
  'concept_relations',
  {
    vaultId: text('vault_id').notNull(),
    fromId: text('from_id').notNull(),
    toId: text('to_id').notNull(),
    /** prerequisite, part_of, similar, uses, contradicts or related. */
    kind: text('kind').notNull(),
    /** In (0, 1]. */
    weight: real('weight').notNull(),
    /** Captures and notes that show it. */
    evidence: integer('evidence').notNull(),
    byLearner: boolean('by_learner').notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.fromId, table.toId, table.kind] }),
    index('concept_relations_to').on(table.vaultId, table.toId),
  ],
)

/** Counts the folds of concepts: a graph that has another number is made anew. */
export const conceptFolds = pgTable('concept_folds', {
  vaultId: text('vault_id').primaryKey(),
  revision: bigint('revision', { mode: 'number' }).notNull(),
})

/** Derived work that waits. Never the only copy of anything: `lva rebuild` queues it anew. */
export const jobs = pgTable(
  'jobs',
  {
    vaultId: text('vault_id').notNull(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    /** What is to be done, such as `index`. */
    kind: text('kind').notNull(),
    /** What it is done to, such as a capture id. One waiting job for each kind and subject. */
    subject: text('subject').notNull(),
    /** waiting, running or failed. */
    state: text('state').notNull(),
    attempts: integer('attempts').notNull(),
    /** Queued again while it was running: it has to run once more. */
    again: boolean('again').notNull().default(false),
    errorCode: text('error_code'),
    /** Not before this instant (back-off). */
    notBefore: instant('not_before').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.kind, table.subject] }),
    index('jobs_due').on(table.vaultId, table.kind, table.state, table.id),
  ],
)

/** What paid models cost on this device; local to it, kept by a rebuild. */
export const spending = pgTable(
  'spending',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    at: instant('at').notNull(),
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    inputTokens: integer('input_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    /** Millionths of a US dollar. */
    costMicroUsd: bigint('cost_micro_usd', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.id] }), index('spending_at').on(table.vaultId, table.at)],
)

/** The state of turns under way, as LangGraph keeps it; gone when the turn has ended. Local to this device. */
export const turnCheckpoints = pgTable(
  'turn_checkpoints',
  {
    vaultId: text('vault_id').notNull(),
    /** The capture that is answered. */
    threadId: text('thread_id').notNull(),
    namespace: text('namespace').notNull(),
    checkpointId: text('checkpoint_id').notNull(),
    parentId: text('parent_id'),
    checkpoint: bytea('checkpoint').notNull(),
    metadata: bytea('metadata').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.threadId, table.namespace, table.checkpointId] })],
)

/** What the nodes of a step have written before the step is whole. */
export const turnWrites = pgTable(
  'turn_writes',
  {
    vaultId: text('vault_id').notNull(),
    threadId: text('thread_id').notNull(),
    namespace: text('namespace').notNull(),
    checkpointId: text('checkpoint_id').notNull(),
    taskId: text('task_id').notNull(),
    position: integer('position').notNull(),
    channel: text('channel').notNull(),
    value: bytea('value').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.vaultId, table.threadId, table.namespace, table.checkpointId, table.taskId, table.position],
    }),
  ],
)

/** Statements about the learner (docs/agents.md §4). Projected from the document `memories`. */
export const memories = pgTable(
  'memories',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    text: text('text').notNull(),
    /** fact, preference or goal. */
    kind: text('kind').notNull(),
    /** proposed or accepted. */
    state: text('state').notNull(),
    /** The receipt: capture and span of what the learner said, in UTF-16 code units of its text; null where the learner wrote it here. */
    captureId: text('capture_id'),
    /** The words themselves, to know whether the capture still says them. */
    quote: text('quote'),
    start: integer('start'),
    end: integer('end'),
    /** What it says, where only one such thing is true at a time. */
    about: text('about'),
    validFrom: instant('valid_from').notNull(),
    validTo: instant('valid_to'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.id] })],
)

/** Questions with answers. Projected from the document `deck`. */
export const cards = pgTable(
  'cards',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    front: text('front').notNull(),
    back: text('back').notNull(),
    /** candidate or kept. */
    state: text('state').notNull(),
    /** Where it comes from, as a citation names it; null where the learner wrote it. */
    source: jsonb('source'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.id] })],
)

/** Answers of the net, kept for a while. Local to this device. */
export const researchCache = pgTable(
  'research_cache',
  {
    vaultId: text('vault_id').notNull(),
    /** Source and what it was asked. */
    key: text('key').notNull(),
    value: jsonb('value').notNull(),
    fetchedAt: instant('fetched_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.key] })],
)

/** Servers of the Model Context Protocol that the learner added on this device; never synced. */
export const mcpServers = pgTable(
  'mcp_servers',
  {
    vaultId: text('vault_id').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    /**
     * `{ transport: 'stdio', command, arguments, variables }` or `{ transport: 'http', url, headers }`, of which the last are names alone,
     * their values being in the keychain; and `accepted`, the tools that the learner accepted, as they were shown.
     */
    connection: jsonb('connection').notNull(),
    enabled: boolean('enabled').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.id] })],
)

/** Stretches in which frames of the study timeline were lost. Local to this device. */
export const screenGaps = pgTable(
  'screen_gaps',
  {
    vaultId: text('vault_id').notNull(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    /** missed or unread. */
    why: text('why').notNull(),
    fromAt: instant('from_at').notNull(),
    toAt: instant('to_at').notNull(),
    frames: integer('frames').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.id] }),
    index('screen_gaps_from').on(table.vaultId, table.fromAt),
  ],
)

/** Blobs of pictures that came with captures, or were given for one that was not sent. Those that no capture names any more are removed. */
export const pictureBlobs = pgTable(
  'picture_blobs',
  {
    vaultId: text('vault_id').notNull(),
    sha256: text('sha256').notNull(),
    keptAt: instant('kept_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.sha256] })],
)

/** How far forgetting has come with a document (docs/vault.md §7). Local to this device; where it is missing, the document is looked at again. */
export const forgettingDocuments = pgTable(
  'forgetting_documents',
  {
    vaultId: text('vault_id').notNull(),
    doc: text('doc').notNull(),
    /** With this `seq` as its newest it held nothing that is deleted and not forgotten. */
    emptyAt: bigint('empty_at', { mode: 'number' }).notNull(),
    /** No stored update holds what was forgotten. */
    erased: boolean('erased').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.doc] })],
)

/** For how long this device has known of deletions that can still be taken back. Local to it: elsewhere, and after a backup, the wait begins anew. */
export const forgettingWaits = pgTable(
  'forgetting_waits',
  {
    vaultId: text('vault_id').notNull(),
    /** As `DeletedThing` has it. */
    kind: text('kind').notNull(),
    id: text('id').notNull(),
    /** The deletion: another one of the same thing begins anew. */
    deletedAt: instant('deleted_at').notNull(),
    /** Milliseconds that this device has seen pass since it knows of it. */
    waitedMs: bigint('waited_ms', { mode: 'number' }).notNull(),
    /** When that was added to last, by the clock of the machine. */
    seenAt: instant('seen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.kind, table.id] })],
)

/** Sync of this device (docs/protocol.md §9). None where the vault is not enrolled. It belongs to the device: no backup holds it. */
export const syncState = pgTable('sync_state', {
  vaultId: text('vault_id').primaryKey(),
  /** Of this device at the relay: 32 hex digits. */
  device: text('device').notNull(),
  /** Highest sequence that was given out, and that the relay has acknowledged. */
  sequence: bigint('sequence', { mode: 'number' }).notNull(),
  acknowledged: bigint('acknowledged', { mode: 'number' }).notNull(),
  /** Frames of this device up to here are not known here: they are read like those of others. */
  strangeUpTo: bigint('strange_up_to', { mode: 'number' }).notNull(),
})

/** What was changed on this device, or is to be said by it, and the relay has not acknowledged yet; sent in the order of `id`. */
export const syncOutbox = pgTable(
  'sync_outbox',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity(),
    vaultId: text('vault_id').notNull(),
    doc: text('doc').notNull(),
    /** `update`, `snapshot`, `digest`, and `all`: everything that the document holds when its turn comes. */
    kind: text('kind').notNull(),
    /** What is sealed. Null until its turn comes where only then it is made. */
    content: bytea('content'),
    /** Of a snapshot that has a sequence. */
    covers: bigint('covers', { mode: 'number' }),
    /** Given when it is first sent; from then on it stands for this content. */
    sequence: bigint('sequence', { mode: 'number' }),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.id] }),
    index('sync_outbox_doc').on(table.vaultId, table.doc),
    index('sync_outbox_sequence').on(table.vaultId, table.sequence),
  ],
)

/** Rooms of the relay, and what this device keeps of them. */
export const syncRooms = pgTable(
  'sync_rooms',
  {
    vaultId: text('vault_id').notNull(),
    /** 32 hex digits. */
    room: text('room').notNull(),
    /** Null until a frame of it was opened, or the document was sent. */
    doc: text('doc'),
    /** Everything up to here is kept, or was refused. */
    cursor: bigint('cursor', { mode: 'number' }).notNull(),
    /** The highest position that the relay has told of. */
    head: bigint('head', { mode: 'number' }).notNull(),
    /** Of the newest snapshot: what it covers. */
    covered: bigint('covered', { mode: 'number' }).notNull(),
    /** What was last told to the relay as passed. */
    passed: bigint('passed', { mode: 'number' }).notNull(),
    /** Something of others came since the last digest. */
    owesDigest: boolean('owes_digest').notNull(),
    /** SHA-256 of what was held when all of it was last sent to mend a difference. */
    mendedWith: bytea('mended_with'),
  },
  (table) => [
    primaryKey({ columns: [table.vaultId, table.room] }),
    index('sync_rooms_doc').on(table.vaultId, table.doc),
  ],
)

/** What was taken of each device in each room. */
export const syncTaken = pgTable(
  'sync_taken',
  {
    vaultId: text('vault_id').notNull(),
    room: text('room').notNull(),
    device: text('device').notNull(),
    /** Of its newest frame, and of its newest that changes the document. */
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    position: bigint('position', { mode: 'number' }).notNull(),
    /** Up to where its newest digest says that it keeps the room, and whether that digest fitted ours; null where they could not be compared. */
    keeps: bigint('keeps', { mode: 'number' }).notNull(),
    agrees: boolean('agrees'),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.room, table.device] })],
)

/** Frames of which nothing was applied. */
export const syncRefused = pgTable(
  'sync_refused',
  {
    vaultId: text('vault_id').notNull(),
    room: text('room').notNull(),
    position: bigint('position', { mode: 'number' }).notNull(),
    device: text('device').notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    /** Why: `stranger`, `revoked`, `signature`, `content`. */
    reason: text('reason').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.room, table.position] })],
)

/** Attachments that the vault names or named, and what sync knows of them (docs/protocol.md §7). It belongs to the device: no backup holds it. */
export const syncAttachments = pgTable(
  'sync_attachments',
  {
    vaultId: text('vault_id').notNull(),
    sha256: text('sha256').notNull(),
    /** `recordings`, `pictures`, `documents`, `frames`; null until something here names it. */
    kind: text('kind'),
    /** Null until its bytes were here, or a device has told. */
    bytes: bigint('bytes', { mode: 'number' }),
    isNamed: boolean('is_named').notNull().default(false),
    /** Of the newest item that names it. */
    namedAt: instant('named_at'),
    /** Since when nothing names it that did. */
    unnamedAt: instant('unnamed_at'),
    isHere: boolean('is_here').notNull().default(false),
    /** Its bytes came from another device. */
    isFetched: boolean('is_fetched').notNull().default(false),
    /** A device says that the relay has all of it. */
    atRelay: boolean('at_relay').notNull().default(false),
    /** Another device asks for it. */
    isAsked: boolean('is_asked').notNull().default(false),
    /** The learner asked for it on this device. */
    isWanted: boolean('is_wanted').notNull().default(false),
    /** Code of why it did not move, and when it is tried again. */
    problem: text('problem'),
    tryAt: instant('try_at'),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.sha256] })],
)

/** Values that a device overwrote which had not seen them (docs/vault.md §6), with what stands instead. */
export const conflicts = pgTable(
  'conflicts',
  {
    vaultId: text('vault_id').notNull(),
    doc: text('doc').notNull(),
    id: text('id').notNull(),
    noticedAt: instant('noticed_at').notNull(),
    conflict: jsonb('conflict').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.doc, table.id] })],
)

/** Which device a Yjs client is. It belongs to the device: no backup holds it. */
export const syncClients = pgTable(
  'sync_clients',
  {
    vaultId: text('vault_id').notNull(),
    client: bigint('client', { mode: 'number' }).notNull(),
    /** 32 hex digits. */
    device: text('device').notNull(),
  },
  (table) => [primaryKey({ columns: [table.vaultId, table.client] })],
)
