import { implement } from '@orpc/server'
import {
  type AppEvent,
  type Capture,
  type ConsentDecision,
  contract,
  type IndexProgress,
  type Note,
  type Session,
  type Settings,
} from '../../src-core/contract/index.ts'
import type { ClientContext } from '../../src-core/contract/server/index.ts'
import { Channel, type ErrorCode, LvaError } from '../../src-core/kernel/index.ts'
import { imitateBackups } from './imitated-backups.ts'
import { imitateDocuments } from './imitated-documents.ts'
import { imitateGraph } from './imitated-graph.ts'
import { imitateHandsFree } from './imitated-hands-free.ts'
import { imitatedLegacy } from './imitated-legacy.ts'
import { imitateMcp } from './imitated-mcp.ts'
import { imitateMemories } from './imitated-memories.ts'
import { imitatePictures, OF_PICTURE } from './imitated-pictures.ts'
import { imitatePortable } from './imitated-portable.ts'
import { imitateRecognisers } from './imitated-recognisers.ts'
import { imitateResearch } from './imitated-research.ts'
import { alikeTo, explanationOf, readQuery } from './imitated-search.ts'
import { imitateSummaries } from './imitated-summaries.ts'
import { imitateAttachments, imitateSync } from './imitated-sync.ts'
import { imitateTimeline, timelineFrames, timelinePicture } from './imitated-timeline.ts'
import { answerOf, citationsOf, remember } from './memories.ts'
import type { Scenario } from './scenario.ts'
import { ADDITIONS, adding, FOLLOW_UPS, SEVERAL_RUNS, SOURCES_ELSEWHERE } from './several-agents.ts'

const FREE = { inputTokens: 0, outputTokens: 0, costUsd: 0 }
const OFFLINE_RUN = { agent: 'conversation', startedMs: 6, ms: 210, outcome: 'done' as const, model: 'tutor', ...FREE }
const MISSING_RUNS = [
  { agent: 'analysis', startedMs: 15, ms: 120, outcome: 'done' as const, model: null, ...FREE },
  {
    agent: 'research',
    startedMs: 15,
    ms: 8_000,
    outcome: 'late' as const,
    model: null,
    ...FREE,
    error: 'timeout' as const,
  },
  {
    agent: 'synthesis',
    startedMs: 1_260,
    ms: 80,
    outcome: 'failed' as const,
    model: null,
    ...FREE,
    error: 'network-down' as const,
  },
]
const WORDS_A_SECOND = 28
const SAMPLE_RATE = 16_000
const ANSWER =
  'You already have the two halves of it. The scores are compared by softmax, and you said that the weights always sum to one [1].\n\nWhen the vectors are long, their products become **large**, and softmax then gives nearly everything to one key. Dividing by `√d` keeps the scores in the range where softmax still listens to several keys.\n\nCan you guess what that does to the gradient?'
const TRANSCRIPT = 'I’m learning how attention works in transformers'

/** The contract, implemented over a few arrays in the page. */
export function imitateCore(scenario: Scenario) {
  const os = implement(contract).$context<ClientContext>()
  const now = Date.now()
  const memory = remember(now, scenario.captures, scenario.perSession)
  const captures = new Map(scenario.isEmpty ? [] : memory.captures.map((capture) => [capture.id, capture]))
  const titles: Map<string, string | null> = new Map(memory.titles)
  const notes = new Map(scenario.isEmpty ? [] : memory.notes.map((note) => [note.id, note]))
  const deleted = {
    captures: new Map<string, Capture>(),
    notes: new Map<string, Note>(),
    sessions: new Map<string, Capture[]>(),
  }
  const undoing: (() => void)[] = []
  const redoing: (() => void)[] = []
  const listeners = new Set<Channel<AppEvent>>()
  const index: IndexProgress = {
    pending: scenario.pending,
    indexed: captures.size,
    failed: 0,
    running: scenario.pending > 0,
    concepts: { pending: scenario.pending, failed: 0 },
  }
  let made = 0
  const research = imitateResearch(() => `consent-${++made}`)
  /** Seconds of the long recording. */
  let recorded = 0
  const heard = new Map<string, { samples: number; partials: Channel<{ text: string }> }>()
  const keys = new Set<string>(scenario.provider === 'anthropic' ? ['anthropic'] : [])
  let settings: Settings = {
    theme: 'system',
    language: 'en',
    welcomed: true,
    speakAnswers: false,
    voice: '',
    voiceRate: 1,
    turnPause: 0.7,
    recogniser: 'packaged',
    spokenLanguage: '',
    voiceLanguage: '',
    keepRecordings: true,
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
    timelineDays: null,
    timelineMb: null,
    timelineExcluded: ['Private Browsing', 'KeePass'],
    recordingDays: null,
    longRecordingDays: null,
    pictureDays: null,
    researchAllowed: [],
    ...scenario.settings,
  }
  let keptAnswers = { bytes: 184_320, answers: 23 }
  let searches = 0

  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const tell = (event: AppEvent) => {
    for (const listener of listeners) listener.push(event)
  }
  const changed = (what: Partial<Extract<AppEvent, { type: 'vault' }>>) =>
    tell({
      type: 'vault',
      captures: [],
      sessions: [],
      notes: [],
      documents: [],
      collections: false,
      settings: false,
      ...what,
    })
  const fail = (code: string): never => {
    throw new LvaError(code as ErrorCode, `Imitated: ${code}.`, {
      advice: 'This is an imitation.',
      params: { name: 'Anthropic', model: 'claude-haiku-4-5', reason: 'imitated' },
    })
  }
  const found = <T>(value: T | undefined): T => value ?? fail('not-found')
  const newest = <T>(items: Iterable<T>, at: (item: T) => string) => [...items].sort((a, b) => (at(a) < at(b) ? 1 : -1))
  const pageOf = <T>(items: T[], { cursor, limit }: { cursor?: string | null; limit: number }) => {
    const from = Number(cursor ?? 0)
    return { items: items.slice(from, from + limit), next: from + limit < items.length ? String(from + limit) : null }
  }
  let sorted: Capture[] | undefined
  const ordered = () => {
    sorted ??= newest(captures.values(), ({ createdAt }) => createdAt)
    return sorted
  }
  const put = (capture: Capture) => {
    captures.set(capture.id, capture)
    sorted = undefined
    changed({ captures: [capture.id], sessions: [capture.sessionId] })
    return capture
  }
  const sessionOf = (id: string): Session => {
    const own = ordered().filter((capture) => capture.sessionId === id)
    const last = found(own[0])
    const first = own.at(-1) ?? last
    return {
      id,
      title: titles.get(id) ?? null,
      createdAt: first.createdAt,
      lastAt: last.createdAt,
      captureCount: own.length,
      preview: first.userText.slice(0, 120),
    }
  }
  const remove = (ids: readonly string[]) => {
    const sessions = new Set<string>()
    for (const id of ids) {
      const capture = captures.get(id)
      if (!capture) continue
      captures.delete(id)
      deleted.captures.set(id, capture)
      sessions.add(capture.sessionId)
    }
    sorted = undefined
    changed({ captures: [...ids], sessions: [...sessions] })
  }
  const restore = (ids: readonly string[]) => {
    for (const id of ids) {
      const capture = deleted.captures.get(id)
      if (capture) captures.set(id, capture)
    }
    sorted = undefined
    changed({ captures: [...ids], sessions: [...new Set(ids.map((id) => captures.get(id)?.sessionId ?? ''))] })
  }
  const putNote = (note: Note) => {
    notes.set(note.id, note)
    changed({ notes: [note.id] })
    return note
  }

  const changedBackups = () => {
    for (const channel of listeners) channel.push({ type: 'backup' })
  }

  async function* answering(capture: Capture, provider: string, signal: AbortSignal | undefined) {
    const cited = capture.pictures ? [capture] : [...captures.values()].filter(({ id }) => id === 'said-1')
    const agent = capture.pictures ? ('vision' as const) : ('conversation' as const)
    const offline = provider === 'offline'
    yield {
      type: 'kind' as const,
      kind: capture.pictures ? ('visual' as const) : ('simple' as const),
      by: 'device' as const,
    }
    yield { type: 'agent' as const, agent, state: 'running' as const }
    yield {
      type: 'memory' as const,
      citations: citationsOf(cited),
      provider: offline ? ('offline' as const) : ('anthropic' as const),
      model: offline ? 'tutor' : 'claude-haiku-4-5',
    }
    if (!offline && scenario.answer.startsWith('fail:')) {
      await wait(150)
      fail(scenario.answer.slice(5))
    }
    if (!offline && scenario.answer === 'hang')
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    const asking = scenario.answer === 'research' ? research.open() : []
    for (const { event } of asking) yield { ...event, state: 'open' as const }
    const pieces = (capture.pictures ? OF_PICTURE : ANSWER).match(/\S+\s*/g) ?? []
    let text = ''
    for (const piece of pieces) {
      if (signal?.aborted) break
      await wait((1_000 / WORDS_A_SECOND) * (scenario.answer === 'slow' ? 8 : 1))
      text += piece
      yield { type: 'delta' as const, text: piece }
    }
    const decisions: ConsentDecision[] = []
    for (const { event, decided } of asking) {
      const state = await decided
      decisions.push(state)
      yield { ...event, state }
    }
    const isSeveral = scenario.answer === 'several' && !capture.pictures && !offline
    if (isSeveral && !signal?.aborted) {
      const first = answerOf(text, new Date().toISOString(), cited)
      yield { type: 'agent' as const, agent, state: 'done' as const }
      yield { type: 'agent' as const, agent: 'research' as const, state: 'running' as const }
      yield { type: 'answered' as const, capture: put({ ...capture, answer: { ...first, kind: 'complex' } }) }
      yield* adding(first, scenario.addingMs, signal)
    }
    const plain = answerOf(text, new Date().toISOString(), cited)
    const answer = { ...plain, agentsUsed: plain.agentsUsed.map((run) => ({ ...run, agent })) }
    const researched = asking.length > 0 ? research.answerWith(decisions) : {}
    const ended = put({
      ...capture,
      answer: {
        ...answer,
        ...(offline && { provider: 'offline', model: 'tutor', ...FREE, agentsUsed: [OFFLINE_RUN] }),
        ...(asking.length > 0 && {
          ...researched,
          agentsUsed: [...answer.agentsUsed, ...(researched.agentsUsed ?? [])],
        }),
        ...(isSeveral && {
          kind: 'complex' as const,
          sources: SOURCES_ELSEWHERE,
          additions: signal?.aborted ? [] : ADDITIONS.map((addition) => ({ ...addition, createdAt: answer.createdAt })),
          followUps: FOLLOW_UPS,
          agentsUsed: [...answer.agentsUsed, ...SEVERAL_RUNS],
        }),
        ...(scenario.answer === 'late' && {
          ...{ provider: 'offline', model: 'tutor', ...FREE },
          agentsUsed: [
            {
              ...OFFLINE_RUN,
              model: 'claude-haiku-4-5',
              ms: 5_000,
              outcome: 'late' as const,
              error: 'timeout' as const,
            },
            { ...OFFLINE_RUN, startedMs: 5_006 },
          ],
        }),
        ...(scenario.answer === 'partly' && { agentsUsed: [...answer.agentsUsed, ...MISSING_RUNS] }),
        ending: signal?.aborted ? 'stopped' : 'complete',
      },
    })
    if (!signal?.aborted) yield { type: 'done' as const, capture: ended }
  }

  const pictures = imitatePictures()
  const documents = imitateDocuments(scenario, changed, tone)

  const portable = imitatePortable(scenario, fail, wait, new Date(now).toISOString())
  const mcp = imitateMcp(scenario.isEmpty, fail, wait)
  for (const frame of timelineFrames(now, scenario.frames)) captures.set(frame.id, frame)
  const removeFrames = (ids: readonly string[]) => {
    for (const id of ids) captures.delete(id)
    changed({ captures: [...ids] })
  }
  const sync = imitateSync(scenario.sync, {
    fail,
    wait,
    changed: () => {
      for (const channel of listeners) channel.push({ type: 'sync', devices: true })
    },
  })
  const attachments = imitateAttachments(scenario.sync, {
    wait,
    changed: () => {
      for (const channel of listeners) channel.push({ type: 'sync', devices: true })
    },
    arrived: (sha256) => {
      for (const channel of listeners) channel.push({ type: 'attachment', sha256 })
    },
  })
  return os.router({
    ...imitateTimeline(now, removeFrames, () => [...captures.values()], scenario.forecastMs),
    backup: imitateBackups(os, scenario.backups, () => changedBackups()),
    app: {
      info: os.app.info.handler(() => ({
        version: '0.1.0',
        host: 'browser',
        dataDir: '/home/ada/.local/share/learning-voice-agent',
        vaultId: '01JC7Q9V6W0M5R3T2Y1X8Z4K6B',
        keyStorage: 'keyring',
        embedder: 'all-MiniLM-L6-v2/fp16/70f02cbf',
        transcriber: 'moonshine-tiny/en',
      })),
      open: os.app.open.handler(({ input: { link } }) => {
        for (const channel of listeners) channel.push({ type: 'link', link })
        return { shown: listeners.size > 0 }
      }),
      events: os.app.events.handler(async function* ({ signal }) {
        const channel = new Channel<AppEvent>()
        listeners.add(channel)
        signal?.addEventListener('abort', () => channel.end())
        yield { type: 'models', status: { state: 'ready', crashes: 0, recycles: 0, residentMb: 412 } }
        try {
          yield* channel
        } finally {
          listeners.delete(channel)
        }
      }),
      dataSize: os.app.dataSize.handler(() => ({
        database: 41_300_000,
        recordings: 18_750_000,
        dumps: 0,
        total: 60_050_000,
        free: 212_000_000_000,
      })),
      doctor: os.app.doctor.handler(async () => {
        await wait(300)
        return {
          checks: [
            { name: 'Data folder', ok: true, detail: 'Can be written; 212 GB free.', advice: '' },
            { name: 'Database', ok: true, detail: 'PostgreSQL 18, 11 migrations.', advice: '' },
            { name: 'Models', ok: true, detail: 'Embedder and recogniser answer.', advice: '' },
            {
              name: 'Anthropic',
              ok: false,
              detail: 'The network cannot be reached.',
              advice: 'Check the connection; the offline tutor answers meanwhile.',
            },
          ],
        }
      }),
      rebuild: os.app.rebuild.handler(async function* () {
        for (const phase of ['tables', 'index'] as const) {
          for (let done = 0; done <= 40; done += 1) {
            await wait(40)
            yield { phase, done, total: 40 }
          }
        }
      }),
      indexProgress: os.app.indexProgress.handler(() => index),
    },
    attachments: {
      status: os.attachments.status.handler(() => attachments.status()),
      choose: os.attachments.choose.handler(({ input }) => attachments.choose(input)),
      get: os.attachments.get.handler(({ input }) => attachments.standing(input.sha256)),
      fetch: os.attachments.fetch.handler(({ input }) => attachments.fetch(input.sha256)),
      network: os.attachments.network.handler(() => undefined),
    },
    sync: {
      status: os.sync.status.handler(() => sync.status()),
      devices: os.sync.devices.handler(() => sync.devices()),
      createAccount: os.sync.createAccount.handler(({ input }) => sync.signIn(input)),
      signIn: os.sync.signIn.handler(({ input }) => sync.signIn(input)),
      signOut: os.sync.signOut.handler(() => sync.signOut()),
      leave: os.sync.leave.handler(() => sync.leave()),
      newPhrase: os.sync.newPhrase.handler(() => sync.newPhrase()),
      confirmPhrase: os.sync.confirmPhrase.handler(({ input }) => sync.confirmPhrase(input.words)),
      begin: os.sync.begin.handler(({ input }) => sync.begin(input.phrase)),
      joinByPhrase: os.sync.joinByPhrase.handler(({ input }) => sync.begin(input.phrase)),
      joinByCode: os.sync.joinByCode.handler(({ signal }) => sync.joinByCode(signal)),
      admit: os.sync.admit.handler(({ input }) => sync.admit(input.code)),
      answer: os.sync.answer.handler(({ input }) => sync.answer(input.equal)),
      rename: os.sync.rename.handler(({ input }) => sync.rename(input.id, input.name)),
      revoke: os.sync.revoke.handler(({ input }) => sync.revoke(input.id)),
      look: os.sync.look.handler(({ input }) => ({ places: sync.look(input.items) })),
      conflicts: os.sync.conflicts.handler(() => sync.conflicts()),
      settle: os.sync.settle.handler(({ input }) => sync.settle(input.id)),
      pause: os.sync.pause.handler(() => sync.pause()),
      resume: os.sync.resume.handler(() => sync.resume()),
      now: os.sync.now.handler(() => sync.now()),
    },
    mcp: {
      list: os.mcp.list.handler(() => mcp.list()),
      add: os.mcp.add.handler(({ input }) => mcp.add(input)),
      edit: os.mcp.edit.handler(({ input: { id, ...change } }) => mcp.edit(id, change)),
      enable: os.mcp.enable.handler(({ input }) => mcp.enable(input.id, input.enabled)),
      remove: os.mcp.remove.handler(({ input }) => mcp.remove(input.id)),
      test: os.mcp.test.handler(({ input }) => mcp.test(input.id)),
      accept: os.mcp.accept.handler(({ input }) => mcp.accept(input.id, input.tools)),
    },
    legacy: imitatedLegacy(),
    ...imitateMemories(scenario, now, memory.captures[0]?.id ?? 'none', changed, fail, (undo) => undoing.push(undo)),
    captures: {
      add: os.captures.add.handler(({ input }) =>
        put({
          id: `new-${++made}`,
          sessionId: input.sessionId ?? `new-session-${made}`,
          createdAt: new Date().toISOString(),
          editedAt: null,
          source: input.source,
          userText: input.text,
          answer: null,
          audioSha256: input.audioSha256 ?? null,
          metadata: {},
          ...pictures.named(input.pictures),
        }),
      ),
      list: os.captures.list.handler(({ input }) => {
        const own = ordered().filter(
          (capture) =>
            (input.sessionId === undefined || capture.sessionId === input.sessionId) &&
            (input.source === undefined || capture.source === input.source),
        )
        return pageOf(own, input)
      }),
      get: os.captures.get.handler(({ input }) => found(captures.get(input.id))),
      edit: os.captures.edit.handler(({ input }) => {
        const before = found(captures.get(input.id))
        undoing.push(() => put(before))
        return put({ ...before, userText: input.userText, editedAt: new Date().toISOString() })
      }),
      delete: os.captures.delete.handler(({ input: { ids } }) => {
        remove(ids)
        undoing.push(() => {
          restore(ids)
          redoing.push(() => remove(ids))
        })
      }),
      restore: os.captures.restore.handler(({ input: { ids } }) => restore(ids)),
    },
    sessions: {
      list: os.sessions.list.handler(({ input }) => {
        const ids = [...new Set(ordered().map(({ sessionId }) => sessionId))]
        const { items, next } = pageOf(ids, input)
        return { items: items.map(sessionOf), next }
      }),
      get: os.sessions.get.handler(({ input }) => sessionOf(input.id)),
      rename: os.sessions.rename.handler(({ input }) => {
        titles.set(input.id, input.title)
        changed({ sessions: [input.id] })
        return sessionOf(input.id)
      }),
      delete: os.sessions.delete.handler(({ input: { id } }) => {
        const own = ordered().filter(({ sessionId }) => sessionId === id)
        deleted.sessions.set(id, own)
        remove(own.map((capture) => capture.id))
      }),
      restore: os.sessions.restore.handler(({ input: { id } }) =>
        restore((deleted.sessions.get(id) ?? []).map((capture) => capture.id)),
      ),
    },
    notes: {
      list: os.notes.list.handler(({ input }) =>
        pageOf(
          newest(notes.values(), ({ updatedAt }) => updatedAt),
          input,
        ),
      ),
      get: os.notes.get.handler(({ input }) => found(notes.get(input.id))),
      create: os.notes.create.handler(({ input }) => {
        const at = new Date().toISOString()
        return putNote({ id: `note-new-${++made}`, ...input, createdAt: at, updatedAt: at })
      }),
      edit: os.notes.edit.handler(({ input: { id, ...patch } }) =>
        putNote({ ...found(notes.get(id)), ...patch, updatedAt: new Date().toISOString() }),
      ),
      delete: os.notes.delete.handler(({ input: { id } }) => {
        deleted.notes.set(id, found(notes.get(id)))
        notes.delete(id)
        changed({ notes: [id] })
      }),
      restore: os.notes.restore.handler(({ input: { id } }) => void putNote(found(deleted.notes.get(id)))),
    },
    history: {
      undo: os.history.undo.handler(() => {
        const last = undoing.pop()
        last?.()
        return { done: last !== undefined }
      }),
      redo: os.history.redo.handler(() => {
        const last = redoing.pop()
        last?.()
        return { done: last !== undefined }
      }),
    },
    summaries: imitateSummaries(scenario, () => citationsOf([...captures.values()].slice(0, 3)), fail, wait),
    turns: {
      send: os.turns.send.handler(async function* ({ input, signal }) {
        await wait(60)
        const capture = put({
          id: `new-${++made}`,
          sessionId: input.sessionId ?? `new-session-${made}`,
          createdAt: new Date().toISOString(),
          editedAt: null,
          source: input.source,
          userText: input.text,
          answer: null,
          audioSha256: input.audioSha256 ?? null,
          metadata: {},
          ...pictures.named(input.pictures),
        })
        yield { type: 'started' as const, capture }
        await wait(120)
        yield* answering(capture, scenario.provider, signal)
      }),
      prepare: os.turns.prepare.handler(() => undefined),
      retry: os.turns.retry.handler(({ input, signal }) =>
        answering(found(captures.get(input.id)), input.provider ?? scenario.provider, signal),
      ),
      consent: os.turns.consent.handler(({ input }) => ({ taken: research.decide(input.id, input.decision) })),
    },
    pictures: {
      add: os.pictures.add.handler(async ({ input }) => pictures.add(input.picture)),
      inspect: os.pictures.inspect.handler(() => pictures.inspect()),
      file: os.pictures.file.handler(async ({ input }) => {
        if (attachments.isFar(input.sha256)) fail('not-found')
        return (await timelinePicture(input.sha256)) ?? pictures.file(input.sha256)
      }),
      read: os.pictures.read.handler(async ({ input }) => {
        await wait(300)
        return put(pictures.readAgain(found(captures.get(input.id)), input.sha256, input.language ?? 'eng'))
      }),
    },
    research: {
      status: os.research.status.handler(() => ({
        keys: {
          tavily: keys.has('tavily') ? ('stored' as const) : ('none' as const),
          brave: keys.has('brave') ? ('stored' as const) : ('none' as const),
        },
        cache: keptAnswers,
      })),
      setKey: os.research.setKey.handler(({ input }) => void keys.add(input.source)),
      removeKey: os.research.removeKey.handler(({ input }) => void keys.delete(input.source)),
      test: os.research.test.handler(async ({ input: { source } }) => {
        await wait(300)
        const needsKey = (source === 'tavily' || source === 'brave') && !keys.has(source)
        if (!needsKey) return { ok: true, ms: 412, found: 4, error: null }
        const error = {
          code: 'source-key-missing' as const,
          message: 'Imitated.',
          advice: '',
          params: { name: 'Tavily' },
        }
        return { ok: false, ms: 0, found: 0, error }
      }),
      clearCache: os.research.clearCache.handler(() => {
        keptAnswers = { bytes: 0, answers: 0 }
      }),
    },
    speech: {
      start: os.speech.start.handler(() => {
        const recordingId = `recording-${++made}`
        heard.set(recordingId, { samples: 0, partials: new Channel() })
        return { recordingId }
      }),
      push: os.speech.push.handler(({ input }) => {
        const recording = found(heard.get(input.recordingId))
        recording.samples += input.pcm.size / 2
        const words = TRANSCRIPT.split(' ')
        const said = Math.min(words.length, Math.floor(recording.samples / SAMPLE_RATE))
        if (said > 0) recording.partials.push({ text: words.slice(0, said).join(' ') })
      }),
      partials: os.speech.partials.handler(async function* ({ input, signal }) {
        const { partials } = found(heard.get(input.recordingId))
        signal?.addEventListener('abort', () => partials.end())
        yield* partials
      }),
      finish: os.speech.finish.handler(async ({ input }) => {
        await wait(400)
        found(heard.get(input.recordingId)).partials.end()
        if (scenario.speech.startsWith('fail:')) fail(scenario.speech.slice(5))
        return {
          text: TRANSCRIPT,
          seconds: 3,
          segments: [],
          model: 'moonshine-tiny/en',
          language: 'en',
          audioSha256: 'a'.repeat(64),
        }
      }),
      cancel: os.speech.cancel.handler(({ input }) => void heard.delete(input.recordingId)),
      transcribe: os.speech.transcribe.handler(async () => {
        await wait(300)
        return {
          text: TRANSCRIPT,
          seconds: 3,
          segments: [],
          model: 'moonshine-tiny/en',
          language: 'en',
          audioSha256: null,
        }
      }),
      speak: os.speech.speak.handler(({ input }) => tone(0.04 * input.text.length)),
      recording: os.speech.recording.handler(() => tone(3)),
    },
    recognisers: imitateRecognisers(tell),
    handsFree: imitateHandsFree(TRANSCRIPT, scenario.speech === 'unfinished'),
    longRecordings: {
      start: os.longRecordings.start.handler(() => {
        recorded = 0
        return { id: 'long' }
      }),
      push: os.longRecordings.push.handler(({ input }) => {
        recorded += input.pcm.size / 2 / 48_000
        return { seconds: recorded }
      }),
      pause: os.longRecordings.pause.handler(() => undefined),
      resume: os.longRecordings.resume.handler(() => undefined),
      finish: os.longRecordings.finish.handler(() => ({ documentIds: ['long-1'] })),
    },
    graph: imitateGraph(scenario, now, captures, undoing, () => tell({ type: 'graph' })),
    search: {
      query: os.search.query.handler(async ({ input }) => {
        searches += 1
        if (input.query === scenario.searchHangs) await new Promise(() => undefined)
        // In a race the earlier search answers last.
        await wait(scenario.searchRace ? Math.max(20, 1_000 - searches * 300) : scenario.searchMs)
        const reading = readQuery(input, ordered())
        const { words } = reading
        const { documentId, collectionId, tag, concept } = input.filters ?? {}
        const hits = (documentId || collectionId || tag ? [] : ordered())
          .filter(({ sessionId }) => !input.filters?.sessionId || sessionId === input.filters.sessionId)
          .filter(({ source }) => !input.filters?.sources || input.filters.sources.includes(source))
          .filter(({ createdAt }) => !input.filters?.from || createdAt >= input.filters.from)
          .filter(({ createdAt }) => !reading.period?.from || createdAt >= reading.period.from)
          .filter(({ userText }) => !concept || userText.toLowerCase().includes(concept.replace('concept-', '')))
          .filter(() => input.filters?.languages?.includes('en') ?? true)
          .filter(({ userText }) => words.some((word) => userText.toLowerCase().includes(word)))
          .slice(0, input.limit ?? 20)
          .map((capture, rank) => ({
            captureId: capture.id,
            kind: 'capture' as const,
            sessionId: capture.sessionId,
            chunkId: `${capture.id}-chunk`,
            field: 'userText' as const,
            start: 0,
            end: capture.userText.length,
            snippet: snippet(capture.userText, words),
            text: capture.userText,
            when: capture.createdAt,
            source: capture.source,
            heading: [],
            place: null,
            score: 1 / (rank + 1),
            relevance: input.query.includes('faintly') ? 0.1 : 0.9,
            why: {
              lexicalRank: rank + 1,
              words: words.filter((word) => capture.userText.toLowerCase().includes(word)),
              ...(scenario.semantic && { semanticRank: rank + 2, cosine: 0.71 - rank * 0.04 }),
              parts: { words: 0.5 / (rank + 1), meaning: 0.5 / (rank + 1), likeness: 0, echo: 0 },
            },
            language: 'en',
            alike: rank === 0 ? alikeTo(ordered().filter(({ id }) => id !== capture.id)) : [],
          }))
        const found = [
          ...hits,
          ...(concept || input.filters?.languages ? [] : documents.hits(words, input.filters ?? {})),
        ]
        return {
          hits: found,
          known: found.some(({ relevance }) => relevance >= 0.5),
          semantic: scenario.semantic,
          timings: { embedMs: 6.2, lexicalMs: 3.1, semanticMs: 4.4, fuseMs: 0.3 },
          understood: {
            text: input.query.trim(),
            language: null,
            terms: words,
            phrases: [],
            corrections: reading.corrections,
            period: reading.period,
            emptyPeriod: reading.emptyPeriod,
            undated: input.query.includes('before the exam') ? 'exam' : null,
            order: input.query.includes('latest') ? 'newest' : 'relevance',
          },
          ...(input.explain && { explanation: explanationOf(found) }),
        }
      }),
    },
    portable: {
      exportTo: os.portable.exportTo.handler(() => fail('bad-input')),
      exportForPage: os.portable.exportForPage.handler(() => portable.exportForPage()),
      piece: os.portable.piece.handler(({ input }) => portable.piece(input.offset)),
      receive: os.portable.receive.handler(({ input }) => portable.receive(input.path)),
      forget: os.portable.forget.handler(() => undefined),
      inspect: os.portable.inspect.handler(() => portable.inspect()),
      import: os.portable.import.handler(() => portable.import()),
      imports: os.portable.imports.handler(() => portable.imports()),
      rollBack: os.portable.rollBack.handler(({ input }) => portable.rollBack(input.id)),
    },
    ...documents.procedures,
    settings: {
      get: os.settings.get.handler(() => settings),
      set: os.settings.set.handler(({ input }) => {
        settings = { ...settings, ...input }
        changed({ settings: true })
        return settings
      }),
    },
    providers: {
      list: os.providers.list.handler(() => {
        const active =
          settings.provider === 'auto' ? (keys.has('anthropic') ? 'anthropic' : 'offline') : settings.provider
        const status = (
          provider: 'anthropic' | 'openai' | 'compatible' | 'offline',
          model: string,
          configured: boolean,
          baseUrl = '',
        ) => ({
          provider,
          configured,
          active: active === provider,
          keySource: keys.has(provider) ? ('stored' as const) : ('none' as const),
          model,
          baseUrl,
        })
        return {
          providers: [
            status('anthropic', settings.anthropicModel || 'claude-haiku-4-5', keys.has('anthropic')),
            status('openai', settings.openaiModel || 'gpt-5-mini', keys.has('openai')),
            status('compatible', settings.compatibleModel, settings.compatibleUrl !== '', settings.compatibleUrl),
            status('offline', 'tutor', true),
          ],
        }
      }),
      setKey: os.providers.setKey.handler(({ input }) => void keys.add(input.provider)),
      removeKey: os.providers.removeKey.handler(({ input }) => void keys.delete(input.provider)),
      test: os.providers.test.handler(async ({ input }) => {
        await wait(340)
        if (input.provider === 'anthropic') return { ok: true, ms: 341, model: 'claude-haiku-4-5', error: null }
        return {
          ok: false,
          ms: 120,
          model: '',
          error: {
            code: 'provider-key-refused',
            message: '',
            advice: '',
            params: { name: 'OpenAI', provider: 'openai' },
          },
        }
      }),
      models: os.providers.models.handler(() => ({
        models: ['claude-haiku-4-5', 'claude-sonnet-4-5', 'claude-opus-4-5'],
      })),
      usage: os.providers.usage.handler(() => ({
        spentUsd: 0.4137,
        budgetUsd: settings.monthlyBudgetUsd ?? 10,
        byModel: [
          { model: 'claude-haiku-4-5', inputTokens: 214_310, outputTokens: 18_702, costUsd: 0.3078, calls: 188 },
          { model: 'gpt-5-mini', inputTokens: 98_040, outputTokens: 40_690, costUsd: 0.1059, calls: 61 },
        ],
        byAgent: [
          { agent: 'conversation', inputTokens: 201_400, outputTokens: 41_020, costUsd: 0.2914, runs: 171 },
          { agent: 'synthesis', inputTokens: 61_330, outputTokens: 9_870, costUsd: 0.0702, runs: 34 },
          { agent: 'research', inputTokens: 32_900, outputTokens: 6_410, costUsd: 0.0311, runs: 29 },
        ],
      })),
    },
  })
}

function snippet(text: string, words: string[]): { text: string; marked: boolean }[] {
  const wanted = new Set(words)
  return text
    .split(/(\p{L}+)/u)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, marked: wanted.has(piece.toLowerCase()) }))
}

/** A quiet tone as a WAV file. */
function tone(seconds: number): Blob {
  const samples = Int16Array.from(
    { length: Math.ceil(seconds * SAMPLE_RATE) },
    (_, at) => Math.sin((at * 2 * Math.PI * 220) / SAMPLE_RATE) * 2_000,
  )
  const header = new DataView(new ArrayBuffer(44))
  const ascii = (at: number, letters: string) => {
    for (const [index, letter] of [...letters].entries()) header.setUint8(at + index, letter.charCodeAt(0))
  }
  ascii(0, 'RIFF')
  header.setUint32(4, 36 + samples.byteLength, true)
  ascii(8, 'WAVEfmt ')
  header.setUint32(16, 16, true)
  header.setUint16(20, 1, true)
  header.setUint16(22, 1, true)
  header.setUint32(24, SAMPLE_RATE, true)
  header.setUint32(28, SAMPLE_RATE * 2, true)
  header.setUint16(32, 2, true)
  header.setUint16(34, 16, true)
  ascii(36, 'data')
  header.setUint32(40, samples.byteLength, true)
  return new Blob([header, samples], { type: 'audio/wav' })
}
