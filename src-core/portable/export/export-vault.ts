import { dirname } from 'node:path'
import { type Clock, isLvaError } from '../../kernel/index.ts'
import { type BlobStore, withFileErrors } from '../../store/index.ts'
import type { Capture, Citation, Session, Vault } from '../../vault/index.ts'
import { CSV_HEAD, csvRow } from '../formats/csv.ts'
import { endLine, headerLine, itemLine } from '../formats/json-lines.ts'
import * as markdown from '../formats/markdown.ts'
import { FORMAT, type VaultItem } from '../records.ts'
import type { ExportFilter, ExportFormat, ExportResult, Packing, Progress } from '../types.ts'
import { noteFileName, sessionFileName } from './file-names.ts'
import { countItems, isCaptureWithin, isDocumentWithin, isNoteWithin, readVault } from './read-vault.ts'
import { openSink, type Sink } from './sink.ts'

export interface ExportParts {
  vault: Vault
  blobs: Pick<BlobStore, 'get' | 'has'>
  clock: Clock
}

export interface ExportOrder {
  format: ExportFormat
  packing: Packing
  filter: ExportFilter
  /** Absolute path. */
  target: string
}

/** Progress is told after so many captures, notes and documents. */
const TELL_EVERY = 50

/**
 * Writes what the filter leaves to the target (docs/export.md §1).
 * @throws LvaError bad-input when something is there already, disk-full, folder-not-writable; AbortError. Nothing is left then
 */
export async function exportVault(
  parts: ExportParts,
  order: ExportOrder,
  onProgress: Progress,
  signal: AbortSignal,
): Promise<ExportResult> {
  const total = await countItems(parts.vault, order.filter)
  onProgress(0, total)
  return withFileErrors(dirname(order.target), () => writeExport(parts, order, total, onProgress, signal))
}

async function writeExport(
  parts: ExportParts,
  order: ExportOrder,
  total: number,
  onProgress: Progress,
  signal: AbortSignal,
): Promise<ExportResult> {
  const sink = await openSink(order.target, order.packing)
  const run = new ExportRun(parts, order.filter, sink, signal, (done) => onProgress(done, Math.max(total, done)))
  try {
    if (order.format === 'markdown') await run.markdown()
    else if (order.format === 'csv') await run.lines(`${FORMAT}.csv`, CSV_HEAD, csvRow, () => '')
    else {
      const head = headerLine(run.at.toISOString(), { ...order.filter })
      await run.lines(`${FORMAT}.jsonl`, head, itemLine, endLine)
    }
    signal.throwIfAborted()
    await sink.finish()
  } catch (error) {
    await sink.abort()
    throw error
  }
  return { path: order.target, ...run.counts }
}

class ExportRun {
  readonly at: Date
  readonly counts = { sessions: 0, captures: 0, notes: 0, documents: 0, attachments: 0, missing: 0 }
  readonly #parts: ExportParts
  readonly #filter: ExportFilter
  readonly #sink: Sink
  readonly #signal: AbortSignal
  readonly #tell: (done: number) => void
  /** Names of recordings and attachments that are to be written. */
  readonly #attachments = new Map<string, string>()

  constructor(parts: ExportParts, filter: ExportFilter, sink: Sink, signal: AbortSignal, tell: (done: number) => void) {
    this.#parts = parts
    this.#filter = filter
    this.#sink = sink
    this.#signal = signal
    this.#tell = tell
    this.at = new Date(parts.clock.now())
  }

  /** One file of lines, then the attachments. */
  async lines(
    name: string,
    head: string,
    lineOf: (item: VaultItem) => string | null,
    endOf: (counts: { sessions: number; captures: number; notes: number; documents: number }) => string,
  ): Promise<void> {
    const write = async function* (this: ExportRun) {
      yield head
      for await (const item of this.#items()) {
        const line = lineOf(item)
        if (line !== null) yield line
      }
      const { sessions, captures, notes, documents } = this.counts
      const end = endOf({ sessions, captures, notes, documents })
      if (end !== '') yield end
    }
    await this.#sink.write(name, write.call(this), this.at)
    await this.#writeAttachments()
  }

  /** A file for each session, note and document, then the attachments. */
  async markdown(): Promise<void> {
    const {
      ABOUT_FILE,
      aboutText,
      documentPath,
      documentText,
      LEARNER_FILE,
      learnerText,
      notePath,
      noteText,
      sessionPath,
    } = markdown
    await this.#sink.write(ABOUT_FILE, [aboutText(this.at.toISOString())], this.at)
    const items = this.#items()
    let next = await items.next()
    while (!next.done) {
      const item = next.value
      if (item.type === 'session') {
        const { session } = item
        const state = { next: await items.next() }
        await this.#sink.write(sessionPath(session), this.#sessionPieces(session, items, state), this.at)
        next = state.next
      } else {
        if (item.type === 'note') await this.#sink.write(notePath(item.note), [noteText(item.note)], this.at)
        if (item.type === 'document') {
          await this.#sink.write(documentPath(item.document), [documentText(item.document, item.collections)], this.at)
        }
        if (item.type === 'learner') {
          const text = learnerText(item)
          if (text !== null) await this.#sink.write(LEARNER_FILE, [text], this.at)
        }
        next = await items.next()
      }
    }
    await this.#writeAttachments()
  }

  async *#sessionPieces(
    session: Session,
    items: AsyncGenerator<VaultItem>,
    state: { next: IteratorResult<VaultItem> },
  ): AsyncGenerator<string> {
    yield markdown.sessionHead(session)
    while (!state.next.done && state.next.value.type === 'capture') {
      const { capture } = state.next.value
      yield markdown.captureText(capture, await this.#linksOf(capture))
      state.next = await items.next()
    }
  }

  async *#items(): AsyncGenerator<VaultItem> {
    let done = 0
    for await (const item of readVault(this.#parts.vault, this.#filter)) {
      this.#signal.throwIfAborted()
      if (item.type === 'session') this.counts.sessions += 1
      else if (item.type === 'capture') {
        this.counts.captures += 1
        const { audioSha256, pictures } = item.capture
        if (audioSha256) this.#attachments.set(audioSha256, `${audioSha256}.wav`)
        for (const picture of pictures ?? []) this.#attachments.set(picture.sha256, markdown.pictureFile(picture))
      } else if (item.type === 'note') {
        this.counts.notes += 1
        for (const { name, sha256 } of markdown.attachmentsOf(item.note)) {
          this.#attachments.set(sha256, markdown.attachmentName(name, sha256))
        }
      } else if (item.type === 'document') {
        this.counts.documents += 1
        this.#attachments.set(item.document.sha256, markdown.documentFile(item.document))
      }
      if (item.type === 'capture' || item.type === 'note' || item.type === 'document') {
        done += 1
        if (done % TELL_EVERY === 0) this.#tell(done)
      }
      yield item
    }
    this.#tell(done)
  }

  async #linksOf(capture: Capture): Promise<Map<number, markdown.LinkTarget>> {
    const links = new Map<number, markdown.LinkTarget>()
    for (const { number, captureId, kind, text } of capture.answer?.citations ?? []) {
      const target = await this.#targetOf(kind, captureId)
      if (target) links.set(number, { ...target, words: text })
    }
    return links
  }

  #targetOf(kind: Citation['kind'], id: string) {
    if (kind === 'note') return this.#noteLink(id)
    return kind === 'document' ? this.#documentLink(id) : this.#captureLink(id)
  }

  async #captureLink(id: string) {
    const { captures, sessions } = this.#parts.vault
    const capture = await captures.get(id).catch(nothing)
    if (!capture || !isCaptureWithin(this.#filter, capture)) return null
    const session = await sessions.get(capture.sessionId).catch(nothing)
    return session && { file: sessionFileName(session), block: markdown.blockOf(id) }
  }

  async #noteLink(id: string) {
    const note = await this.#parts.vault.notes.get(id).catch(nothing)
    return note && isNoteWithin(this.#filter, note) ? { file: noteFileName(note), block: null } : null
  }

  async #documentLink(id: string) {
    const document = await this.#parts.vault.library.get(id).catch(nothing)
    if (!document || !isDocumentWithin(this.#filter, document)) return null
    return { file: noteFileName(document), block: null }
  }

  async #writeAttachments(): Promise<void> {
    if (!this.#sink.holdsAttachments) return
    const { blobs } = this.#parts
    for (const [sha256, name] of this.#attachments) {
      this.#signal.throwIfAborted()
      if (await blobs.has(sha256)) {
        await this.#sink.write(`attachments/${name}`, [await blobs.get(sha256)], this.at)
        this.counts.attachments += 1
      } else this.counts.missing += 1
    }
  }
}

/** What a citation names may have been deleted since; then there is nothing to link to. */
function nothing(error: unknown): null {
  if (isLvaError(error, 'not-found')) return null
  throw error
}
