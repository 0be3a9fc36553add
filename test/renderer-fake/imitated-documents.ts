import { implement } from '@orpc/server'
import {
  type AppEvent,
  contract,
  type DocumentBlock,
  type DocumentEvent,
  type LearnerDocument,
  type RefusedFile,
  type SearchHit,
  type SearchRequest,
  type WatchedFolder,
} from '../../src-core/contract/index.ts'
import type { ClientContext } from '../../src-core/contract/server/index.ts'
import { Channel, type ErrorCode, LvaError } from '../../src-core/kernel/index.ts'
import type { Scenario } from './scenario.ts'

const DAY = 86_400_000
const READING_STEPS = 8
const SAID_OF_SOFTMAX = 'Softmax turns scores into shares that sum to one.'

interface Stored {
  document: LearnerDocument
  blocks: DocumentBlock[]
  bytes: Blob
}

/** Documents, collections and watched folders, imitated: what is added is "read" in a few steps, files named `broken…` or `locked…` cannot be, and those named `refused…` are not taken. */
export function imitateDocuments(
  scenario: Scenario,
  changed: (what: Partial<Extract<AppEvent, { type: 'vault' }>>) => void,
  sound: (seconds: number) => Blob,
) {
  const os = implement(contract).$context<ClientContext>()
  const stored = new Map<string, Stored>()
  const deleted = new Map<string, Stored>()
  const collections = new Map<string, { id: string; name: string; createdAt: string }>()
  const folders = new Map<string, WatchedFolder>()
  const listeners = new Set<Channel<DocumentEvent>>()
  let isPaused = false
  let made = 0

  const fail = (code: string): never => {
    throw new LvaError(code as ErrorCode, `Imitated: ${code}.`, { advice: 'This is an imitation.' })
  }
  const found = <T>(value: T | undefined): T => value ?? fail('not-found')
  const all = () => [...stored.values()].map(({ document }) => document)
  const queue = () => ({
    pending: all().filter(({ state }) => state === 'waiting' || state === 'reading').length,
    failed: all().filter(({ state }) => state === 'failed').length,
    paused: isPaused,
  })
  const tell = (event: DocumentEvent) => {
    for (const listener of listeners) listener.push(event)
  }
  const put = (id: string, change: Partial<LearnerDocument>) => {
    const one = stored.get(id)
    if (!one) return
    one.document = { ...one.document, ...change }
    tell({ type: 'changed', document: one.document })
    tell({ type: 'queue', queue: queue() })
  }
  const remember = (
    name: string,
    format: string,
    blocks: DocumentBlock[],
    bytes: Blob,
    more: Partial<LearnerDocument> = {},
  ) => {
    const id = `document-${++made}`
    const at = new Date().toISOString()
    const document: LearnerDocument = {
      id,
      title: name,
      format,
      size: bytes.size,
      sha256: made.toString(16).padStart(64, '0'),
      origins: [{ kind: 'file', name, address: null, at }],
      collections: [],
      tags: [],
      createdAt: at,
      updatedAt: at,
      missingAt: null,
      sound: null,
      keepsSound: false,
      state: 'ready',
      error: null,
      progress: null,
      pages: null,
      characters: blocks.at(-1)?.end ?? 0,
      ...more,
    }
    stored.set(id, { document, blocks, bytes })
    return document
  }
  /** One after the other, as the core does. */
  const read = async () => {
    const next = all().find(({ state }) => state === 'waiting')
    if (!next || isPaused || all().some(({ state }) => state === 'reading')) return
    put(next.id, { state: 'reading', progress: null })
    for (let done = 0; done <= READING_STEPS; done += 1) {
      await new Promise((resolve) => setTimeout(resolve, scenario.readMs / READING_STEPS))
      if (stored.get(next.id)?.document.state !== 'reading') return void read()
      put(next.id, { progress: { done, total: READING_STEPS } })
    }
    const code = /^broken/.test(next.title) ? scenario.brokenAs : null
    put(next.id, code ? { state: 'failed', error: { code: code as ErrorCode, params: {} } } : { state: 'ready' })
    changed({ documents: [next.id] })
    void read()
  }
  const add = (name: string, format: string, text: string, bytes: Blob, more: Partial<LearnerDocument> = {}) => {
    const document = remember(name, format, blocksOf(text.split(/\n{2,}/).map((part) => ({ text: part }))), bytes, {
      state: 'waiting',
      ...more,
    })
    tell({ type: 'changed', document })
    tell({ type: 'queue', queue: queue() })
    changed({ documents: [document.id] })
    void read()
    return { document, isNew: true }
  }
  const relabel = (
    ids: readonly string[],
    field: 'tags' | 'collections',
    change: { add?: readonly string[]; remove?: readonly string[] },
  ) => {
    for (const id of ids) {
      const { document } = found(stored.get(id))
      const kept = document[field].filter((label) => !change.remove?.includes(label))
      put(id, { [field]: [...new Set([...kept, ...(change.add ?? [])])].sort() })
    }
    changed({ documents: [...ids] })
  }
  const collectionOf = ({ id, name, createdAt }: { id: string; name: string; createdAt: string }) => ({
    id,
    name,
    createdAt,
    documents: all().filter((document) => document.collections.includes(id)).length,
  })

  if (!scenario.isEmpty) seed(remember, collections, folders, sound)
  for (let more = 0; more < scenario.documents; more += 1) {
    const createdAt = new Date(Date.now() - 10 * DAY - more * 60_000).toISOString()
    remember(`Lecture ${more}`, 'pdf', [], new Blob(['%PDF']), { createdAt, updatedAt: createdAt, pages: 12 })
  }

  const procedures = {
    documents: {
      add: os.documents.add.handler(async ({ input }) =>
        add(input.name, formatOf(input.name), await input.file.text(), input.file),
      ),
      addMany: os.documents.addMany.handler(async ({ input }) => ({
        results: await Promise.all(
          input.files.map(async ({ file, name }) =>
            name.startsWith('refused')
              ? { error: { code: 'document-empty' as const, params: {} } }
              : add(name, formatOf(name), await file.text(), file),
          ),
        ),
      })),
      addAddress: os.documents.addAddress.handler(({ input }) => {
        if (scenario.offline) fail('network-down')
        const at = new Date().toISOString()
        return add(input.address, 'html', SAID_OF_SOFTMAX, new Blob([SAID_OF_SOFTMAX]), {
          origins: [{ kind: 'address', name: input.address, address: input.address, at }],
        })
      }),
      addText: os.documents.addText.handler(({ input }) =>
        add(input.title ?? input.text.slice(0, 60), 'text', input.text, new Blob([input.text])),
      ),
      list: os.documents.list.handler(({ input }) => {
        const items = all()
          .filter(({ state }) => !input.states || input.states.includes(state))
          .filter(({ tags }) => !input.tag || tags.includes(input.tag))
          .filter((document) => !input.collectionId || document.collections.includes(input.collectionId))
          .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
        const from = Number(input.cursor ?? 0)
        const end = from + input.limit
        return { items: items.slice(from, end), next: end < items.length ? String(end) : null }
      }),
      get: os.documents.get.handler(({ input }) => found(stored.get(input.id)).document),
      getMany: os.documents.getMany.handler(({ input }) => ({
        items: input.ids.flatMap((id) => stored.get(id)?.document ?? []),
      })),
      text: os.documents.text.handler(({ input }) => {
        const { blocks } = found(stored.get(input.id))
        const from = input.from ?? 0
        return { blocks: blocks.slice(from, from + input.limit), from, total: blocks.length }
      }),
      file: os.documents.file.handler(({ input }) => found(stored.get(input.id)).bytes),
      rename: os.documents.rename.handler(({ input }) => {
        put(input.id, { title: input.title })
        changed({ documents: [input.id] })
        return found(stored.get(input.id)).document
      }),
      keepSound: os.documents.keepSound.handler(({ input }) => {
        put(input.id, { keepsSound: input.keeps })
        changed({ documents: [input.id] })
        return found(stored.get(input.id)).document
      }),
      setTags: os.documents.setTags.handler(({ input }) => relabel(input.ids, 'tags', input)),
      setCollections: os.documents.setCollections.handler(({ input }) => relabel(input.ids, 'collections', input)),
      delete: os.documents.delete.handler(({ input: { ids } }) => {
        for (const id of ids) {
          const one = stored.get(id)
          if (one) deleted.set(id, one)
          stored.delete(id)
        }
        tell({ type: 'queue', queue: queue() })
        changed({ documents: [...ids] })
      }),
      restore: os.documents.restore.handler(({ input: { ids } }) => {
        for (const id of ids) {
          const one = deleted.get(id)
          if (one) stored.set(id, one)
        }
        tell({ type: 'queue', queue: queue() })
        changed({ documents: [...ids] })
      }),
      tags: os.documents.tags.handler(() => {
        const counts = new Map<string, number>()
        for (const { tags } of all()) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
        return { tags: [...counts].sort().map(([tag, documents]) => ({ tag, documents })) }
      }),
      events: os.documents.events.handler(async function* ({ signal }) {
        const channel = new Channel<DocumentEvent>()
        listeners.add(channel)
        signal?.addEventListener('abort', () => channel.end())
        yield { type: 'queue', queue: queue() }
        try {
          yield* channel
        } finally {
          listeners.delete(channel)
        }
      }),
      queue: os.documents.queue.handler(() => queue()),
      pause: os.documents.pause.handler(() => {
        isPaused = true
        tell({ type: 'queue', queue: queue() })
        return queue()
      }),
      resume: os.documents.resume.handler(() => {
        isPaused = false
        tell({ type: 'queue', queue: queue() })
        void read()
        return queue()
      }),
      cancel: os.documents.cancel.handler(({ input: { ids } }) => {
        for (const { id, state } of all())
          if (ids.includes(id) && (state === 'waiting' || state === 'reading')) put(id, { state: 'cancelled' })
      }),
      retry: os.documents.retry.handler(({ input }) => {
        for (const id of input.ids) {
          const { document } = found(stored.get(id))
          // Any password opens a locked file.
          put(id, {
            state: 'waiting',
            error: null,
            ...(input.password && { title: document.title.replace(/^broken/, 'opened') }),
          })
        }
        void read()
      }),
      transcripts: os.documents.transcripts.handler(() => ({
        present: { heardBy: 'moonshine-tiny/en', readAt: new Date().toISOString() },
        earlier: null,
      })),
      exchangeTranscripts: os.documents.exchangeTranscripts.handler(
        ({ input }) => found(stored.get(input.id)).document,
      ),
    },
    collections: {
      list: os.collections.list.handler(() => ({ collections: [...collections.values()].map(collectionOf) })),
      create: os.collections.create.handler(({ input }) => {
        const made = { id: `collection-${collections.size + 1}`, name: input.name, createdAt: new Date().toISOString() }
        collections.set(made.id, made)
        changed({ collections: true })
        return collectionOf(made)
      }),
      rename: os.collections.rename.handler(({ input }) => {
        const renamed = { ...found(collections.get(input.id)), name: input.name }
        collections.set(input.id, renamed)
        changed({ collections: true })
        return collectionOf(renamed)
      }),
      delete: os.collections.delete.handler(({ input }) => {
        collections.delete(input.id)
        changed({ collections: true })
      }),
      restore: os.collections.restore.handler(() => undefined),
    },
    folders: {
      list: os.folders.list.handler(() => ({ folders: [...folders.values()] })),
      add: os.folders.add.handler(({ input }) => {
        if (!input.path.startsWith('/')) fail('not-found')
        const folder: WatchedFolder = {
          id: `folder-${folders.size + 1}`,
          path: input.path,
          collectionId: input.collectionId ?? null,
          createdAt: new Date().toISOString(),
          files: 0,
          refused: 0,
          missing: 0,
          state: 'scanning',
        }
        folders.set(folder.id, folder)
        return folder
      }),
      scan: os.folders.scan.handler(({ input }) => found(folders.get(input.id))),
      refused: os.folders.refused.handler(() => {
        const files: RefusedFile[] = [
          { path: 'Old/lecture 3.ppt', error: { code: 'document-not-supported', params: {} } },
          { path: 'recordings/whole day.wav', error: { code: 'document-too-large', params: { limit: 50 } } },
        ]
        return { files }
      }),
      remove: os.folders.remove.handler(({ input }) => void folders.delete(input.id)),
    },
  }

  /** The blocks that hold a word, as search finds them. */
  const hits = (words: readonly string[], filters: NonNullable<SearchRequest['filters']>): SearchHit[] =>
    filters.sources && !filters.sources.includes('document')
      ? []
      : [...stored.values()]
          .filter(({ document }) => !filters.from || document.createdAt >= filters.from)
          .filter(({ document }) => !filters.documentId || document.id === filters.documentId)
          .filter(({ document }) => !filters.collectionId || document.collections.includes(filters.collectionId))
          .filter(({ document }) => !filters.tag || document.tags.includes(filters.tag))
          .flatMap(({ document, blocks }) =>
            blocks
              .filter(({ text }) => words.some((word) => text.toLowerCase().includes(word)))
              .slice(0, 2)
              .map((block, rank) => ({
                captureId: document.id,
                kind: 'document' as const,
                sessionId: null,
                chunkId: `${document.id}-${block.start}`,
                field: 'documentText' as const,
                start: block.start,
                end: block.end,
                snippet: [{ text: block.text, marked: false }],
                text: block.text,
                when: document.createdAt,
                source: 'document' as const,
                heading: [document.title],
                place: block.place,
                score: 0.5 / (rank + 1),
                relevance: words.includes('faintly') ? 0.1 : 0.8,
                language: null,
                alike: [],
                why: {
                  lexicalRank: rank + 4,
                  parts: { words: 0.5, meaning: 0, likeness: 0, echo: 0 },
                  words: words.filter((word) => block.text.toLowerCase().includes(word)),
                },
              })),
          )
  return { procedures, hits }
}

function formatOf(name: string): string {
  const ending = name.split('.').at(-1) ?? ''
  return { md: 'markdown', txt: 'text', wav: 'audio', png: 'image' }[ending] ?? (ending || 'unknown')
}

/** Blocks in order, with the places that they have in the text of all of them. */
function blocksOf(parts: readonly (Partial<DocumentBlock> & { text: string })[]): DocumentBlock[] {
  let start = 0
  return parts.map((part) => {
    const block: DocumentBlock = { kind: 'paragraph', place: null, ...part, start, end: start + part.text.length }
    start = block.end + 2
    return block
  })
}

/** A few documents of each shape: pages, slides, a table, a sound, one that failed, one whose file is gone. */
function seed(
  remember: (
    name: string,
    format: string,
    blocks: DocumentBlock[],
    bytes: Blob,
    more?: Partial<LearnerDocument>,
  ) => LearnerDocument,
  collections: Map<string, { id: string; name: string; createdAt: string }>,
  folders: Map<string, WatchedFolder>,
  sound: (seconds: number) => Blob,
): void {
  const at = (days: number) => {
    const createdAt = new Date(Date.now() - days * DAY).toISOString()
    return { createdAt, updatedAt: createdAt }
  }
  collections.set('collection-1', { id: 'collection-1', name: 'Machine learning', ...at(9) })
  collections.set('collection-2', { id: 'collection-2', name: 'Biology, second term', ...at(8) })
  remember(
    'Attention, explained slowly',
    'pdf',
    blocksOf([
      { kind: 'heading', level: 1, text: 'Attention', place: { page: 1 } },
      {
        text: 'Every token asks a question, the query, and every token offers a key. Where they fit, the value is taken over.',
        place: { page: 1 },
      },
      { kind: 'list', level: 1, text: '• The query asks.', place: { page: 1 } },
      { kind: 'list', level: 1, text: '• The key answers.', place: { page: 1 } },
      { kind: 'heading', level: 2, text: 'Softmax', place: { page: 2 } },
      { text: `${SAID_OF_SOFTMAX} Large scores win quickly, because it is exponential.`, place: { page: 2 } },
      { kind: 'table', text: 'score | share\n1 | 0.09\n2 | 0.24\n3 | 0.67', place: { page: 2 } },
      ...Array.from({ length: 120 }, (_, line) => ({
        text: `Remark ${line + 1}: a head makes one weighted average at each place, and several heads look at different things.`,
        place: { page: 3 + Math.floor(line / 12) },
      })),
      { kind: 'code' as const, text: 'scores = q @ k.T / sqrt(d)\nweights = softmax(scores)', place: { page: 13 } },
    ]),
    new Blob(['%PDF-1.7']),
    { ...at(1), pages: 13, size: 482_113, collections: ['collection-1'], tags: ['exam', 'transformers'] },
  )
  remember(
    'Photosynthesis.pptx',
    'pptx',
    blocksOf([
      { kind: 'heading', level: 1, text: 'Light reactions', place: { slide: 1 } },
      { text: 'Photosystem II splits water; the oxygen leaves the leaf.', place: { slide: 1 } },
      { kind: 'heading', level: 1, text: 'Calvin cycle', place: { slide: 2 } },
      { text: 'Carbon dioxide becomes sugar.', place: { slide: 2 } },
    ]),
    new Blob(['PK']),
    { ...at(2), pages: 2, size: 1_204_331, collections: ['collection-2'] },
  )
  remember(
    'Lecture on base rates',
    'audio',
    blocksOf([
      { text: 'A test can be very accurate and still be wrong most of the time.', place: { second: 0, endSecond: 6 } },
      { text: 'It depends on how rare the disease is: the base rate decides.', place: { second: 6, endSecond: 12 } },
    ]),
    sound(12),
    { ...at(2.2), size: 384_044 },
  )
  remember('Old script.docx', 'docx', [], new Blob(['PK']), {
    ...at(3),
    size: 93_000,
    missingAt: at(0.5).createdAt,
    pages: null,
  })
  folders.set('folder-1', {
    id: 'folder-1',
    path: '/home/ada/University/Scripts',
    collectionId: 'collection-1',
    ...at(4),
    files: 41,
    refused: 2,
    missing: 1,
    state: 'watching',
  })
}
