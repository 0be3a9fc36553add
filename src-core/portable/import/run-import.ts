import { isDeepStrictEqual } from 'node:util'
import { isLvaError, LvaError, toLvaError } from '../../kernel/index.ts'
import type { BlobStore } from '../../store/index.ts'
import {
  type BroughtMemory,
  type ConceptCorrections,
  DEFAULT_SETTINGS,
  type DeliveryBatch,
  type DeliveryCounts,
  type NewCard,
  type Settings,
  type Vault,
} from '../../vault/index.ts'
import type { Source, SourceFile } from '../sources/types.ts'
import { unpackZstd } from '../sources/unpack-zstd.ts'
import type { ImportKind, ImportReport, Problem, Progress } from '../types.ts'
import { READERS } from './read-source.ts'
import type { Attachment, ImportItem } from './types.ts'

export interface ImportParts {
  vault: Pick<Vault, 'cards' | 'concepts' | 'deliveries' | 'memories' | 'settings'>
  blobs: Pick<BlobStore, 'put' | 'has'>
  /** UTF-16 code units of a text, at most. */
  longestText: number
  /** ISO 8601. */
  now: string
}

const MOST_PROBLEMS = 100
/** What one transaction takes: a note is a document of its own. */
const BATCH = { captures: 200, notes: 40, documents: 200, characters: 2_000_000 }
const LARGEST_ATTACHMENT = 2 ** 30

/** Preferences that decide where words are sent: a file must not be able to redirect them. */
const KEPT_SETTINGS: readonly (keyof Settings)[] = [
  'provider',
  'anthropicModel',
  'openaiModel',
  'compatibleUrl',
  'compatibleModel',
  'monthlyBudgetUsd',
]

/** Where an import goes: into the vault, or nowhere, to see what it would bring. */
interface Destination {
  add(batch: DeliveryBatch): Promise<DeliveryCounts>
  /** @returns the SHA-256 of the file, or null where its bytes are not read */
  attach(attachment: Attachment): Promise<string | null>
  addSettings(settings: Partial<Settings>): Promise<string[]>
  addCorrections(corrections: ConceptCorrections): Promise<number>
  /** Kept until the learner accepts them: what a file says of the learner is not the learner's word. */
  addMemory(memory: BroughtMemory): Promise<unknown>
  addCard(card: NewCard): Promise<unknown>
}

/** Reads everything and says what an import would bring. Nothing is written. */
export function inspectSource(
  parts: ImportParts,
  source: Source,
  kind: ImportKind,
  onProgress: Progress,
  signal: AbortSignal,
): Promise<ImportReport> {
  return new ImportRun(parts, source, kind, onProgress, signal).into(dryRun(parts))
}

/** Imports a source, as one delivery that can be rolled back. @returns its id and what came of it */
export async function importSource(
  parts: ImportParts,
  source: Source,
  kind: ImportKind,
  onProgress: Progress,
  signal: AbortSignal,
): Promise<ImportReport & { id: string }> {
  const { deliveries } = parts.vault
  const bytes = source.files.reduce((sum, file) => sum + file.bytes, 0)
  const id = await deliveries.begin({ kind, name: source.name, bytes })
  const report = await new ImportRun(parts, source, kind, onProgress, signal).into({
    add: (batch) => deliveries.add(id, batch),
    attach: (attachment) => keep(parts, source, attachment),
    addSettings: (settings) => deliveries.addSettings(id, settings),
    addCorrections: (corrections) => deliveries.addCorrections(id, corrections),
    addMemory: (memory) => parts.vault.memories.bring([memory]),
    addCard: (card) => parts.vault.cards.propose([card]),
  })
  await deliveries.finish(id)
  return { ...report, id }
}

class ImportRun {
  readonly #parts: ImportParts
  readonly #source: Source
  readonly #kind: ImportKind
  readonly #signal: AbortSignal
  readonly #report: ImportReport
  readonly #tell: Progress
  #read = 0
  #batch: DeliveryBatch = emptyBatch()
  #characters = 0

  constructor(parts: ImportParts, source: Source, kind: ImportKind, onProgress: Progress, signal: AbortSignal) {
    this.#parts = parts
    this.#source = source
    this.#kind = kind
    this.#signal = signal
    this.#tell = onProgress
    this.#report = {
      kind,
      name: source.name,
      counts: { sessions: 0, captures: 0, notes: 0, documents: 0, present: 0, deleted: 0 },
      attachments: 0,
      attachmentBytes: 0,
      from: null,
      to: null,
      settings: [],
      corrections: 0,
      problems: [],
      problemCount: 0,
    }
  }

  async into(destination: Destination): Promise<ImportReport> {
    const { longestText, now } = this.#parts
    for (const problem of this.#source.problems) this.#note(problem)
    const context = { source: this.#counted(), longestText, now, signal: this.#signal }
    for await (const item of READERS[this.#kind](context)) {
      this.#signal.throwIfAborted()
      await this.#take(item, destination)
    }
    await this.#flush(destination)
    return this.#report
  }

  async #take(item: ImportItem, destination: Destination): Promise<void> {
    switch (item.type) {
      case 'problem':
        this.#note(item.problem)
        return
      case 'settings':
        return this.#takeSettings(item.settings, destination)
      case 'concepts':
        this.#report.corrections += await destination.addCorrections(item.corrections)
        return
      case 'memory':
      case 'card':
        // After the captures that show them.
        await this.#flush(destination)
        return this.#takeLearner(item, destination)
      case 'session':
        this.#batch.sessions.push(item.session)
        break
      case 'capture': {
        this.#span(item.capture.createdAt)
        const { audioSha256, pictures = [] } = item.capture
        const named = [audioSha256, ...pictures.map(({ sha256 }) => sha256)]
        const own = item.attachments.filter(({ sha256 }) => sha256 !== undefined && named.includes(sha256))
        await this.#attachAll(own, destination, item.place)
        const kept = await this.#attachAll(
          item.attachments.filter((attachment) => !own.includes(attachment)),
          destination,
          item.place,
        )
        const metadata = kept.length > 0 ? { ...item.capture.metadata, attachments: kept } : item.capture.metadata
        this.#batch.captures.push({ ...item.capture, metadata })
        this.#characters += item.capture.userText.length + (item.capture.answer?.text.length ?? 0)
        break
      }
      case 'note': {
        this.#span(item.note.createdAt)
        const kept = await this.#attachAll(item.attachments, destination, item.place)
        const isNamed = item.note.metadata?.attachments !== undefined
        const note =
          kept.length > 0 && !isNamed
            ? { ...item.note, metadata: { ...item.note.metadata, attachments: kept } }
            : item.note
        this.#batch.notes.push(note)
        this.#characters += note.body.length
        break
      }
      case 'document': {
        const { document, file, place } = item
        if (!(await this.#hasBytes(document, file, destination, place))) return
        this.#span(document.createdAt)
        this.#batch.documents.push(document)
        break
      }
    }
    const { captures, notes, documents, sessions } = this.#batch
    const isFull =
      captures.length + sessions.length >= BATCH.captures ||
      notes.length >= BATCH.notes ||
      documents.length >= BATCH.documents ||
      this.#characters >= BATCH.characters
    if (isFull) await this.#flush(destination)
  }

  async #takeLearner(item: Extract<ImportItem, { type: 'memory' | 'card' }>, destination: Destination): Promise<void> {
    try {
      if (item.type === 'memory') await destination.addMemory(item.memory)
      else await destination.addCard(item.card)
    } catch (error) {
      if (!isRefusal(error)) throw error
      this.#note({ code: 'refused', place: item.type, detail: toLvaError(error).message })
    }
  }

  async #flush(destination: Destination): Promise<void> {
    const batch = this.#batch
    this.#batch = emptyBatch()
    this.#characters = 0
    if (Object.values(batch).every(({ length }) => length === 0)) return
    try {
      this.#count(await destination.add(batch))
    } catch (error) {
      if (!isRefusal(error)) throw error
      // Something in it cannot be stored: the rest must not suffer for it.
      for (const single of singles(batch)) await this.#addSingle(single, destination)
    }
  }

  async #addSingle(single: DeliveryBatch, destination: Destination): Promise<void> {
    try {
      this.#count(await destination.add(single))
    } catch (error) {
      if (!isRefusal(error)) throw error
      const { id } = single.captures[0] ?? single.notes[0] ?? single.documents[0] ?? single.sessions[0] ?? { id: '' }
      this.#note({ code: 'refused', place: id.slice(0, 128), detail: toLvaError(error).message })
    }
  }

  #count(counts: DeliveryCounts): void {
    const sum = this.#report.counts
    sum.sessions += counts.sessions
    sum.captures += counts.captures
    sum.notes += counts.notes
    sum.documents += counts.documents
    sum.present += counts.present
    sum.deleted += counts.deleted
  }

  async #takeSettings(settings: Partial<Settings>, destination: Destination): Promise<void> {
    const taken: Record<string, unknown> = { ...settings }
    const kept = KEPT_SETTINGS.filter((key) => Object.hasOwn(taken, key))
    for (const key of kept) delete taken[key]
    try {
      this.#report.settings = await destination.addSettings(taken)
    } catch (error) {
      if (!isRefusal(error)) throw error
      this.#note({ code: 'refused', place: 'settings', detail: toLvaError(error).message })
    }
  }

  async #attachAll(attachments: Attachment[], destination: Destination, place: string) {
    const kept: { name: string; sha256: string }[] = []
    for (const attachment of attachments) {
      this.#signal.throwIfAborted()
      const { file, name, sha256: wanted } = attachment
      if (file.bytes > LARGEST_ATTACHMENT) {
        this.#note({ code: 'too-large', place: file.path, detail: 'The attachment is larger than 1 GiB.' })
        continue
      }
      try {
        const sha256 = await destination.attach(attachment)
        this.#report.attachments += 1
        this.#report.attachmentBytes += file.bytes
        if (sha256 !== null && wanted !== undefined && sha256 !== wanted) {
          this.#note({ code: 'malformed', place: file.path, detail: 'The file is not the one that was exported.' })
        } else if (sha256 !== null) kept.push({ name, sha256 })
      } catch (error) {
        if (isLvaError(error, 'disk-full') || isLvaError(error, 'folder-not-writable') || this.#signal.aborted)
          throw error
        this.#note({ code: 'missing-attachment', place, detail: `The file ${file.path} cannot be read.` })
      }
    }
    return kept
  }

  /** A document is nothing without its bytes: they come along, or they are here already. */
  async #hasBytes(
    { title, sha256 }: { title: string; sha256: string },
    file: SourceFile | undefined,
    destination: Destination,
    place: string,
  ): Promise<boolean> {
    const before = this.#report.problemCount
    if (file) await this.#attachAll([{ file, name: title, sha256 }], destination, place)
    if (file && this.#report.problemCount === before) return true
    if (await this.#parts.blobs.has(sha256)) return true
    if (!file)
      this.#note({ code: 'missing-attachment', place, detail: 'The file of this document did not come along.' })
    return false
  }

  #note(problem: Problem): void {
    this.#report.problemCount += 1
    if (this.#report.problems.length < MOST_PROBLEMS) this.#report.problems.push(problem)
  }

  #span(at: string): void {
    const { from, to } = this.#report
    if (from === null || at < from) this.#report.from = at
    if (to === null || at > to) this.#report.to = at
  }

  /** The source, with a count of the bytes that were read of it. */
  #counted(): Source {
    const source = this.#source
    const total = source.files.reduce((sum, { bytes }) => sum + bytes, 0)
    const count = (bytes: number) => {
      this.#read += bytes
      this.#tell(Math.min(this.#read, total), total)
    }
    return {
      ...source,
      async *read(file) {
        for await (const piece of source.read(file)) {
          count(piece.length)
          yield piece
        }
      },
    }
  }
}

function isRefusal(error: unknown): boolean {
  return isLvaError(error, 'bad-input') || isLvaError(error, 'text-too-long') || isLvaError(error, 'text-empty')
}

function emptyBatch(): DeliveryBatch {
  return { sessions: [], captures: [], notes: [], documents: [] }
}

function* singles({ sessions, captures, notes, documents }: DeliveryBatch): Generator<DeliveryBatch> {
  for (const session of sessions) yield { ...emptyBatch(), sessions: [session] }
  for (const capture of captures) yield { ...emptyBatch(), captures: [capture] }
  for (const note of notes) yield { ...emptyBatch(), notes: [note] }
  for (const document of documents) yield { ...emptyBatch(), documents: [document] }
}

/** @throws LvaError of the store */
async function keep({ blobs }: ImportParts, source: Source, { file, sha256, packed }: Attachment): Promise<string> {
  if (sha256 !== undefined && (await blobs.has(sha256))) return sha256
  return blobs.put(packed ? unpackZstd(source.read(file), LARGEST_ATTACHMENT) : source.read(file))
}

function dryRun({ vault, longestText }: ImportParts): Destination {
  return {
    async add({ sessions, captures, notes, documents }) {
      for (const { userText } of captures) if (userText.length > longestText) throw tooLong(userText, longestText)
      for (const { body } of notes) if (body.length > longestText) throw tooLong(body, longestText)
      const known = await vault.deliveries.known({
        sessions: sessions.map(({ id }) => id),
        captures: captures.map(({ id }) => id),
        notes: notes.map(({ id }) => id),
        documents,
      })
      const isNew = ({ id }: { id: string }) => !known.present.has(id) && !known.deleted.has(id)
      return {
        sessions: sessions.filter(({ id }) => !known.sessions.has(id)).length,
        captures: captures.filter(isNew).length,
        notes: notes.filter(isNew).length,
        documents: documents.filter(isNew).length,
        present: known.present.size,
        deleted: known.deleted.size,
      }
    },
    attach: async () => null,
    addMemory: async () => undefined,
    addCard: async () => undefined,
    async addCorrections({ names, terms, hidden, links }) {
      const current = await vault.concepts.corrections()
      const linked = new Set(current.links.map(({ fromId, toId, kind }) => `${fromId}/${toId}/${kind}`))
      return (
        [...names.keys()].filter((key) => !current.names.has(key)).length +
        [...terms.keys()].filter((key) => !current.terms.has(key)).length +
        [...hidden].filter((key) => !current.hidden.has(key)).length +
        links.filter(({ fromId, toId, kind }) => !linked.has(`${fromId}/${toId}/${kind}`)).length
      )
    },
    async addSettings(settings) {
      const current: Record<string, unknown> = { ...(await vault.settings.get()) }
      const defaults: Record<string, unknown> = { ...DEFAULT_SETTINGS }
      return Object.entries(settings)
        .filter(
          ([key, value]) =>
            Object.hasOwn(defaults, key) &&
            isDeepStrictEqual(current[key], defaults[key]) &&
            !isDeepStrictEqual(value, current[key]),
        )
        .map(([key]) => key)
    },
  }
}

/** What the vault says of such a text. */
function tooLong({ length }: string, limit: number): LvaError {
  return new LvaError('text-too-long', `The text has ${length} characters; the most is ${limit}.`, {
    advice: 'Split it into shorter pieces.',
    params: { length, limit },
  })
}
