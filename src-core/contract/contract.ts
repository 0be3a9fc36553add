import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import * as legacy from './legacy-schemas.ts'
import * as s from './schemas.ts'

/** Every procedure may fail with this one error; its data says which and what to do (kernel/errors). */
const procedure = oc.errors({ LVA: { message: 'Learning Voice Agent error', data: s.wireError } })
const byId = z.object({ id: s.ids.id })
const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() })
const blob = z.instanceof(Blob)

/** What every client may call, over every carrier. */
export const contract = {
  app: {
    info: procedure.output(s.appInfo),
    /** What changed, as it changes, until the client stops listening. */
    events: procedure.output(eventIterator(s.appEvent)),
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
  history: {
    /** Takes back, or makes again, the learner's last change. `done` is false when there is none. */
    undo: procedure.output(z.object({ done: z.boolean() })),
    redo: procedure.output(z.object({ done: z.boolean() })),
  },
  turns: {
    /** Stores what the learner said and streams the answer. Stopping the iterator stops the answer; what came so far is kept. */
    send: procedure.input(s.turnRequest).output(eventIterator(s.turnEvent)),
    /** Asks again for the answer of a stored capture, with the active provider or the one named. */
    retry: procedure.input(byId.extend({ provider: s.providerName.optional() })).output(eventIterator(s.turnEvent)),
  },
  speech: {
    /** Opens a recording. Samples are 16-bit little-endian PCM, mono, at `sampleRate` a second. */
    start: procedure
      .input(z.object({ sampleRate: z.number().int().min(8_000).max(192_000) }))
      .output(z.object({ recordingId: z.string() })),
    push: procedure.input(z.object({ recordingId: z.string(), pcm: blob })),
    /** The transcript so far, each time it changes, until the recording is finished. */
    partials: procedure
      .input(z.object({ recordingId: z.string() }))
      .output(eventIterator(z.object({ text: z.string() }))),
    finish: procedure.input(z.object({ recordingId: z.string() })).output(s.transcript),
    cancel: procedure.input(z.object({ recordingId: z.string() })),
    /** Transcribes a whole WAV file and keeps it as a recording. */
    transcribe: procedure.input(z.object({ audio: blob })).output(s.transcript),
    /** Speaks with the packaged voice; answers a WAV file. For systems that have no voice of their own. */
    speak: procedure.input(z.object({ text: z.string().max(20_000) })).output(blob),
    /** A kept recording as a WAV file. */
    recording: procedure.input(z.object({ sha256: s.ids.sha256 })).output(blob),
  },
  search: {
    query: procedure.input(s.searchRequest).output(s.searchResult),
  },
  settings: {
    get: procedure.output(s.settings),
    set: procedure.input(s.settings.partial()).output(s.settings),
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
  /** The import from v1 (docs/import-v1.md). Stopping an iterator stops the work between two batches; it can be gone on with. */
  legacy: {
    /** Reads everything and writes nothing. */
    inspect: procedure.input(legacy.v1Place).output(eventIterator(legacy.v1Inspecting)),
    execute: procedure.input(legacy.v1Place).output(eventIterator(legacy.v1Importing)),
    verify: procedure.input(legacy.v1Place).output(eventIterator(legacy.v1Verifying)),
    rollBack: procedure.input(byId).output(eventIterator(legacy.v1RollingBack)),
    /** The name of the import that a place is. */
    importId: procedure.input(legacy.v1Place).output(z.object({ id: z.string() })),
    list: procedure.output(z.object({ imports: z.array(legacy.importRecord) })),
    /** Sends a file that a page has no path of: begin, push pieces in their order, then name it as `upload:<id>`. */
    beginUpload: procedure
      .input(z.object({ name: z.string().min(1).max(255), bytes: z.number().int().nonnegative() }))
      .output(byId),
    push: procedure.input(byId.extend({ bytes: blob })),
    /** Forgets an upload and removes its file. */
    dropUpload: procedure.input(byId),
  },
}
