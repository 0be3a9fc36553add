import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import * as at from './attachment-schemas.ts'
import * as b from './backup-schemas.ts'
import * as d from './document-schemas.ts'
import * as g from './graph-schemas.ts'
import * as legacy from './legacy-schemas.ts'
import * as m from './mcp-schemas.ts'
import * as learner from './memory-schemas.ts'
import * as portable from './portable-schemas.ts'
import * as r from './research-schemas.ts'
import * as s from './schemas.ts'
import * as speech from './speech-schemas.ts'
import * as y from './sync-schemas.ts'
import * as t from './timeline-schemas.ts'

/** Every procedure may fail with this one error; its data says which and what to do (kernel/errors). */
const procedure = oc.errors({ LVA: { message: 'Learning Voice Agent error', data: s.wireError } })
const byId = z.object({ id: s.ids.id })
const byHash = z.object({ sha256: s.ids.sha256 })
const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() })
const blob = z.instanceof(Blob)

/** What every client may call, over every carrier. */
export const contract = {
  app: {
    info: procedure.output(s.appInfo),
    /** What changed, as it changes, until the client stops listening. */
    events: procedure.output(eventIterator(s.appEvent)),
    /** Asks the windows that are open to show a link (docs/desktop.md §2). `shown` is false where there are none. */
    open: procedure.input(z.object({ link: z.string().max(16_000) })).output(z.object({ shown: z.boolean() })),
    dataSize: procedure.output(s.dataSize),
    /** Checks of the installation: folder, database, models, provider. */
    doctor: procedure.output(z.object({ checks: z.array(s.check) })),
    /** Recreates tables from documents, then chunks and vectors from tables. */
    rebuild: procedure.output(eventIterator(s.rebuildEvent)),
    indexProgress: procedure.output(s.indexProgress),
  },
  captures: {
    /** Stores text without asking for an answer. */
    add: procedure.input(s.turnRequest).output(s.capture),
    list: procedure.input(s.captureFilter.extend(s.page.shape)).output(pageOf(s.capture)),
    get: procedure.input(byId).output(s.capture),
    edit: procedure.input(byId.extend({ userText: z.string() })).output(s.capture),
    delete: procedure.input(z.object({ ids: z.array(s.ids.id).min(1).max(1_000) })),
    restore: procedure.input(z.object({ ids: z.array(s.ids.id).min(1).max(1_000) })),
  },
  sessions: {
    list: procedure.input(s.page).output(pageOf(s.session)),
    get: procedure.input(byId).output(s.session),
    rename: procedure.input(byId.extend({ title: z.string().max(200).nullable() })).output(s.session),
    delete: procedure.input(byId),
    restore: procedure.input(byId),
  },
  notes: {
    list: procedure.input(s.page).output(pageOf(s.note)),
    get: procedure.input(byId).output(s.note),
    create: procedure.input(z.object({ title: z.string().max(500), body: z.string() })).output(s.note),
    edit: procedure
      .input(byId.extend({ title: z.string().max(500).optional(), body: z.string().optional() }))
      .output(s.note),
    delete: procedure.input(byId),
    restore: procedure.input(byId),
  },
  /** Statements about the learner (docs/agents.md §4). */
  memories: {
    list: procedure.input(learner.memoryList).output(pageOf(learner.memory)),
    get: procedure.input(byId).output(learner.memory),
    /** Those of them that there are. */
    getMany: procedure
      .input(z.object({ ids: z.array(s.ids.id).max(100) }))
      .output(z.object({ items: z.array(learner.memory) })),
    counts: procedure.output(z.object({ proposed: z.number().int(), accepted: z.number().int() })),
    /** Keeps what the learner writes about themselves. */
    add: procedure.input(learner.newMemory).output(learner.memory),
    accept: procedure.input(learner.someIds).output(z.object({ items: z.array(learner.memory) })),
    edit: procedure.input(learner.memoryPatch).output(learner.memory),
    /** For good, with the cards that rest on them; `history.undo` takes it back for ten minutes. */
    forget: procedure.input(learner.someIds).output(z.object({ memories: z.number().int(), cards: z.number().int() })),
    /** Takes forgetting back, whatever was done since; false when its ten minutes are over, or the program was closed meanwhile. */
    bringBack: procedure.input(byId).output(z.object({ done: z.boolean() })),
    /** What forgetting would take along. */
    restingCards: procedure.input(learner.someIds).output(z.object({ cards: z.array(learner.card) })),
  },
  cards: {
    list: procedure.input(learner.cardList).output(pageOf(learner.card)),
    /** Those of them that there are. */
    getMany: procedure
      .input(z.object({ ids: z.array(s.ids.id).max(100) }))
      .output(z.object({ items: z.array(learner.card) })),
    counts: procedure.output(z.object({ candidates: z.number().int(), kept: z.number().int() })),
    keep: procedure.input(learner.someIds).output(z.object({ items: z.array(learner.card) })),
    edit: procedure.input(learner.cardPatch).output(learner.card),
    /** For good; `history.undo` takes it back for ten minutes. */
    delete: procedure.input(learner.someIds),
  },
  documents: {
    /** Keeps a file; it is read in the background. Answers once its bytes are durable. */
    add: procedure.input(d.addDocument).output(d.addedDocument),
    /** Keeps files together, which is much quicker than one by one. A file that cannot be taken does not keep the others out. */
    addMany: procedure.input(d.addDocuments).output(d.addedDocuments),
    /** Fetches a page of the web, http or https; addresses inside private networks are refused. */
    addAddress: procedure.input(d.addAddress).output(d.addedDocument),
    addText: procedure.input(d.addDocumentText).output(d.addedDocument),
    /** The newest first. */
    list: procedure.input(d.documentFilter.extend(s.page.shape)).output(pageOf(d.document)),
    get: procedure.input(byId).output(d.document),
    /** Those of them that there are. */
    getMany: procedure.input(z.object({ ids: d.ids })).output(z.object({ items: z.array(d.document) })),
    /** The text with its structure, a stretch at a time. Empty until it is read. */
    text: procedure.input(d.documentTextRequest).output(d.documentText),
    /** The bytes as they came. */
    file: procedure.input(byId).output(blob),
    rename: procedure.input(byId.extend({ title: z.string().min(1).max(500) })).output(d.document),
    /** Whether the sound of a recording stays, whatever Settings say of long recordings. */
    keepSound: procedure.input(byId.extend({ keeps: z.boolean() })).output(d.document),
    setTags: procedure.input(
      z.object({ ids: d.ids, add: z.array(z.string()).optional(), remove: z.array(z.string()).optional() }),
    ),
    setCollections: procedure.input(
      z.object({ ids: d.ids, add: z.array(s.ids.id).optional(), remove: z.array(s.ids.id).optional() }),
    ),
    delete: procedure.input(z.object({ ids: d.ids })),
    restore: procedure.input(z.object({ ids: d.ids })),
    /**
     * Reads documents that failed or were cancelled again; with `ready` also those that are read. `recogniser`, an id of `recognisers.list`,
     * hears recordings in place of the one of Settings.
     */
    retry: procedure.input(
      z.object({
        ids: d.ids,
        password: z.string().max(1_000).optional(),
        ready: z.boolean().optional(),
        recogniser: s.ids.id.optional(),
      }),
    ),
    /** Who heard a recording, and what can be put back. */
    transcripts: procedure.input(byId).output(d.transcripts),
    /** Puts the transcript of a recording back that was there before it was heard again; once more, takes that back. */
    exchangeTranscripts: procedure.input(byId).output(d.document),
    /** Takes documents out of the queue, also the one that is being read. Those that are read stay as they are. */
    cancel: procedure.input(z.object({ ids: d.ids })),
    queue: procedure.output(d.documentQueue),
    /** Until `resume`, or the next start, no further document is read; the one that is being read goes back to the queue. */
    pause: procedure.output(d.documentQueue),
    resume: procedure.output(d.documentQueue),
    events: procedure.output(eventIterator(d.documentEvent)),
    tags: procedure.output(z.object({ tags: z.array(d.tagCount) })),
  },
  collections: {
    list: procedure.output(z.object({ collections: z.array(d.collection) })),
    create: procedure.input(z.object({ name: z.string().min(1).max(100) })).output(d.collection),
    rename: procedure.input(byId.extend({ name: z.string().min(1).max(100) })).output(d.collection),
    /** Its documents stay. */
    delete: procedure.input(byId),
    restore: procedure.input(byId),
  },
  folders: {
    list: procedure.output(z.object({ folders: z.array(d.watchedFolder) })),
    /** Its files become documents, now and whenever they change. Only folders of this machine. */
    add: procedure
      .input(z.object({ path: z.string().min(1).max(4_000), collectionId: s.ids.id.optional() }))
      .output(d.watchedFolder),
    /** No longer watched; its documents stay. */
    remove: procedure.input(byId),
    scan: procedure.input(byId).output(d.watchedFolder),
    /** Files that could not be taken, with the reason; the first hundred by their path. */
    refused: procedure.input(byId).output(z.object({ files: z.array(d.refusedFile) })),
  },
  history: {
    /** Takes back, or makes again, the learner's last change. `done` is false when there is none. */
    undo: procedure.output(z.object({ done: z.boolean() })),
    redo: procedure.output(z.object({ done: z.boolean() })),
  },
  turns: {
    /** The learner begins to say something: what the first turn of a while has to bring along is brought along meanwhile. */
    prepare: procedure,
    /** Stores what the learner said and streams the answer. Stopping the iterator stops the answer; what came so far is kept. */
    send: procedure.input(s.turnRequest).output(eventIterator(s.turnEvent)),
    /** Asks again for the answer of a stored capture, with the active provider or the one named. */
    retry: procedure.input(byId.extend({ provider: s.providerName.optional() })).output(eventIterator(s.turnEvent)),
    /** Answers a `consent` event. `taken` is false where the question was no longer open. */
    consent: procedure.input(byId.extend({ decision: s.consentDecision })).output(z.object({ taken: z.boolean() })),
  },
  summaries: {
    /** Sums up one session or one day, and proposes cards from it. Not stored. Stopping the iterator stops it. */
    make: procedure.input(s.summaryRequest).output(eventIterator(s.summaryEvent)),
  },
  speech: {
    /** Opens a recording. Samples are 16-bit little-endian PCM, mono, at `sampleRate` a second. */
    start: procedure.input(z.object({ sampleRate: speech.sampleRate })).output(z.object({ recordingId: z.string() })),
    push: procedure.input(z.object({ recordingId: z.string(), pcm: blob })),
    /** The transcript so far, each time it changes, until the recording is finished. */
    partials: procedure
      .input(z.object({ recordingId: z.string() }))
      .output(eventIterator(z.object({ text: z.string() }))),
    finish: procedure.input(z.object({ recordingId: z.string() })).output(s.transcript),
    cancel: procedure.input(z.object({ recordingId: z.string() })),
    /** Transcribes a whole recording, WAV, MP3, M4A, AAC, Ogg, WebM or FLAC, and keeps its sound. */
    transcribe: procedure.input(z.object({ audio: blob })).output(s.transcript),
    /**
     * Answers a WAV file. Without `openaiVoice` by the packaged voice, for systems that have none of their own; with it by OpenAI, which is
     * sent the text.
     */
    speak: procedure
      .input(z.object({ text: z.string().max(20_000), openaiVoice: speech.openaiVoice.optional() }))
      .output(blob),
    /** A kept recording as a WAV file. */
    recording: procedure.input(byHash).output(blob),
  },
  /** What hears (docs/voice.md §6). Nothing is asked of anybody before `download`. */
  recognisers: {
    list: procedure.output(z.object({ recognisers: z.array(speech.recogniser) })),
    /** Begins or goes on; `app.events` tell how far it is, and what comes of it. */
    download: procedure.input(byId),
    /** What came so far stays. */
    pause: procedure.input(byId),
    /** Takes it off the disk, or the part that is there. */
    remove: procedure.input(byId),
  },
  /** A conversation without hands: the core tells where turns begin and end. */
  handsFree: {
    /** Samples are 16-bit little-endian PCM, mono, at `sampleRate` a second. */
    open: procedure.input(z.object({ sampleRate: speech.sampleRate })).output(z.object({ id: z.string() })),
    push: procedure.input(z.object({ id: z.string(), pcm: blob })),
    /** What goes on. Stopping the iterator ends the conversation. */
    events: procedure.input(z.object({ id: z.string() })).output(eventIterator(speech.handsFreeEvent)),
    /** The sentence that is being spoken to the learner from now on; null when there is silence. */
    speaking: procedure.input(z.object({ id: z.string(), sentence: z.string().max(20_000).nullable() })),
    /** Hears the turn of the last `failed` again. */
    again: procedure.input(z.object({ id: z.string() })),
    close: procedure.input(z.object({ id: z.string() })),
  },
  /** Lectures and meetings: written to the disk as they come, in parts that become documents. */
  longRecordings: {
    /** Samples are 16-bit little-endian PCM, mono, at `sampleRate` a second. */
    start: procedure.input(z.object({ sampleRate: speech.sampleRate })).output(z.object({ id: z.string() })),
    /** Answers the seconds that are in the file. */
    push: procedure.input(z.object({ id: z.string(), pcm: blob })).output(z.object({ seconds: z.number() })),
    pause: procedure.input(z.object({ id: z.string() })),
    resume: procedure.input(z.object({ id: z.string(), sampleRate: speech.sampleRate })),
    finish: procedure.input(z.object({ id: z.string() })).output(z.object({ documentIds: z.array(s.ids.id) })),
  },
  pictures: {
    /** Keeps a picture that a capture is about to name: PNG, JPEG, WebP or GIF. One that no capture names is removed after a day. */
    add: procedure.input(z.object({ picture: blob })).output(s.picture),
    /** Where in a picture keys, card numbers, passwords and the like stand. Nothing of it is kept. */
    inspect: procedure.input(z.object({ picture: blob })).output(z.object({ found: z.array(s.foundPlace) })),
    /** A picture of a capture, as it came. */
    file: procedure.input(byId.extend({ sha256: s.ids.sha256 })).output(blob),
    /** Reads a picture of a capture again, in another language perhaps; answers the capture with it. */
    read: procedure
      .input(byId.extend({ sha256: s.ids.sha256, language: s.pictureLanguage.optional() }))
      .output(s.capture),
  },
  /** The study timeline (docs/screen.md §3). */
  timeline: {
    state: procedure.output(t.timelineState),
    /** How often a page is to look at the screen. */
    pace: procedure.output(z.object({ everySeconds: z.number() })),
    /** Switches it on for as long as the client listens, and tells the state each time it changes. One client at a time. */
    hold: procedure.output(eventIterator(t.timelineState)),
    watch: procedure.output(eventIterator(t.timelineState)),
    /** A frame that shows something new. It is covered before anything of it is stored. */
    offer: procedure.input(t.offer).output(z.object({ outcome: t.offerOutcome })),
    pause: procedure.output(t.timelineState),
    resume: procedure.output(t.timelineState),
    /** Ends it, whoever holds it. */
    stop: procedure.output(t.timelineState),
    /** Forgets the frames of the last minutes for good: pictures, text, vectors, and what waits. */
    forget: procedure
      .input(z.object({ minutes: z.number().positive().max(5_256_000) }))
      .output(z.object({ frames: z.number().int() })),
    forgetFrames: procedure
      .input(z.object({ ids: z.array(s.ids.id).min(1).max(1_000) }))
      .output(z.object({ frames: z.number().int() })),
    /** Stretches in which frames were lost, the oldest first. */
    gaps: procedure.input(t.stretch).output(z.object({ gaps: z.array(t.gap) })),
  },
  /** How long frames, recordings and pictures are kept. */
  retention: {
    forecast: procedure.output(t.retentionForecast),
    /** What would go at once, were this chosen. */
    wouldGo: procedure.input(t.retentionChoice).output(z.object({ items: z.number().int(), bytes: z.number() })),
    /** Lets go of what is older than Settings say, without waiting for the hour. */
    tidy: procedure,
  },
  /** What was deleted, until nothing of it is left (docs/vault.md §7). */
  forgetting: {
    waiting: procedure.output(t.deletedWaiting),
    /** What can be restored, what was deleted last first. */
    list: procedure.output(z.object({ things: z.array(t.restorableThing) })),
    /** Restores it; undo takes that back. */
    restore: procedure.input(t.thingNames),
    /** Forgets only this, as `forgetNow` does everything. */
    forget: procedure.input(t.thingNames).output(t.forgottenCounts),
    /** Forgets it now, with all that was made of it. Resolves when nothing of it is left on this device. */
    forgetNow: procedure.output(t.forgottenCounts),
  },
  search: {
    query: procedure.input(s.searchRequest).output(s.searchResult),
  },
  portable: {
    /** Writes an export to a path of this machine; for the command line only. Stopping the iterator stops it and leaves nothing. */
    exportTo: procedure.input(portable.exportToPath).output(eventIterator(portable.exportToPathEvent)),
    /** Writes an export that `piece` then reads, an empty piece being its end; `forget` lets it go. */
    exportForPage: procedure.input(portable.exportForPage).output(eventIterator(portable.exportForPageEvent)),
    piece: procedure.input(z.object({ id: z.string(), offset: z.number().int().nonnegative() })).output(blob),
    /** Takes the next piece of a file that is to be imported. `upload` is null for the first. Paths have slashes. */
    receive: procedure
      .input(
        z.object({
          upload: z.string().nullable(),
          path: z.string().min(1).max(4_096),
          offset: z.number().int().nonnegative(),
          bytes: blob,
        }),
      )
      .output(z.object({ upload: z.string() })),
    forget: procedure.input(z.object({ id: z.string() })),
    /** Reads everything and says what an import would bring; nothing is written. */
    inspect: procedure.input(portable.importRequest).output(eventIterator(portable.inspectEvent)),
    /** Imports. Stopping the iterator stops it; what came so far is whole, and importing again goes on. */
    import: procedure.input(portable.importRequest).output(eventIterator(portable.importEvent)),
    /** Every import, the newest first. */
    imports: procedure.output(z.object({ imports: z.array(portable.importReceipt) })),
    /** Takes an import back, but for what the learner has changed since. */
    rollBack: procedure.input(z.object({ id: z.string() })).output(eventIterator(portable.rollBackEvent)),
  },
  /** Concepts of what was said. `which` is an id or any spelling. */
  graph: {
    /** Texts that wait to be read for concepts. */
    status: procedure.output(z.object({ pending: z.number().int() })),
    list: procedure
      .input(z.object({ query: z.string().max(500).optional(), limit: g.limit, hidden: z.boolean().optional() }))
      .output(z.object({ items: z.array(g.concept) })),
    show: procedure
      .input(z.object({ concept: g.which, limit: g.limit }))
      .output(z.object({ concept: g.concept, neighbours: z.array(g.neighbour), evidence: z.array(g.evidence) })),
    /** The concepts that are mentioned most, and the relations among them worth drawing. */
    map: procedure.input(z.object({ limit: g.limit })).output(g.conceptMap),
    /** The same around one concept. */
    around: procedure
      .input(z.object({ concept: g.which, steps: z.number().int().min(1).max(3).default(1), limit: g.limit }))
      .output(g.conceptMap),
    /** What connects two concepts, in either direction, and what shows it. */
    relation: procedure.input(z.object({ from: g.which, to: g.which, limit: g.limit })).output(
      z.object({
        from: g.concept,
        to: g.concept,
        relations: z.array(g.relation),
        passages: z.array(g.relationPassage),
      }),
    ),
    /** What was thought about a concept, period by period, the oldest first. */
    overTime: procedure
      .input(z.object({ concept: g.which, passages: z.number().int().min(0).max(20).default(3) }))
      .output(g.timeline.extend({ concept: g.concept })),
    /** Shortest learning path, ends included. */
    path: procedure
      .input(z.object({ from: g.which, to: g.which }))
      .output(z.object({ path: z.array(g.concept).nullable() })),
    gaps: procedure.input(z.object({ limit: g.limit })).output(z.object({ items: z.array(g.concept) })),
    trending: procedure.input(z.object({ limit: g.limit })).output(
      z.object({
        items: z.array(z.object({ concept: g.concept, recent: z.number().int(), before: z.number().int() })),
      }),
    ),
    rename: procedure.input(z.object({ concept: g.which, name: z.string().max(500).nullable() })),
    merge: procedure.input(z.object({ into: g.which, other: g.which })),
    /** Makes one spelling a concept of its own. */
    split: procedure.input(z.object({ concept: g.which, variant: g.which })),
    hide: procedure.input(z.object({ concept: g.which, hidden: z.boolean() })),
    link: procedure.input(z.object({ from: g.which, to: g.which, kind: g.linkKind, linked: z.boolean().nullable() })),
  },
  settings: {
    get: procedure.output(s.settings),
    set: procedure.input(s.settings.partial()).output(s.settings),
  },
  backup: {
    status: procedure.output(b.backupStatus),
    /** A new recovery phrase, shown this once, and the numbers of the words that `confirm` wants. Replaces one that was not confirmed. */
    begin: procedure.output(b.newPhrase),
    /** Takes the phrase that was begun, when the words are right. */
    confirm: procedure.input(z.object({ words: z.array(z.string().max(100)).max(24) })),
    /** Takes the phrase of earlier backups, or types the present one again for this session. */
    unlock: procedure.input(z.object({ phrase: z.string().max(2_000) })),
    configure: procedure.input(b.backupSettings),
    list: procedure.output(z.object({ backups: z.array(b.backupEntry) })),
    /** Into every place, or into one folder. */
    run: procedure.input(z.object({ folder: z.string().max(4_000).optional() })).output(eventIterator(b.backupEvent)),
    verify: procedure.input(b.backupName).output(eventIterator(b.backupEvent)),
    /** Restores beside the present data; `swapIn` then exchanges the two. */
    restore: procedure.input(b.backupName).output(eventIterator(b.restoreEvent)),
    /** What the present data holds, to compare a copy with. */
    present: procedure.output(b.copyContent),
    /** The core starts again for it, and the line is lost for a moment. */
    swapIn: procedure.input(z.object({ copy: z.string().max(500) })),
    discard: procedure.input(z.object({ copy: z.string().max(500) })),
    /** Removes all data of this device, and the backups when asked. The core starts again, empty. */
    deleteEverything: procedure
      .input(z.object({ confirmation: z.literal(b.ERASE_WORD), backups: z.boolean() }))
      .output(b.erasure),
  },
  /** One vault on every device, through a relay that reads nothing (docs/protocol.md). */
  sync: {
    status: procedure.output(y.syncStatus),
    /** This device first. What only the relay knows is missing while it does not answer. */
    devices: procedure.output(z.object({ devices: z.array(y.syncDevice) })),
    /** Makes the account and signs in to it. */
    createAccount: procedure.input(y.syncAccount),
    signIn: procedure.input(y.syncAccount),
    /** A device of the vault stays one, and can sign in again. */
    signOut: procedure,
    /** Forgets account and keys; what is here stays. */
    leave: procedure,
    /** Makes a recovery phrase for a vault that begins here, and shows it this once. */
    newPhrase: procedure.output(b.newPhrase),
    /** Takes the phrase when three of its words come back, and begins the vault. */
    confirmPhrase: procedure.input(z.object({ words: z.array(z.string().max(100)).max(24) })),
    /** Begins the vault with the phrase that backups have already. */
    begin: procedure.input(y.typedPhrase),
    joinByPhrase: procedure.input(y.typedPhrase),
    /** Shows a code until another device has taken it. Ending the iterator ends the code. */
    joinByCode: procedure.output(eventIterator(y.joinEvent)),
    /** Adds the device that shows this code, once `answer` has said that the numbers are equal. */
    admit: procedure.input(z.object({ code: z.string().max(200) })).output(eventIterator(y.admitEvent)),
    /** `heard` is false where nobody waits for it any more. */
    answer: procedure
      .input(z.object({ id: z.string().max(20), equal: z.boolean() }))
      .output(z.object({ heard: z.boolean() })),
    rename: procedure.input(byId.extend({ name: y.deviceName })),
    /** For good: its keys are of no use from now on. */
    revoke: procedure.input(byId),
    /** Where what is on the screen has come; it catches up first from now on. */
    look: procedure.input(y.shownItems).output(y.itemPlaces),
    /** The newest first. */
    conflicts: procedure.output(z.object({ conflicts: z.array(y.conflict) })),
    /** Puts the other value in the place of what stands, or lets it be; `history.undo` takes that back. */
    settle: procedure.input(y.settledConflict),
    /** Until `resume`, nothing is sent and nothing fetched, also after a restart. */
    pause: procedure,
    resume: procedure,
    /** Tries at once. @returns the state when all is synced, or when it cannot go on */
    now: procedure.output(y.syncState),
  },
  /** Recordings, pictures, files and frames between devices. */
  attachments: {
    status: procedure.output(at.attachmentStatus),
    choose: procedure.input(at.attachmentChoices),
    get: procedure.input(byHash).output(at.attachmentStanding),
    /** Fetches one under any policy. Where the relay has it not, the other devices are asked; ending the iterator ends it. */
    fetch: procedure.input(byHash).output(eventIterator(at.attachmentFetch)),
    /** What a window knows of its network: whether it costs; null where its browser does not tell. */
    network: procedure.input(z.object({ metered: z.boolean().nullable() })),
  },
  /** Programs and addresses that the learner adds for research (docs/agents.md §8). */
  mcp: {
    list: procedure.output(z.object({ servers: z.array(m.mcpServer) })),
    /** Kept, and neither started nor asked. */
    add: procedure.input(m.mcpAdd).output(m.mcpServer),
    edit: procedure.input(byId.extend(m.mcpEdit.shape)).output(m.mcpServer),
    enable: procedure.input(byId.extend({ enabled: z.boolean() })).output(m.mcpServer),
    remove: procedure.input(byId),
    /** Starts it and asks for its tools. What came of it stands in what it answers. */
    test: procedure.input(byId).output(m.mcpServer),
    accept: procedure.input(byId.extend({ tools: m.mcpAccepted })).output(m.mcpServer),
  },
  research: {
    status: procedure.output(r.researchStatus),
    /** Keeps a key where `app.info.keyStorage` says. */
    setKey: procedure.input(z.object({ source: r.keyedSource, key: z.string().min(1).max(1_000) })),
    removeKey: procedure.input(z.object({ source: r.keyedSource })),
    /** Asks the source for one harmless word. */
    test: procedure.input(z.object({ source: r.testedSource })).output(r.sourceCheck),
    /** Forgets what is kept of answers. */
    clearCache: procedure,
  },
  providers: {
    list: procedure.output(z.object({ providers: z.array(s.providerStatus) })),
    /** Keeps a key where `app.info.keyStorage` says. */
    setKey: procedure.input(z.object({ provider: s.keyedProvider, key: z.string().min(1).max(1_000) })),
    removeKey: procedure.input(z.object({ provider: s.keyedProvider })),
    test: procedure.input(z.object({ provider: s.providerName })).output(s.providerCheck),
    /** Model names that the provider offers. */
    models: procedure.input(z.object({ provider: s.keyedProvider })).output(z.object({ models: z.array(z.string()) })),
    usage: procedure.output(s.monthUsage),
  },
  /**
   * The import from v1 (docs/import-v1.md). A file that a page has sent with `portable.receive` has the path `upload:<id>`. Stopping an
   * iterator stops the work between two batches; it can be gone on with.
   */
  legacy: {
    /** Reads everything and writes nothing. */
    inspect: procedure.input(legacy.v1Place).output(eventIterator(legacy.v1Inspecting)),
    execute: procedure.input(legacy.v1Place).output(eventIterator(legacy.v1Importing)),
    verify: procedure.input(legacy.v1Place).output(eventIterator(legacy.v1Verifying)),
    rollBack: procedure.input(byId).output(eventIterator(legacy.v1RollingBack)),
    /** The name of the import that a place is. */
    importId: procedure.input(legacy.v1Place).output(z.object({ id: z.string() })),
    list: procedure.output(z.object({ imports: z.array(legacy.importRecord) })),
  },
}
